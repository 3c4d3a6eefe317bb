package io.github.gpfm.slideio.internal.formats;

import io.github.gpfm.slideio.internal.builtin.Numbers;
import io.github.gpfm.slideio.internal.builtin.SlideContent;
import io.github.gpfm.slideio.internal.io.SlideFile;
import io.github.gpfm.slideio.internal.tiff.TiffDirectory;
import io.github.gpfm.slideio.internal.tiff.TiffImage;
import io.github.gpfm.slideio.internal.tiff.TiffReader.Tiff;
import io.github.gpfm.slideio.internal.tiff.TiffTag;
import io.github.gpfm.slideio.internal.tiff.TiffTileSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.w3c.dom.Attr;
import org.w3c.dom.Element;
import org.w3c.dom.NamedNodeMap;

/**
 * Ventana TIFF: directories described as {@code level=N mag=M} are levels, the {@code iScan}
 * element holds the properties. BIF files, whose level 0 has overlapping tiles to be placed by
 * their joints, are declined.
 */
final class VentanaFormat {
  static final String VENDOR = "ventana";

  private VentanaFormat() {}

  static boolean matches(Tiff tiff) {
    return tiff.first().text(TiffTag.XML_PACKET).orElse("").contains("iScan");
  }

  static SlideContent open(SlideFile file, Tiff tiff) {
    SlideContent content = new SlideContent(VENDOR, file);
    List<TiffImage> levels = new ArrayList<>();
    double baseMagnification = 0;
    double previous = Double.POSITIVE_INFINITY;
    for (TiffDirectory directory : tiff.directories()) {
      String description = directory.text(TiffTag.IMAGE_DESCRIPTION).orElse("");
      if (description.contains("level=")) {
        Map<String, String> fields = fields(description);
        double number = Numbers.parse(fields.getOrDefault("level", "")).orElse(-1);
        double magnification = Numbers.parse(fields.getOrDefault("mag", "")).orElse(0);
        boolean inOrder = number == levels.size() && magnification > 0 && magnification < previous;
        if (!inOrder || !TiffImage.isTiled(directory)) {
          throw file.damaged("its levels are out of order or not tiled");
        }
        if (levels.isEmpty()) {
          baseMagnification = magnification;
          refuseOverlaps(file, directory);
        }
        previous = magnification;
        TiffImage image = new TiffImage(directory);
        levels.add(image);
        content.addLevel(new TiffTileSource(image), baseMagnification / magnification);
      } else if (description.equals("Label Image") || description.equals("Label_Image")) {
        TiffParts.addAssociated(content, "macro", directory);
      } else if (description.equals("Thumbnail")) {
        TiffParts.addAssociated(content, "thumbnail", directory);
      }
    }
    if (levels.isEmpty()) {
      throw file.damaged("it has no level");
    }
    TiffProperties.addTo(content, levels.get(0).directory(), levels.get(levels.size() - 1));
    addProperties(content.properties(), file, tiff.first());
    return content;
  }

  private static void refuseOverlaps(SlideFile file, TiffDirectory directory) {
    if (directory.text(TiffTag.XML_PACKET).orElse("").contains("TileJointInfo")) {
      throw file.unsupported("a Ventana BIF, whose tiles overlap: OpenSlide reads it");
    }
  }

  private static Map<String, String> fields(String description) {
    Map<String, String> fields = new HashMap<>();
    for (String pair : description.split(" ")) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        fields.put(pair.substring(0, equals), pair.substring(equals + 1));
      }
    }
    return fields;
  }

  private static void addProperties(
      Map<String, String> properties, SlideFile file, TiffDirectory directory) {
    Element root =
        SafeXml.parse(file, directory.text(TiffTag.XML_PACKET).orElse(""))
            .orElseThrow(() -> file.damaged("its XML is not well-formed"));
    List<Element> scans = SafeXml.descendants(root, "iScan");
    Element scan = scans.isEmpty() ? root : scans.get(0);
    NamedNodeMap attributes = scan.getAttributes();
    for (int i = 0; i < attributes.getLength(); i++) {
      if (attributes.item(i) instanceof Attr attribute && !attribute.getValue().isEmpty()) {
        properties.put("ventana." + attribute.getName(), attribute.getValue());
      }
    }
    Numbers.parse(properties.getOrDefault("ventana.Magnification", ""))
        .ifPresent(power -> properties.put("openslide.objective-power", Numbers.format(power)));
    Numbers.parse(properties.getOrDefault("ventana.ScanRes", ""))
        .ifPresent(
            mpp -> {
              properties.put("openslide.mpp-x", Numbers.format(mpp));
              properties.put("openslide.mpp-y", Numbers.format(mpp));
            });
  }
}
