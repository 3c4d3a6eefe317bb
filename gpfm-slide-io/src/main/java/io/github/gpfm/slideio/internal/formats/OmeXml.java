package io.github.gpfm.slideio.internal.formats;

import io.github.gpfm.api.MppSource;
import io.github.gpfm.slideio.internal.builtin.Numbers;
import io.github.gpfm.slideio.spi.MppEvidence;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.w3c.dom.Element;

/**
 * The OME-XML of an OME-TIFF: its images, which file each lies in, and their physical sizes.
 *
 * @param root the OME element
 * @param images the Image elements that have Pixels, in order
 */
public record OmeXml(Element root, List<Image> images) {
  private static final Map<String, Double> MICROMETRES =
      Map.ofEntries(
          Map.entry("m", 1e6),
          Map.entry("cm", 1e4),
          Map.entry("mm", 1e3),
          Map.entry("\u00b5m", 1.0),
          Map.entry("\u03bcm", 1.0),
          Map.entry("um", 1.0),
          Map.entry("micron", 1.0),
          Map.entry("nm", 1e-3),
          Map.entry("pm", 1e-6),
          Map.entry("\u00c5", 1e-4),
          Map.entry("in", 25_400.0));

  /**
   * One image.
   *
   * @param name as stated, may be empty
   * @param pixels its Pixels element
   * @param data its TiffData elements
   */
  public record Image(String name, Element pixels, List<Element> data) {
    /** µm per pixel along a row, 0 when not stated. */
    public double mppX() {
      return micrometres("PhysicalSizeX");
    }

    /** µm per pixel along a column, 0 when not stated. */
    public double mppY() {
      return micrometres("PhysicalSizeY");
    }

    /** Whether it states these pixels. */
    boolean sized(long width, long height) {
      return pixels.getAttribute("SizeX").equals(Long.toString(width))
          && pixels.getAttribute("SizeY").equals(Long.toString(height));
    }

    /** The first directory that it names. */
    OptionalInt directory() {
      if (data.isEmpty() || data.get(0).getAttribute("IFD").isEmpty()) {
        return OptionalInt.empty();
      }
      double ifd = Numbers.parse(data.get(0).getAttribute("IFD")).orElse(-1);
      return OptionalInt.of(ifd >= 0 && ifd < Integer.MAX_VALUE ? (int) ifd : -1);
    }

    private double micrometres(String attribute) {
      double value = Numbers.parse(pixels.getAttribute(attribute)).orElse(0);
      String unit = pixels.getAttribute(attribute + "Unit");
      return value * (unit.isEmpty() ? 1.0 : MICROMETRES.getOrDefault(unit, 0.0));
    }
  }

  /** Whether a TIFF's description is OME-XML. */
  public static boolean matches(String description) {
    return description.contains("<OME") || description.contains(":OME");
  }

  /** Parses it; empty if it is not well-formed. */
  public static Optional<OmeXml> parse(String text) {
    return SafeXml.parse(text)
        .map(
            root -> {
              List<Image> images = new ArrayList<>();
              for (Element image : SafeXml.children(root, "Image")) {
                List<Element> pixels = SafeXml.children(image, "Pixels");
                if (!pixels.isEmpty()) {
                  images.add(
                      new Image(
                          image.getAttribute("Name"),
                          pixels.get(0),
                          SafeXml.children(pixels.get(0), "TiffData")));
                }
              }
              return new OmeXml(root, List.copyOf(images));
            });
  }

  /**
   * The images that lie in a file: those whose TiffData names its UUID (the root's) or its name,
   * and those that name none.
   */
  public List<Image> of(Path file) {
    String uuid = root.getAttribute("UUID");
    String name = String.valueOf(file.getFileName());
    List<Image> named = new ArrayList<>();
    List<Image> unnamed = new ArrayList<>();
    for (Image image : images) {
      List<Element> ids = image.data().stream().flatMap(OmeXml::uuids).toList();
      boolean mine =
          ids.stream()
              .anyMatch(
                  id ->
                      (!uuid.isEmpty() && uuid.equals(id.getTextContent().strip()))
                          || id.getAttribute("FileName").equals(name));
      if (mine) {
        named.add(image);
      } else if (ids.isEmpty()) {
        unnamed.add(image);
      }
    }
    if (!named.isEmpty()) {
      named.addAll(unnamed);
      return named;
    }
    // A renamed file of a set without identifiers of its own: one image leaves no doubt.
    return unnamed.isEmpty() && images.size() == 1 ? images : unnamed;
  }

  private static Stream<Element> uuids(Element data) {
    return SafeXml.children(data, "UUID").stream();
  }

  /**
   * The image that a reader shows which knows nothing of OME-XML: the first directory's.
   *
   * @param file the file
   * @param width pixels of what the reader shows
   * @param height pixels of what the reader shows
   */
  public Optional<Image> shown(Path file, long width, long height) {
    List<Image> mine = of(file).stream().filter(image -> image.sized(width, height)).toList();
    return mine.stream()
        .filter(image -> image.directory().orElse(0) == 0)
        .findFirst()
        .or(() -> mine.size() == 1 ? Optional.of(mine.get(0)) : Optional.empty());
  }

  /**
   * Adds the physical size that OME-XML in a TIFF's description states for the image shown,
   * whichever reader shows it.
   *
   * @param file the file, whose image among those of the description it is
   * @param properties by OpenSlide's key names
   * @param width level-0 pixels of what is shown
   * @param height level-0 pixels of what is shown
   */
  public static void addTo(
      MppEvidence evidence, Path file, Map<String, String> properties, long width, long height) {
    String description = properties.getOrDefault("tiff.ImageDescription", "");
    if (matches(description)) {
      parse(description)
          .flatMap(xml -> xml.shown(file, width, height))
          .ifPresent(image -> evidence.add(MppSource.OME_XML, image.mppX(), image.mppY()));
    }
  }
}
