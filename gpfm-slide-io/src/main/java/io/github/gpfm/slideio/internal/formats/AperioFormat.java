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
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Aperio SVS: tiled directories are levels, the second directory is the thumbnail, stripped ones
 * with subfile type 1 and 9 are label and macro; {@code name = value} pairs stand in the
 * description, divided by bars.
 */
final class AperioFormat {
  static final String VENDOR = "aperio";

  private AperioFormat() {}

  static boolean matches(Tiff tiff) {
    return TiffImage.isTiled(tiff.first())
        && tiff.first()
            .text(TiffTag.IMAGE_DESCRIPTION)
            .filter(text -> text.startsWith("Aperio"))
            .isPresent();
  }

  static SlideContent open(SlideFile file, Tiff tiff) {
    SlideContent content = new SlideContent(VENDOR, file);
    List<TiffImage> levels = new ArrayList<>();
    for (TiffDirectory directory : tiff.directories()) {
      if (!TiffImage.isTiled(directory)) {
        addAssociated(content, directory);
      } else if (!TiffParts.mask(directory)) {
        levels.add(new TiffImage(directory));
      }
    }
    // Some tools append levels as they come: a slide's levels are largest first.
    levels.sort(Comparator.comparingLong(TiffImage::width).reversed());
    GenericTiffFormat.requireOneOrientation(file, levels);
    for (TiffImage level : levels) {
      content.addLevel(AperioLevel.of(file, new TiffTileSource(level), content.levels()));
    }
    TiffProperties.addTo(content, tiff.first(), levels.get(levels.size() - 1));
    addProperties(content.properties(), tiff.first());
    return content;
  }

  private static void addAssociated(SlideContent content, TiffDirectory directory) {
    long kind = directory.integer(TiffTag.NEW_SUBFILE_TYPE, 0);
    if (directory.index() == 1) {
      TiffParts.addAssociated(content, "thumbnail", directory);
    } else if (kind == 1) {
      TiffParts.addAssociated(content, "label", directory);
    } else if (kind == 9) {
      TiffParts.addAssociated(content, "macro", directory);
    }
  }

  private static void addProperties(Map<String, String> properties, TiffDirectory directory) {
    Map<String, String> pairs = pairs(directory.text(TiffTag.IMAGE_DESCRIPTION).orElse(""));
    pairs.forEach((name, value) -> properties.put("aperio." + name, value));
    copyNumber(properties, "aperio.AppMag", "openslide.objective-power");
    copyNumber(properties, "aperio.MPP", "openslide.mpp-x");
    copyNumber(properties, "aperio.MPP", "openslide.mpp-y");
  }

  static Map<String, String> pairs(String description) {
    Map<String, String> pairs = new TreeMap<>();
    String[] fields = description.split("\\|", -1);
    for (int i = 1; i < fields.length; i++) {
      int equals = fields[i].indexOf('=');
      if (equals >= 0) {
        pairs.put(fields[i].substring(0, equals).strip(), fields[i].substring(equals + 1).strip());
      }
    }
    return pairs;
  }

  private static void copyNumber(Map<String, String> properties, String from, String to) {
    String value = properties.get(from);
    if (value != null) {
      Numbers.parse(value).ifPresent(number -> properties.put(to, Numbers.format(number)));
    }
  }
}
