package io.github.gpfm.tiling.segment;

import io.github.gpfm.api.Recipe;
import io.github.gpfm.api.Slide;
import io.github.gpfm.tiling.internal.ContourTracer;
import io.github.gpfm.tiling.internal.Mats;
import io.github.gpfm.tiling.internal.PatcherLevel;
import io.github.gpfm.tiling.internal.SegmentationImage;
import io.github.gpfm.tiling.tissue.Tissue;
import io.github.gpfm.tiling.tissue.TissueRegion;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.opencv.core.Core;
import org.opencv.core.CvType;
import org.opencv.core.Mat;
import org.opencv.core.Size;
import org.opencv.imgproc.Imgproc;

/**
 * The official patcher's segmentation ({@code WholeSlideImage.segmentTissue} of CLAM and GPFM): HSV
 * saturation, median blur, fixed or Otsu threshold, closing, contours with their holes, area
 * filter. Its results equal those of the official script.
 *
 * <p>A level of more than 2<sup>27</sup> pixels, or a slide of a single level of more than
 * 2<sup>30</sup>, is averaged down further, so that memory stays bounded; there the official script
 * would need the whole level in memory.
 *
 * @param parameters the official parameters
 */
public record ClamSegmenter(SegmentationParameters parameters) implements TissueSegmenter {
  private static final double REFERENCE_PATCH_AREA = 512.0 * 512.0;

  @Override
  public String name() {
    return "clam";
  }

  @Override
  public void describe(Recipe.Builder recipe) {
    parameters.toMap().forEach(recipe::add);
  }

  @Override
  public Tissue segment(Slide slide) {
    PatcherLevel level =
        parameters.segLevel() == SegmentationParameters.AUTO_LEVEL
            ? PatcherLevel.bestForSegmentation(slide)
            : PatcherLevel.of(slide, parameters.segLevel(), "segLevel");
    try (SegmentationImage saturation =
        SegmentationImage.read(slide, level, CvType.CV_8UC1, ClamSegmenter::saturation)) {
      threshold(saturation.pixels());
      double scaleX = saturation.downsampleX();
      double scaleY = saturation.downsampleY();
      double patch = Math.floor(REFERENCE_PATCH_AREA / (scaleX * scaleY));
      List<TissueRegion> regions =
          ContourTracer.trace(
              saturation.pixels(),
              parameters.aT() * patch,
              parameters.aH() * patch,
              parameters.maxNHoles(),
              scaleX,
              scaleY);
      return new Tissue(
          name(),
          level.index(),
          scaleX,
          scaleY,
          slide.width(),
          slide.height(),
          chosen(regions),
          parameters.toMap());
    }
  }

  private static Mat saturation(Mat bgra) {
    Mat hsv = new Mat();
    Mat saturation = new Mat();
    try {
      Imgproc.cvtColor(bgra, hsv, Imgproc.COLOR_BGR2HSV);
      Core.extractChannel(hsv, saturation, 1);
      return saturation;
    } finally {
      Mats.release(hsv);
    }
  }

  /** Turns saturation into a mask of 0 and 255, in place. */
  private void threshold(Mat pixels) {
    Mat blurred = new Mat();
    try {
      Imgproc.medianBlur(pixels, blurred, parameters.medianSize());
      int kind = Imgproc.THRESH_BINARY | (parameters.useOtsu() ? Imgproc.THRESH_OTSU : 0);
      Imgproc.threshold(
          blurred, pixels, parameters.useOtsu() ? 0 : parameters.sthresh(), 255, kind);
    } finally {
      Mats.release(blurred);
    }
    if (parameters.close() > 0) {
      Mat kernel = Mat.ones(new Size(parameters.close(), parameters.close()), CvType.CV_8UC1);
      try {
        Imgproc.morphologyEx(pixels, pixels, Imgproc.MORPH_CLOSE, kernel);
      } finally {
        Mats.release(kernel);
      }
    }
  }

  private List<TissueRegion> chosen(List<TissueRegion> regions) {
    TreeSet<Integer> ids = new TreeSet<>(parameters.keepIds());
    if (ids.isEmpty()) {
      for (int i = 0; i < regions.size(); i++) {
        ids.add(i);
      }
    }
    ids.removeAll(parameters.excludeIds());
    List<TissueRegion> kept = new ArrayList<>();
    for (int id : ids) {
      if (id >= 0 && id < regions.size()) {
        kept.add(regions.get(id));
      }
    }
    return kept;
  }
}
