package io.github.gpfm.slideio;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;

/** Which file names are a slide's or a picture's. */
public final class SlideExtensions {
  private static final Set<String> SLIDES =
      Set.of(
          "svs", "svslide", "tif", "tiff", "tf2", "tf8", "btf", "gtif", "ndpi", "vms", "vmu",
          "mrxs", "scn", "bif", "vsi", "czi", "dcm", "dicom", "qptiff", "isyntax", "lif");

  private static final Set<String> PICTURES =
      Set.of("png", "jpg", "jpeg", "jp2", "j2k", "jpx", "bmp", "gif", "webp");

  private SlideExtensions() {}

  /** Whether a name ends as slides and pictures do. */
  public static boolean isSlideOrPicture(String fileName) {
    String extension = of(fileName);
    return SLIDES.contains(extension) || PICTURES.contains(extension);
  }

  /** Whether a file ends as slides do that are not DICOM, and is not hidden. */
  static boolean isOtherSlide(Path file) {
    String name = file.getFileName().toString();
    String extension = of(name);
    boolean dicom = extension.equals("dcm") || extension.equals("dicom");
    return !name.startsWith(".") && SLIDES.contains(extension) && !dicom;
  }

  /** What stands behind the last dot, in lower case; empty for a name without, or hidden. */
  public static String of(String fileName) {
    int dot = fileName.lastIndexOf('.');
    return dot > 0 ? fileName.substring(dot + 1).toLowerCase(Locale.ROOT) : "";
  }
}
