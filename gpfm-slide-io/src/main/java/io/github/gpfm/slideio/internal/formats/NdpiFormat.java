package io.github.gpfm.slideio.internal.formats;

import io.github.gpfm.slideio.internal.builtin.Numbers;
import io.github.gpfm.slideio.internal.builtin.SlideContent;
import io.github.gpfm.slideio.internal.io.SlideFile;
import io.github.gpfm.slideio.internal.tiff.TiffDirectory;
import io.github.gpfm.slideio.internal.tiff.TiffImage;
import io.github.gpfm.slideio.internal.tiff.TiffReader.Tiff;
import io.github.gpfm.slideio.internal.tiff.TiffTag;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Hamamatsu NDPI: directories with a lens above 0 and focal plane 0 are levels, the one with lens
 * -1 is the macro image. Where a factor of two is missing between levels OpenSlide derives a level,
 * and so does this.
 */
final class NdpiFormat {
  static final String VENDOR = "hamamatsu";

  private NdpiFormat() {}

  static boolean matches(Tiff tiff) {
    return tiff.first().has(TiffTag.NDPI_FORMAT_FLAG);
  }

  static SlideContent open(SlideFile file, Tiff tiff) {
    SlideContent content = new SlideContent(VENDOR, file);
    TreeMap<Long, NdpiLevel> levels = new TreeMap<>(Collections.reverseOrder());
    TiffDirectory smallest = null;
    long smallestWidth = Long.MAX_VALUE;
    for (TiffDirectory directory : tiff.directories()) {
      double lens = directory.floating(TiffTag.NDPI_SOURCE_LENS).orElse(0);
      if (lens > 0 && directory.integer(TiffTag.NDPI_FOCAL_PLANE, 0) == 0) {
        NdpiJpeg jpeg = new NdpiJpeg(directory);
        if (jpeg.width() >= smallestWidth) {
          throw file.damaged("its levels are not in order of size");
        }
        smallestWidth = jpeg.width();
        smallest = directory;
        addLevels(levels, file, jpeg);
      } else if (lens == -1) {
        TiffParts.addAssociated(content, "macro", directory);
      }
    }
    levels.values().forEach(content::addLevel);
    if (smallest != null) {
      TiffProperties.addTo(content, tiff.first(), new TiffImage(smallest));
    }
    addProperties(content.properties(), tiff.first());
    return content;
  }

  private static void addLevels(Map<Long, NdpiLevel> levels, SlideFile file, NdpiJpeg jpeg) {
    for (int scale = 1; scale <= 8; scale *= 2) {
      if (NdpiLevel.divides(jpeg, scale)) {
        NdpiLevel level = new NdpiLevel(file, jpeg, scale);
        if (level.width() > 0 && level.height() > 0) {
          levels.put(level.width(), level);
        }
      }
    }
  }

  private static void addProperties(Map<String, String> properties, TiffDirectory directory) {
    if (directory.integer(TiffTag.RESOLUTION_UNIT, 2) == 3) {
      putMpp(properties, "openslide.mpp-x", directory, TiffTag.X_RESOLUTION);
      putMpp(properties, "openslide.mpp-y", directory, TiffTag.Y_RESOLUTION);
    }
    directory
        .floating(TiffTag.NDPI_SOURCE_LENS)
        .ifPresent(
            lens -> {
              properties.put("hamamatsu.SourceLens", Numbers.format(lens));
              properties.put("openslide.objective-power", Numbers.format(lens));
            });
    putInteger(properties, "hamamatsu.XOffsetFromSlideCentre", directory, TiffTag.NDPI_X_OFFSET);
    putInteger(properties, "hamamatsu.YOffsetFromSlideCentre", directory, TiffTag.NDPI_Y_OFFSET);
    put(properties, "hamamatsu.Reference", directory.text(TiffTag.NDPI_REFERENCE).orElse(null));
    String map = directory.text(TiffTag.NDPI_PROPERTY_MAP).orElse("");
    for (String line : map.split("\r\n", -1)) {
      int equals = line.indexOf('=');
      if (equals > 0 && equals + 1 < line.length()) {
        properties.put("hamamatsu." + line.substring(0, equals), line.substring(equals + 1));
      }
    }
  }

  private static void putMpp(
      Map<String, String> properties, String key, TiffDirectory directory, int tag) {
    directory
        .floating(tag)
        .ifPresent(perCentimetre -> properties.put(key, Numbers.format(10_000 / perCentimetre)));
  }

  private static void putInteger(
      Map<String, String> properties, String key, TiffDirectory directory, int tag) {
    directory.integer(tag).ifPresent(value -> properties.put(key, Long.toString(value)));
  }

  private static void put(Map<String, String> properties, String key, @Nullable String value) {
    if (value != null) {
      properties.put(key, value);
    }
  }
}
