package io.github.gpfm.slideio.bioformats.internal;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Turns Bio-Formats' names of formats into OpenSlide's names of vendors. */
final class Vendors {
  /** The format name of Bio-Formats' general TIFF readers. */
  static final String PLAIN_TIFF = "Tagged Image File Format";

  /** What a format's name contains, in lower case, and the vendor. */
  private static final Map<String, String> BY_WORD = new LinkedHashMap<>();

  static {
    BY_WORD.put("aperio", "aperio");
    BY_WORD.put("hamamatsu", "hamamatsu");
    BY_WORD.put("leica", "leica");
    BY_WORD.put("ventana", "ventana");
    BY_WORD.put("zeiss", "zeiss");
    BY_WORD.put("philips", "philips");
    BY_WORD.put("trestle", "trestle");
    BY_WORD.put("mirax", "mirax");
    BY_WORD.put("3dhistech", "mirax");
    BY_WORD.put("cellsens", "olympus");
    BY_WORD.put("olympus", "olympus");
    BY_WORD.put("dicom", "dicom");
    BY_WORD.put("tagged image file format", "generic-tiff");
  }

  private Vendors() {}

  /**
   * @param format {@code getFormat()} of the reader
   * @return OpenSlide's name, or the format's own in lower case with dashes
   */
  static String of(String format) {
    String lower = format.toLowerCase(Locale.ROOT);
    return BY_WORD.entrySet().stream()
        .filter(entry -> lower.contains(entry.getKey()))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElseGet(() -> lower.replaceAll("[^\\p{Alnum}]+", "-").replaceAll("^-|-$", ""));
  }
}
