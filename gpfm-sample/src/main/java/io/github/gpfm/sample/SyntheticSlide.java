package io.github.gpfm.sample;

import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.api.ProgressListener;
import io.github.gpfm.sample.internal.Layout;
import io.github.gpfm.sample.internal.SlideDrawing;
import io.github.gpfm.sample.internal.Truth;
import io.github.gpfm.support.AtomicFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A drawn slide that looks like an H&amp;E section: a few pieces of tissue on glass, of the
 * textures in {@link TissueClass}, with tears, a faint and a fatty piece, dirt and now and then a
 * felt pen's mark. The same seed and size give the same slide.
 *
 * @param seed chooses the slide
 * @param width pixels of level 0, 512 to 60000
 * @param height pixels of level 0, 512 to 60000
 * @param mpp µm per pixel that the file states
 * @param compression of the tiles
 */
public record SyntheticSlide(
    long seed, int width, int height, double mpp, Compression compression) {

  /** How tiles are stored. */
  public enum Compression {
    /** Small and lossy, what scanners do. */
    JPEG,
    /** Lossless. */
    DEFLATE
  }

  /** Level-0 pixels per pixel of the truth pictures. */
  public static final int TRUTH_DOWNSAMPLE = 8;

  /**
   * What {@link #write} left.
   *
   * @param slide the tiled pyramid
   * @param mask PNG, 255 on tissue, 0 on glass, 1 pixel per {@link #TRUTH_DOWNSAMPLE} level-0
   *     pixels
   * @param labels palette PNG of the same size: 0 on glass, else {@link TissueClass#label()}
   * @param labelTable JSON: classes with label, name, colour and share of the tissue
   * @param outlines GeoJSON: the pieces as polygons with holes, level-0 pixels
   */
  public record Written(Path slide, Path mask, Path labels, Path labelTable, Path outlines) {}

  /** Checks the ranges given above. */
  public SyntheticSlide {
    if (width < 512 || height < 512 || width > 60_000 || height > 60_000) {
      throw new InvalidOptionException(
          "A synthetic slide is 512 to 60000 pixels wide and high, not "
              + width
              + "x"
              + height
              + ".");
    }
    if (!(mpp > 0 && mpp < 1000)) {
      throw new InvalidOptionException(
          "mpp must be a positive number of micrometres per pixel, not " + mpp + ".");
    }
  }

  /** A slide of 6144x5120 pixels at 0.25 µm per pixel with JPEG tiles. */
  public static SyntheticSlide of(long seed) {
    return new SyntheticSlide(seed, 6144, 5120, 0.25, Compression.JPEG);
  }

  /**
   * Draws and writes the slide and its truth: {@code F.tif}, {@code F-mask.png}, {@code
   * F-labels.png}, {@code F-labels.json}, {@code F-outlines.geojson}. Each file is moved into place
   * when it is complete.
   *
   * @param slide where to; its folder is made if it is missing
   * @param progress hears of rows of tiles
   * @throws io.github.gpfm.api.OutputException if a file cannot be written
   */
  public Written write(Path slide, ProgressListener progress) {
    Path folder = AtomicFile.folder(slide);
    String file = slide.getFileName().toString();
    int dot = file.lastIndexOf('.');
    String name = dot > 0 ? file.substring(0, dot) : file;
    Layout layout = new Layout(seed, width, height);
    Truth truth = new Truth(layout, TRUTH_DOWNSAMPLE);
    Written written =
        new Written(
            slide,
            folder.resolve(name + "-mask.png"),
            folder.resolve(name + "-labels.png"),
            folder.resolve(name + "-labels.json"),
            folder.resolve(name + "-outlines.geojson"));
    List<Path> temporary = new ArrayList<>();
    try {
      Files.createDirectories(folder);
      put(slide, temporary, part -> new SlideDrawing(layout, this).write(part, progress));
      put(written.mask(), temporary, truth::writeMask);
      put(written.labels(), temporary, truth::writeLabels);
      put(written.labelTable(), temporary, truth::writeLabelTable);
      put(written.outlines(), temporary, truth::writeOutlines);
      return written;
    } catch (IOException | UncheckedIOException e) {
      throw AtomicFile.cannotWrite(slide, e);
    } finally {
      temporary.forEach(AtomicFile::deleteQuietly);
    }
  }

  private interface Writer {
    void write(Path part) throws IOException;
  }

  private static void put(Path target, List<Path> temporary, Writer writer) throws IOException {
    Path part = AtomicFile.part(target);
    temporary.add(part);
    writer.write(part);
    AtomicFile.moveIntoPlace(part, target);
  }
}
