package io.github.gpfm.slideio.internal.dicom;

import java.util.Map;

/** Transfer syntaxes that change how elements are parsed, and names of those that are not read. */
final class TransferSyntax {
  static final String IMPLICIT = "1.2.840.10008.1.2";

  /** All elements behind the file meta information are deflated. */
  static final String DEFLATED = "1.2.840.10008.1.2.1.99";

  /** Each frame is deflated. */
  static final String DEFLATED_FRAMES = "1.2.840.10008.1.2.8.1";

  private static final String BIG_ENDIAN = "1.2.840.10008.1.2.2";

  private static final Map<String, String> NAMES =
      Map.ofEntries(
          Map.entry(BIG_ENDIAN, "explicit big endian"),
          Map.entry("1.2.840.10008.1.2.4.57", "lossless JPEG"),
          Map.entry("1.2.840.10008.1.2.4.70", "lossless JPEG"),
          Map.entry("1.2.840.10008.1.2.4.80", "JPEG-LS"),
          Map.entry("1.2.840.10008.1.2.4.81", "near-lossless JPEG-LS"),
          Map.entry("1.2.840.10008.1.2.4.92", "JPEG 2000 multi-component"),
          Map.entry("1.2.840.10008.1.2.4.93", "JPEG 2000 multi-component"),
          Map.entry("1.2.840.10008.1.2.4.110", "JPEG XL"),
          Map.entry("1.2.840.10008.1.2.4.111", "JPEG XL"),
          Map.entry("1.2.840.10008.1.2.4.112", "JPEG XL"),
          Map.entry("1.2.840.10008.1.2.4.201", "lossless HTJ2K"),
          Map.entry("1.2.840.10008.1.2.4.202", "lossless HTJ2K"),
          Map.entry("1.2.840.10008.1.2.4.203", "HTJ2K"));

  private TransferSyntax() {}

  /** Whether not even the elements behind the file meta information can be read. */
  static boolean unreadable(String uid) {
    return uid.equals(BIG_ENDIAN);
  }

  /** Why a file of this syntax is not read, as a clause. */
  static String refusal(String uid) {
    String name = NAMES.get(uid);
    return "the DICOM transfer syntax "
        + (uid.isEmpty() ? "is not stated" : uid + (name == null ? "" : " (" + name + ")"))
        + (uid.isEmpty() ? "" : " is not supported");
  }
}
