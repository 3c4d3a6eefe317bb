package io.github.gpfm.tiling.segment;

import io.github.gpfm.api.Recipe;
import io.github.gpfm.api.Slide;
import io.github.gpfm.tiling.internal.Mats;
import io.github.gpfm.tiling.internal.SegmentationImage;
import io.github.gpfm.tiling.internal.TwoPassOtsu;
import io.github.gpfm.tiling.tissue.Tissue;
import java.util.Map;
import org.opencv.core.CvType;
import org.opencv.core.Mat;
import org.opencv.core.Rect;
import org.opencv.core.Scalar;
import org.opencv.imgproc.Imgproc;

/**
 * TRIDENT's classical segmentation ({@code segmentation_models/model_zoo/otsu.py}): at 1.25x, in
 * tiles of 512 pixels, gray and black pixels are taken for glass, then two passes of Otsu's method
 * with small objects removed between them and small holes filled after them.
 *
 * @param filter which pieces and holes are kept
 */
public record OtsuSegmenter(RegionFilter filter) implements TissueSegmenter {
  private static final double MPP = 8;
  private static final int TILE = 512;

  /** The usual pieces and holes. */
  public OtsuSegmenter() {
    this(RegionFilter.DEFAULT);
  }

  @Override
  public String name() {
    return "otsu";
  }

  @Override
  public void describe(Recipe.Builder recipe) {
    recipe.with(filter);
  }

  @Override
  public Tissue segment(Slide slide) {
    double downsample = RegionFilter.downsample(slide, MPP);
    try (SegmentationImage image =
        SegmentationImage.read(slide, downsample, CvType.CV_8UC3, OtsuSegmenter::rgb)) {
      Mat pixels = image.pixels();
      Mat mask = Mat.zeros(pixels.size(), CvType.CV_8UC1);
      try {
        for (int y = 0; y < pixels.rows(); y += TILE) {
          for (int x = 0; x < pixels.cols(); x += TILE) {
            int width = Math.min(TILE, pixels.cols() - x);
            int height = Math.min(TILE, pixels.rows() - y);
            Rect box = new Rect(x, y, width, height);
            segment(pixels.submat(box), mask.submat(box));
          }
        }
        return filter.trace(
            name(),
            slide,
            mask,
            image.downsampleX(),
            image.downsampleY(),
            Map.of("mpp", Double.toString(MPP), "tile", Integer.toString(TILE)));
      } finally {
        Mats.release(mask);
      }
    }
  }

  /** What of a tile lies outside the slide is glass, as in the original. */
  private static void segment(Mat part, Mat target) {
    Mat tile = new Mat(TILE, TILE, CvType.CV_8UC3, Scalar.all(255));
    Mat inside = tile.submat(0, part.rows(), 0, part.cols());
    Mat found = new Mat(TILE, TILE, CvType.CV_8UC1);
    Mat foundInside = found.submat(0, part.rows(), 0, part.cols());
    try {
      part.copyTo(inside);
      byte[] rgb = new byte[3 * TILE * TILE];
      tile.get(0, 0, rgb);
      found.put(0, 0, TwoPassOtsu.tissue(rgb, TILE, TILE));
      foundInside.copyTo(target);
    } finally {
      Mats.release(part, target, inside, tile, foundInside, found);
    }
  }

  private static Mat rgb(Mat bgra) {
    Mat rgb = new Mat();
    Imgproc.cvtColor(bgra, rgb, Imgproc.COLOR_BGRA2RGB);
    return rgb;
  }
}
