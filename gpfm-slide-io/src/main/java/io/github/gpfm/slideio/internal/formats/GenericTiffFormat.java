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
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Any TIFF: the first image and those marked as its reduced versions, in the chain of directories
 * or in its SubIFDs. Transparency masks are left out. OpenSlide wants tiles; here strips do as
 * well.
 */
final class GenericTiffFormat {
  static final String VENDOR = "generic-tiff";

  private static final Logger LOG = LoggerFactory.getLogger(GenericTiffFormat.class);

  private GenericTiffFormat() {}

  static SlideContent open(SlideFile file, Tiff tiff) {
    boolean tiled = TiffImage.isTiled(tiff.first());
    List<TiffImage> images = new ArrayList<>();
    List<TiffDirectory> candidates = new ArrayList<>();
    candidates.add(tiff.first());
    tiff.directories().stream()
        .filter(directory -> directory.index() > 0 && TiffParts.reduced(directory))
        .forEach(candidates::add);
    larger(tiff).ifPresent(candidates::add);
    List<TiffDirectory> children = tiff.subDirectories(tiff.first());
    candidates.addAll(children);
    for (TiffDirectory directory : candidates) {
      if (!TiffParts.mask(directory) && TiffImage.isTiled(directory) == tiled) {
        images.add(new TiffImage(directory));
      }
    }
    if (images.isEmpty()) {
      throw file.unsupported("its first image is a transparency mask");
    }
    TiffImage main = images.get(0);
    // A SubIFD may hold anything: a level has the picture's proportions.
    images.removeIf(image -> children.contains(image.directory()) && !sameShape(main, image));
    requireOneOrientation(file, images);
    images.sort(Comparator.comparingLong(TiffImage::width).reversed());
    if (!tiled) {
      // Among strips a reduced image may be a label: a level has the picture's proportions.
      TiffImage base = images.get(0);
      images.removeIf(image -> !sameShape(base, image));
    }
    SlideContent content = new SlideContent(VENDOR, file);
    List<TiffImage> levels = LevelColors.consistent(images);
    levels.forEach(image -> content.addLevel(new TiffTileSource(image)));
    TiffProperties.addTo(content, tiff.first(), levels.get(levels.size() - 1));
    content.setIccProfile(images.get(0).directory().bytes(TiffTag.ICC_PROFILE));
    return content;
  }

  /**
   * The picture itself, where the first image is a smaller version of it: some writers begin with a
   * preview, or store levels in another order.
   */
  static Optional<TiffDirectory> larger(Tiff tiff) {
    TiffDirectory first = tiff.first();
    long width = first.integer(TiffTag.IMAGE_WIDTH, 0);
    long height = first.integer(TiffTag.IMAGE_LENGTH, 0);
    return tiff.directories().stream()
        .filter(directory -> directory.index() > 0)
        .filter(directory -> !TiffParts.reduced(directory) && !TiffParts.mask(directory))
        .filter(directory -> TiffImage.isTiled(directory) == TiffImage.isTiled(first))
        .filter(directory -> directory.integer(TiffTag.IMAGE_WIDTH, 0) > width)
        .filter(
            directory ->
                sameShape(
                    directory.integer(TiffTag.IMAGE_WIDTH, 0),
                    directory.integer(TiffTag.IMAGE_LENGTH, 0),
                    width,
                    height))
        .max(Comparator.comparingLong(directory -> directory.integer(TiffTag.IMAGE_WIDTH, 0)));
  }

  /** Levels turned differently show different places at the same coordinates. */
  static void requireOneOrientation(SlideFile file, List<TiffImage> images) {
    long first = images.get(0).orientation();
    if (images.stream().anyMatch(image -> image.orientation() != first)) {
      throw file.unsupported("its levels have different orientations (TIFF tag 274)");
    }
    if (first != 1) {
      LOG.warn(
          "{} has the orientation {} (TIFF tag 274): it is read as it is stored, not turned.",
          file.path(),
          first);
    }
  }

  /** Equal proportions within the rounding of a size to whole pixels. */
  static boolean sameShape(TiffImage base, TiffImage image) {
    return sameShape(base.width(), base.height(), image.width(), image.height());
  }

  private static boolean sameShape(long baseWidth, long baseHeight, long width, long height) {
    double expected = (double) baseHeight * width / baseWidth;
    double slack = 1 + (double) baseHeight / baseWidth;
    return Math.abs(expected - height) <= slack;
  }
}
