package io.github.gpfm.tiling.segment;

import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.api.Recipe;
import io.github.gpfm.api.Slide;
import io.github.gpfm.api.TileGrid;
import io.github.gpfm.api.TilingException;
import io.github.gpfm.tiling.grid.GridTiler;
import io.github.gpfm.tiling.grid.TileReader;
import io.github.gpfm.tiling.grid.TileTest;
import io.github.gpfm.tiling.internal.Mats;
import io.github.gpfm.tiling.internal.OpenCv;
import io.github.gpfm.tiling.internal.SegmentationImage;
import io.github.gpfm.tiling.tissue.Tissue;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.opencv.core.CvType;
import org.opencv.core.Mat;

/**
 * Segmentation by a network that the user gives.
 *
 * <p>The slide is read in tiles at the network's resolution that overlap by the network's {@link
 * TissueModel#halo()}; of each tile the inner part is kept, so that no pixel is judged without its
 * surroundings. Where the mask would exceed the segmentation's limit of pixels, only every k-th
 * pixel of it is kept. The segmenter does not close the network.
 *
 * @param model the network
 * @param threshold probability from which a pixel is tissue, more than 0 and less than 1
 * @param batchSize tiles handed over at once
 * @param filter which pieces and holes are kept
 */
public record ModelSegmenter(
    TissueModel model, double threshold, int batchSize, RegionFilter filter)
    implements TissueSegmenter {
  /** Checks the ranges. */
  public ModelSegmenter {
    if (!(threshold > 0 && threshold < 1) || batchSize < 1) {
      throw new InvalidOptionException(
          "The segmentation threshold must lie between 0 and 1 and its batch size be 1 or more, not "
              + threshold
              + " and "
              + batchSize
              + ".");
    }
  }

  /** Threshold 0.5, batches of 8, the usual pieces and holes. */
  public ModelSegmenter(TissueModel model) {
    this(model, 0.5, 8, RegionFilter.DEFAULT);
  }

  @Override
  public String name() {
    return "model";
  }

  @Override
  public void describe(Recipe.Builder recipe) {
    recipe
        .part("model", model)
        .add("threshold", threshold)
        .note("batch-size", batchSize)
        .with(filter);
  }

  @Override
  public Tissue segment(Slide slide) {
    OpenCv.load();
    int size = model.tileSize();
    int halo = model.halo();
    GridTiler tiler =
        GridTiler.of(
                size,
                new GridTiler.Resolution.Downsample(RegionFilter.downsample(slide, model.mpp())))
            .withOverlap(2 * halo)
            .withTest(new TileTest.Everywhere());
    Tissue nothing =
        new Tissue(name(), 0, 1, 1, slide.width(), slide.height(), List.of(), Map.of());
    TileGrid grid = tiler.tile(slide, nothing);
    double downsample = grid.geometry().level0Size() / size;
    double pixels = slide.width() / downsample * (slide.height() / downsample);
    int every = 1;
    while (pixels / every / every > SegmentationImage.MAX_PIXELS / 2.0) {
      every *= 2;
    }
    double scale = downsample * every;
    int width = (int) Math.max(1, Math.round(slide.width() / scale));
    int height = (int) Math.max(1, Math.round(slide.height() / scale));
    Mat mask = Mat.zeros(height, width, CvType.CV_8UC1);
    try {
      TileReader reader = new TileReader(slide, grid, TileReader.WHITE);
      for (int first = 0; first < grid.size(); first += batchSize) {
        int last = Math.min(grid.size(), first + batchSize);
        List<BufferedImage> tiles = new ArrayList<>();
        for (int i = first; i < last; i++) {
          tiles.add(reader.read(i));
        }
        List<float[]> answers = model.probabilities(tiles);
        check(answers, tiles.size(), size);
        for (int i = first; i < last; i++) {
          store(answers.get(i - first), grid.x(i) / scale, grid.y(i) / scale, every, halo, mask);
        }
      }
      return filter.trace(
          name(),
          slide,
          mask,
          (double) slide.width() / width,
          (double) slide.height() / height,
          Map.of(
              "model", model.name(),
              "mpp", Double.toString(model.mpp()),
              "threshold", Double.toString(threshold)));
    } finally {
      Mats.release(mask);
    }
  }

  private void check(List<float[]> answers, int tiles, int size) {
    if (answers.size() != tiles
        || answers.stream().anyMatch(answer -> answer.length != size * size)) {
      throw new TilingException(
          "The segmentation model "
              + model.name()
              + " must answer "
              + tiles
              + " tiles with "
              + size
              + "x"
              + size
              + " probabilities each.");
    }
  }

  private void store(float[] answer, double left, double top, int every, int halo, Mat mask) {
    int size = model.tileSize();
    int x0 = (int) Math.round(left);
    int y0 = (int) Math.round(top);
    // The slide's own edge has no neighbour that judges it better.
    int fromX = x0 == 0 ? 0 : halo;
    int fromY = y0 == 0 ? 0 : halo;
    byte[] row = new byte[size / every + 1];
    for (int y = fromY; y < size; y += every) {
      int maskY = y0 + y / every;
      int maskX = x0 + fromX / every;
      if (maskY >= mask.rows() || maskX >= mask.cols()) {
        continue;
      }
      int count = 0;
      for (int x = fromX; x < size && maskX + count < mask.cols(); x += every) {
        row[count++] = (byte) (answer[y * size + x] >= threshold ? 255 : 0);
      }
      byte[] exact = Arrays.copyOf(row, count);
      mask.put(maskY, maskX, exact);
    }
  }
}
