package io.github.gpfm.tiling.grid;

import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.api.MppUnknownException;
import io.github.gpfm.api.Recipe;
import io.github.gpfm.api.Slide;
import io.github.gpfm.api.SlideLevel;
import io.github.gpfm.api.TileGeometry;
import io.github.gpfm.api.TileGrid;
import io.github.gpfm.tiling.tissue.Tissue;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tiles on one grid for the whole slide that starts at its upper left corner, row by row: "512
 * pixels at 0.25 µm per pixel" means the same on every slide.
 *
 * <p>Tiles are read from the smallest level that is at least as detailed as the target and resized
 * to it.
 *
 * @param tileSize edge of a tile, pixels at the target resolution
 * @param overlap pixels at the target resolution that neighbouring tiles share, less than {@code
 *     tileSize}
 * @param resolution the target resolution
 * @param test which tiles belong to tissue
 * @param border what to do with tiles that reach beyond the slide
 * @param roi where tiles may lie; everywhere when empty
 */
public record GridTiler(
    int tileSize,
    int overlap,
    Resolution resolution,
    TileTest test,
    Border border,
    Optional<RegionOfInterest> roi)
    implements Tiler {
  /** A target resolution. */
  public sealed interface Resolution {
    /**
     * @param mpp micrometres per pixel
     */
    record Mpp(double mpp) implements Resolution {
      /** Checks that the resolution is positive. */
      public Mpp {
        requirePositive("mpp", mpp);
      }
    }

    /**
     * @param power objective power, for instance 20
     */
    record Magnification(double power) implements Resolution {
      /** Checks that the power is positive. */
      public Magnification {
        requirePositive("power", power);
      }
    }

    /**
     * @param downsample level-0 pixels per pixel
     */
    record Downsample(double downsample) implements Resolution {
      /** Checks that the downsample is positive. */
      public Downsample {
        requirePositive("downsample", downsample);
      }
    }

    /**
     * @param level number of a level, from 0
     */
    record Level(int level) implements Resolution {
      /** Checks that the level is not negative. */
      public Level {
        if (level < 0) {
          throw new InvalidOptionException("level must be 0 or more, not " + level + ".")
              .about("level");
        }
      }
    }

    private static void requirePositive(String name, double value) {
      if (!(value > 0) || Double.isInfinite(value)) {
        throw new InvalidOptionException(name + " must be positive, not " + value + ".")
            .about(name);
      }
    }
  }

  /** What to do with tiles that reach beyond the slide's right or lower edge. */
  public enum Border {
    /** Keep them; what lies outside is padded when the tile is read. */
    PAD,
    /** Leave them out. */
    DROP
  }

  private static final Logger LOG = LoggerFactory.getLogger(GridTiler.class);

  /** Slack in comparing resolutions: levels this much coarser than the target still serve it. */
  private static final double TOLERANCE = 1.01;

  /** Checks sizes. */
  public GridTiler {
    if (tileSize < 1 || overlap < 0 || overlap >= tileSize) {
      throw new InvalidOptionException(
              "tileSize must be 1 or more and overlap from 0 to less than it, not "
                  + tileSize
                  + " and "
                  + overlap
                  + ".")
          .about("tileSize", "overlap");
    }
  }

  /** Tiles without overlap, tested by {@code four_pt}, padded at the border, everywhere. */
  public static GridTiler of(int tileSize, Resolution resolution) {
    return new GridTiler(
        tileSize,
        0,
        resolution,
        new TileTest.InContour(ContourTest.FOUR_PT),
        Border.PAD,
        Optional.empty());
  }

  /** Tiles without overlap at a resolution in micrometres per pixel. */
  public static GridTiler atMpp(int tileSize, double mpp) {
    return of(tileSize, new Resolution.Mpp(mpp));
  }

  /** These options with another overlap, pixels at the target resolution. */
  public GridTiler withOverlap(int pixels) {
    return new GridTiler(tileSize, pixels, resolution, test, border, roi);
  }

  /** These options with another test. */
  public GridTiler withTest(TileTest newTest) {
    return new GridTiler(tileSize, overlap, resolution, newTest, border, roi);
  }

  /** These options with another treatment of the border. */
  public GridTiler withBorder(Border newBorder) {
    return new GridTiler(tileSize, overlap, resolution, test, newBorder, roi);
  }

  /** These options within a region of interest. */
  public GridTiler within(RegionOfInterest region) {
    return new GridTiler(tileSize, overlap, resolution, test, border, Optional.of(region));
  }

  @Override
  public String name() {
    return "grid";
  }

  @Override
  public void describe(Recipe.Builder recipe) {
    recipe
        .add("tile_size", tileSize)
        .add("overlap", overlap)
        .add("resolution", resolution)
        .add("test", test)
        .add("border", border);
    roi.ifPresent(recipe::with);
  }

  @Override
  public TileGrid tile(Slide slide, Tissue tissue) {
    TileGeometry geometry = geometry(slide);
    TileTest.OnTissue accepts = test.on(tissue, geometry.level0Size(), geometry.level0Height());
    double width = geometry.level0Size();
    double height = geometry.level0Height();
    LongStream.Builder coords = LongStream.builder();
    for (long row = 0; ; row++) {
      long y = Math.round(row * geometry.level0StepY());
      if (beyond(y, height, slide.height())) {
        break;
      }
      for (long column = 0; ; column++) {
        long x = Math.round(column * geometry.level0Step());
        if (beyond(x, width, slide.width())) {
          break;
        }
        if (accepts.accepts(x, y)
            && (roi.isEmpty() || roi.get().contains(x + width / 2, y + height / 2))) {
          coords.add(x).add(y);
        }
      }
    }
    return TileGrid.of(geometry, coords.build().toArray());
  }

  private boolean beyond(long position, double size, long edge) {
    return border == Border.PAD
        ? position >= edge
        : position + Math.floor(size) > edge || position >= edge;
  }

  /**
   * How tiles are read from the given slide.
   *
   * @throws InvalidOptionException if the slide has no such level
   * @throws MppUnknownException if the slide does not state what the target needs
   */
  public TileGeometry geometry(Slide slide) {
    double mpp = slide.mpp().map(io.github.gpfm.api.Mpp::mean).orElse(Double.NaN);
    if (resolution instanceof Resolution.Level at) {
      List<SlideLevel> levels = slide.levels();
      if (at.level() >= levels.size()) {
        throw new InvalidOptionException(
            "Level "
                + at.level()
                + " does not exist in "
                + slide.path()
                + ", whose levels are 0 to "
                + (levels.size() - 1)
                + ".");
      }
      double downsample = levels.get(at.level()).downsample();
      return new TileGeometry(
          at.level(),
          tileSize,
          tileSize,
          tileSize * downsample,
          (tileSize - overlap) * downsample,
          mpp * downsample);
    }
    double aspect = aspect(slide);
    double downsample = downsample(slide, aspect);
    if (downsample < 1 / TOLERANCE) {
      LOG.warn(
          "{} is coarser than the resolution asked for: its tiles are enlarged {} times.",
          slide.path(),
          String.format(java.util.Locale.ROOT, "%.2f", 1 / downsample));
    }
    // The level must be detailed enough along both axes.
    double finer = downsample * Math.min(1, aspect);
    int level = slide.bestLevelForDownsample(Math.max(1, finer * TOLERANCE));
    double size = tileSize * downsample;
    int read = (int) Math.max(1, Math.round(size / slide.levels().get(level).downsample()));
    return new TileGeometry(
        level,
        read,
        tileSize,
        size,
        (tileSize - overlap) * downsample,
        oblong(aspect) ? slide.requireMpp().x() * downsample : mpp * downsample,
        aspect);
  }

  /** Tiles at a resolution in micrometres are square in micrometres, not in pixels. */
  private double aspect(Slide slide) {
    boolean physical =
        resolution instanceof Resolution.Mpp || resolution instanceof Resolution.Magnification;
    if (!physical || slide.mpp().isEmpty()) {
      return 1;
    }
    double aspect = slide.requireMpp().x() / slide.requireMpp().y();
    return oblong(aspect) ? aspect : 1;
  }

  /** Axes that differ by less are as alike as scanners measure them; their mean is taken. */
  private static boolean oblong(double aspect) {
    return Math.abs(aspect - 1) > 0.01;
  }

  /** Level-0 pixels per pixel at the target resolution, along a row. */
  private double downsample(Slide slide, double aspect) {
    if (resolution instanceof Resolution.Downsample target) {
      return target.downsample();
    }
    if (resolution instanceof Resolution.Mpp target) {
      return target.mpp() / across(slide, aspect);
    }
    double power = ((Resolution.Magnification) resolution).power();
    if (slide.objectivePower().isPresent() && !oblong(aspect)) {
      return slide.objectivePower().getAsDouble() / power;
    }
    // 10x is taken as 1 um per pixel, as TRIDENT does and as 40x = 0.25 says.
    return 10 / power / across(slide, aspect);
  }

  private static double across(Slide slide, double aspect) {
    return oblong(aspect) ? slide.requireMpp().x() : slide.requireMpp().mean();
  }
}
