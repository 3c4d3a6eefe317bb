package io.github.gpfm.slideio.internal.formats;

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

/**
 * Any TIFF: the first image and those marked as its reduced versions. OpenSlide wants tiles; here
 * strips do as well.
 */
final class GenericTiffFormat {
  static final String VENDOR = "generic-tiff";

  private GenericTiffFormat() {}

  static SlideContent open(SlideFile file, Tiff tiff) {
    boolean tiled = TiffImage.isTiled(tiff.first());
    List<TiffImage> images = new ArrayList<>();
    for (TiffDirectory directory : tiff.directories()) {
      boolean level = directory.index() == 0 || TiffParts.reduced(directory);
      if (level && TiffImage.isTiled(directory) == tiled) {
        images.add(new TiffImage(directory));
      }
    }
    images.sort(Comparator.comparingLong(TiffImage::width).reversed());
    if (!tiled) {
      // Among strips a reduced image may be a label: a level has the picture's proportions.
      TiffImage base = images.get(0);
      images.removeIf(image -> !sameShape(base, image));
    }
    SlideContent content = new SlideContent(VENDOR, file);
    images.forEach(image -> content.addLevel(new TiffTileSource(image)));
    TiffProperties.addTo(content, tiff.first(), images.get(images.size() - 1));
    content.setIccProfile(images.get(0).directory().bytes(TiffTag.ICC_PROFILE));
    return content;
  }

  /** Equal proportions within the rounding of a size to whole pixels. */
  static boolean sameShape(TiffImage base, TiffImage image) {
    double expected = (double) base.height() * image.width() / base.width();
    double slack = 1 + (double) base.height() / base.width();
    return Math.abs(expected - image.height()) <= slack;
  }
}
