package io.github.gpfm.tiling.picture;

import io.github.gpfm.api.Mpp;
import io.github.gpfm.api.MppSource;
import io.github.gpfm.api.Slide;
import io.github.gpfm.api.TileGrid;
import io.github.gpfm.tiling.format.SlideName;
import io.github.gpfm.tiling.tissue.Contour;
import io.github.gpfm.tiling.tissue.Tissue;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One slide in a {@link CohortReport}.
 *
 * @param name of the slide
 * @param picture its thumbnail with outlines and tiles as JPEG, small; none for a slide that could
 *     not be read
 * @param width of level 0, pixels; 0 when unknown
 * @param height of level 0, pixels; 0 when unknown
 * @param reader that opened it
 * @param mpp its resolution with the evidence
 * @param regions pieces of tissue
 * @param tissuePart part of the slide that is tissue, 0 to 1
 * @param tiles number of tiles
 * @param warnings what to look at
 * @param seconds time it took
 */
public record ReportRow(
    String name,
    Optional<byte[]> picture,
    long width,
    long height,
    String reader,
    Optional<Mpp> mpp,
    int regions,
    double tissuePart,
    int tiles,
    List<String> warnings,
    double seconds) {
  /** Tiles of less than this part of the slide's um per pixel are finer than the slide. */
  private static final double ENLARGED = 0.99;

  /** Copies the warnings. */
  public ReportRow {
    warnings = List.copyOf(warnings);
  }

  /** Whether the slide could not be worked on. */
  public boolean failed() {
    return width == 0 && picture.isEmpty() && tiles == 0;
  }

  /**
   * The row of a slide that was tiled, with the usual warnings: no tissue, no tiles, resolution
   * unknown or only inferred, tiles finer than the slide, tissue cut by the slide's edge.
   *
   * @param picture as {@link TissuePicture} draws it
   */
  public static ReportRow of(
      Slide slide, Tissue tissue, TileGrid grid, BufferedImage picture, double seconds) {
    List<String> warnings = new ArrayList<>();
    if (tissue.isUnknown()) {
      warnings.add("tiles were given; tissue not looked for");
    } else if (tissue.isEmpty()) {
      warnings.add("no tissue found");
    } else if (grid.isEmpty()) {
      warnings.add("no tile on the tissue");
    }
    if (slide.mpp().isEmpty()) {
      warnings.add("resolution unknown");
    } else if (slide.mpp().get().source() == MppSource.OBJECTIVE_POWER) {
      warnings.add("resolution inferred from the objective");
    }
    if (slide.mpp().isPresent() && grid.geometry().mpp() < ENLARGED * slide.mpp().get().mean()) {
      warnings.add("tiles are enlarged: the slide is coarser");
    }
    if (tissue.regions().stream().anyMatch(region -> touchesEdge(region.outline(), tissue))) {
      warnings.add("tissue touches the slide's edge");
    }
    double area = (double) slide.width() * slide.height();
    return new ReportRow(
        SlideName.of(slide.path()),
        Optional.of(CohortReport.thumbnail(picture)),
        slide.width(),
        slide.height(),
        slide.reader(),
        slide.mpp(),
        tissue.regions().size(),
        Math.min(1, tissue.area() / area),
        grid.size(),
        warnings,
        seconds);
  }

  private static boolean touchesEdge(Contour outline, Tissue tissue) {
    Contour.Bounds box = outline.bounds();
    return box.x() <= 0
        || box.y() <= 0
        || box.x() + box.width() + tissue.downsampleX() > tissue.slideWidth()
        || box.y() + box.height() + tissue.downsampleY() > tissue.slideHeight();
  }

  /** The row of a slide that failed. */
  public static ReportRow failed(String name, String reason, double seconds) {
    return new ReportRow(
        name, Optional.empty(), 0, 0, "", Optional.empty(), 0, 0, 0, List.of(reason), seconds);
  }

  /**
   * The row of a slide that an earlier run finished and this one did not look at.
   *
   * @param picture what that run drew, if it is there
   */
  public static ReportRow finishedBefore(String name, Optional<BufferedImage> picture, int tiles) {
    return new ReportRow(
        name,
        picture.map(CohortReport::thumbnail),
        0,
        0,
        "",
        Optional.empty(),
        0,
        0,
        tiles,
        List.of("finished before"),
        0);
  }
}
