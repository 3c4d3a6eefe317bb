package io.github.gpfm.slideio.internal.formats;

import io.github.gpfm.slideio.internal.builtin.Numbers;
import io.github.gpfm.slideio.internal.builtin.SlideContent;
import io.github.gpfm.slideio.internal.io.SlideFile;
import io.github.gpfm.slideio.internal.tiff.TiffDirectory;
import io.github.gpfm.slideio.internal.tiff.TiffImage;
import io.github.gpfm.slideio.internal.tiff.TiffReader.Tiff;
import io.github.gpfm.slideio.internal.tiff.TiffTag;
import io.github.gpfm.slideio.internal.tiff.TiffTileSource;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.w3c.dom.Element;

/**
 * Philips TIFF: tiled directories are levels, whose true sizes follow from the pixel spacings in
 * the XML description, since the stated ones include padding; label and macro are stripped
 * directories or base64 JPEGs in the XML.
 */
final class PhilipsFormat {
  static final String VENDOR = "philips";

  private static final String IMAGES = "PIM_DP_SCANNED_IMAGES";
  private static final String LEVELS = "PIIM_PIXEL_DATA_REPRESENTATION_SEQUENCE";

  private PhilipsFormat() {}

  static boolean matches(Tiff tiff) {
    TiffDirectory first = tiff.first();
    return TiffImage.isTiled(first)
        && first.text(TiffTag.SOFTWARE).orElse("").startsWith("Philips")
        && first.text(TiffTag.IMAGE_DESCRIPTION).orElse("").contains("DPUfsImport");
  }

  static SlideContent open(SlideFile file, Tiff tiff) {
    String text = tiff.first().text(TiffTag.IMAGE_DESCRIPTION).orElse("");
    Element root =
        SafeXml.parse(file, text).orElseThrow(() -> file.damaged("its XML is not well-formed"));
    Element image =
        scannedImage(root, "WSI").orElseThrow(() -> file.damaged("its XML names no slide image"));
    List<TiffImage> images = new ArrayList<>();
    SlideContent content = new SlideContent(VENDOR, file);
    for (TiffDirectory directory : tiff.directories()) {
      String description = directory.text(TiffTag.IMAGE_DESCRIPTION).orElse("");
      if (TiffImage.isTiled(directory)) {
        images.add(new TiffImage(directory));
      } else if (description.startsWith("Label")) {
        TiffParts.addAssociated(content, "label", directory);
      } else if (description.startsWith("Macro")) {
        TiffParts.addAssociated(content, "macro", directory);
      }
    }
    addLevels(content, file, images, spacings(image));
    TiffProperties.addTo(content, tiff.first(), images.get(images.size() - 1));
    content.properties().remove("openslide.comment");
    content.properties().remove("tiff.ImageDescription");
    addProperties(content.properties(), root, image);
    addFromXml(content, file, root, "label", "LABELIMAGE");
    addFromXml(content, file, root, "macro", "MACROIMAGE");
    return content;
  }

  private static void addLevels(
      SlideContent content, SlideFile file, List<TiffImage> images, List<double[]> spacings) {
    if (spacings.size() != images.size()) {
      throw file.damaged(
          "its XML describes " + spacings.size() + " levels and it has " + images.size());
    }
    TiffImage base = images.get(0);
    for (int i = 0; i < images.size(); i++) {
      TiffTileSource source = new TiffTileSource(images.get(i));
      if (i == 0) {
        content.addLevel(source, 1);
        continue;
      }
      double x = spacings.get(i)[0] / spacings.get(0)[0];
      double y = spacings.get(i)[1] / spacings.get(0)[1];
      double downsample = Math.rint((x + y) / 2);
      if (!(downsample >= 1)) {
        throw file.damaged("its XML gives a level an impossible pixel spacing");
      }
      long width = Math.min(source.width(), (long) (base.width() / downsample));
      long height = Math.min(source.height(), (long) (base.height() / downsample));
      if (width < 1 || height < 1) {
        throw file.damaged("its XML makes a level empty");
      }
      content.addLevel(new CroppedTiles(source, width, height), downsample);
    }
  }

  /** Column and row spacing of each level, millimetres. */
  private static List<double[]> spacings(Element image) {
    List<double[]> all = new ArrayList<>();
    for (Element sequence : attributes(image, LEVELS)) {
      for (Element array : SafeXml.children(sequence, "Array")) {
        for (Element level : SafeXml.children(array, "DataObject")) {
          for (Element spacing : attributes(level, "DICOM_PIXEL_SPACING")) {
            spacing(spacing.getTextContent()).ifPresent(all::add);
          }
        }
      }
    }
    return all;
  }

  /** {@code "row" "column"} with quotation marks, millimetres. */
  static Optional<double[]> spacing(String text) {
    String[] parts = text.replace('"', ' ').strip().split("\\s+");
    if (parts.length != 2) {
      return Optional.empty();
    }
    double row = Numbers.parse(parts[0]).orElse(0);
    double column = Numbers.parse(parts[1]).orElse(0);
    return row > 0 && column > 0 ? Optional.of(new double[] {column, row}) : Optional.empty();
  }

  private static void addProperties(Map<String, String> properties, Element root, Element image) {
    addAttributes(properties, "philips", root);
    addAttributes(properties, "philips", image);
    for (Element sequence : attributes(image, LEVELS)) {
      int index = 0;
      for (Element array : SafeXml.children(sequence, "Array")) {
        for (Element level : SafeXml.children(array, "DataObject")) {
          addAttributes(properties, "philips." + LEVELS + "[" + index++ + "]", level);
        }
      }
    }
    spacing(properties.getOrDefault("philips.DICOM_PIXEL_SPACING", ""))
        .ifPresent(
            spacing -> {
              properties.put("openslide.mpp-x", Numbers.format(1e3 * spacing[0]));
              properties.put("openslide.mpp-y", Numbers.format(1e3 * spacing[1]));
            });
    String derivation = properties.getOrDefault("philips.DICOM_DERIVATION_DESCRIPTION", "");
    objectivePower(derivation)
        .ifPresent(power -> properties.put("openslide.objective-power", power));
    String barcode = properties.get("philips.PIM_DP_UFS_BARCODE");
    if (barcode != null) {
      decode(barcode)
          .ifPresent(
              bytes ->
                  properties.put("openslide.barcode", new String(bytes, StandardCharsets.UTF_8)));
    }
  }

  /**
   * The first of {@code levels=…} is the objective power in some files and above 10000 in others.
   */
  private static Optional<String> objectivePower(String derivation) {
    for (String item : derivation.split("-")) {
      if (item.startsWith("sourceFilename=")) {
        break;
      }
      if (item.startsWith("levels=")) {
        String first = item.substring("levels=".length()).split(",", -1)[0];
        double power = Numbers.parse(first).orElse(0);
        return power >= 1 && power <= 200 && power == Math.rint(power)
            ? Optional.of(Numbers.format(power))
            : Optional.empty();
      }
    }
    return Optional.empty();
  }

  private static void addAttributes(Map<String, String> properties, String prefix, Element parent) {
    for (Element attribute : SafeXml.children(parent, "Attribute")) {
      boolean simple = SafeXml.children(attribute, "Array").isEmpty();
      String name = attribute.getAttribute("Name");
      if (simple && !name.isEmpty()) {
        properties.put(prefix + "." + name, attribute.getTextContent());
      }
    }
  }

  private static List<Element> attributes(Element parent, String name) {
    return SafeXml.children(parent, "Attribute").stream()
        .filter(attribute -> attribute.getAttribute("Name").equals(name))
        .toList();
  }

  private static Optional<Element> scannedImage(Element root, String type) {
    for (Element images : attributes(root, IMAGES)) {
      for (Element array : SafeXml.children(images, "Array")) {
        for (Element image : SafeXml.children(array, "DataObject")) {
          boolean wanted =
              attributes(image, "PIM_DP_IMAGE_TYPE").stream()
                  .anyMatch(attribute -> attribute.getTextContent().strip().equals(type));
          if (wanted) {
            return Optional.of(image);
          }
        }
      }
    }
    return Optional.empty();
  }

  private static void addFromXml(
      SlideContent content, SlideFile file, Element root, String name, String type) {
    Optional<byte[]> jpeg =
        scannedImage(root, type)
            .flatMap(image -> attributes(image, "PIM_DP_IMAGE_DATA").stream().findFirst())
            .flatMap(attribute -> decode(attribute.getTextContent()));
    if (jpeg.isPresent() && !content.hasAssociated(name)) {
      content.addAssociated(name, () -> PlainImages.jpeg(file, jpeg.get()));
    }
  }

  private static Optional<byte[]> decode(String base64) {
    try {
      return Optional.of(Base64.getMimeDecoder().decode(base64));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
