package io.github.gpfm.tiling.given;

import io.github.gpfm.api.Recipe;
import io.github.gpfm.api.Slide;
import io.github.gpfm.api.TilingException;
import io.github.gpfm.support.Budget;
import io.github.gpfm.tiling.format.GeoJson;
import io.github.gpfm.tiling.internal.ContourTracer;
import io.github.gpfm.tiling.internal.Mats;
import io.github.gpfm.tiling.internal.OpenCv;
import io.github.gpfm.tiling.segment.RegionFilter;
import io.github.gpfm.tiling.segment.TissueSegmenter;
import io.github.gpfm.tiling.tissue.Tissue;
import io.github.gpfm.tiling.tissue.TissueRegion;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.opencv.core.CvType;
import org.opencv.core.Mat;

/**
 * Tissue as somebody else marked it: a mask image of the whole slide, at any scale, whose pixels
 * are tissue where they are not 0 (PNG, BMP, GIF, TIFF without loss), or areas in GeoJSON, in
 * level-0 pixels, those of the class {@code Exclude} or of one that ends with {@code *} cut out.
 *
 * @param mask the file, or a folder with one for each slide: {@code NAME.png}, {@code
 *     NAME-mask.png}, {@code NAME_mask.png}, the same with {@code .tif} or {@code .tiff}, {@code
 *     NAME.geojson}
 * @param filter which pieces and holes are kept; {@link #EVERYTHING} leaves the mask as it is
 */
public record MaskSegmenter(Path mask, RegionFilter filter) implements TissueSegmenter {
  /** Every piece and every hole, however small. */
  public static final RegionFilter EVERYTHING = new RegionFilter(0, 0, Integer.MAX_VALUE);

  private static final double PATCH = 512.0 * 512.0;

  private static final List<String> NAMES =
      Stream.concat(
              MaskImage.EXTENSIONS.stream()
                  .flatMap(
                      extension ->
                          Stream.of("%s.", "%s-mask.", "%s_mask.").map(name -> name + extension)),
              Stream.of("%s.geojson", "contours_geojson/%s.geojson"))
          .toList();

  /** The mask as it is. */
  public MaskSegmenter(Path mask) {
    this(mask, EVERYTHING);
  }

  @Override
  public String name() {
    return "mask";
  }

  @Override
  public TissueSegmenter forSlide(Path slide) {
    Path file = SlideOwnFile.of(mask, slide, "mask", NAMES);
    return file.equals(mask) ? this : new MaskSegmenter(file, filter);
  }

  /** The file by its content; of a folder, whose files differ by slide, only the name. */
  @Override
  public void describe(Recipe.Builder recipe) {
    SlideOwnFile.describe(recipe, "mask", mask);
    recipe.with(filter);
  }

  /**
   * Reads the mask.
   *
   * @throws TilingException if there is none, it cannot be read, or it is not of this slide
   */
  @Override
  public Tissue segment(Slide slide) {
    Path file = SlideOwnFile.of(mask, slide.path(), "mask", NAMES);
    if (!Files.isRegularFile(file)) {
      throw new TilingException("There is no mask " + file + ".");
    }
    return isGeoJson(file) ? outlines(slide, file) : image(slide, file);
  }

  private static boolean isGeoJson(Path file) {
    String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
    return name.endsWith(".geojson") || name.endsWith(".json");
  }

  private Tissue outlines(Slide slide, Path file) {
    List<TissueRegion> drawn =
        Budget.of(file, TilingException::new)
            .open(
                "GeoJSON",
                () ->
                    Outlines.regions(
                        GeoJson.readArea(file), slide.width(), slide.height(), file, slide.path()));
    return tissue(slide, file, 1, 1, kept(drawn));
  }

  private List<TissueRegion> kept(List<TissueRegion> regions) {
    return regions.stream()
        .filter(region -> region.area() > filter.aT() * PATCH)
        .map(
            region ->
                new TissueRegion(
                    region.outline(),
                    region.holes().stream()
                        .filter(hole -> hole.area() > filter.aH() * PATCH)
                        .limit(filter.maxNHoles())
                        .toList()))
        .toList();
  }

  private Tissue image(Slide slide, Path file) {
    MaskImage image = MaskImage.read(file, slide);
    OpenCv.load();
    double scaleX = (double) slide.width() / image.width();
    double scaleY = (double) slide.height() / image.height();
    double patch = PATCH / (scaleX * scaleY);
    Mat mat = new Mat(image.height(), image.width(), CvType.CV_8UC1);
    try {
      mat.put(0, 0, image.pixels());
      return tissue(
          slide,
          file,
          scaleX,
          scaleY,
          ContourTracer.trace(
              mat, filter.aT() * patch, filter.aH() * patch, filter.maxNHoles(), scaleX, scaleY));
    } finally {
      Mats.release(mat);
    }
  }

  private Tissue tissue(
      Slide slide, Path file, double scaleX, double scaleY, List<TissueRegion> regions) {
    Map<String, String> parameters = new TreeMap<>();
    parameters.put("mask", String.valueOf(file.getFileName()));
    parameters.put("a_t", Double.toString(filter.aT()));
    parameters.put("a_h", Double.toString(filter.aH()));
    parameters.put("max_n_holes", Integer.toString(filter.maxNHoles()));
    return new Tissue(
        name(),
        slide.bestLevelForDownsample(Math.max(1, Math.min(scaleX, scaleY))),
        scaleX,
        scaleY,
        slide.width(),
        slide.height(),
        regions,
        parameters);
  }
}
