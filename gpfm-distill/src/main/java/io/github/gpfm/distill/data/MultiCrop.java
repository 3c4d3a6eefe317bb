package io.github.gpfm.distill.data;

import io.github.gpfm.distill.config.CropsConfig;
import io.github.gpfm.distill.config.CropsConfig.Blur;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.SplittableRandom;

/**
 * DINOv2's multi-crop augmentation: two global and several local random resized crops, each
 * flipped, jittered in colour, greyed, blurred, and the second global one solarised. Options for
 * pathology: jitter in stain space, quarter turns.
 */
public final class MultiCrop {
  private static final double JITTER = 0.8;
  private static final double GREY = 0.2;
  private static final double SOLARIZE = 0.2;
  private static final double LOG_RATIO = Math.log(4.0 / 3);

  private final CropsConfig config;
  private final float[] mean;
  private final float[] std;

  /**
   * @param config sizes, scales and options
   */
  public MultiCrop(CropsConfig config) {
    this.config = config;
    this.mean = floats(config.mean());
    this.std = floats(config.std());
  }

  /** Kinds of crops. */
  private enum View {
    FIRST,
    SECOND,
    LOCAL
  }

  /** Values of one global crop. */
  public int globalLength() {
    return 3 * config.globalSize() * config.globalSize();
  }

  /** Values of one local crop. */
  public int localLength() {
    return 3 * config.localSize() * config.localSize();
  }

  /**
   * Crops one tile into a batch's buffers, crop-major: crop c of tile i of n lies at position c * n
   * + i.
   *
   * @param globals [2 * n, 3, size, size]
   * @param locals [count * n, 3, size, size]
   */
  public void crop(
      BufferedImage tile, SplittableRandom random, float[] globals, float[] locals, int i, int n) {
    PlanarImage image = PlanarImage.of(tile);
    for (int c = 0; c < 2; c++) {
      view(image, c == 0 ? View.FIRST : View.SECOND, random)
          .write(globals, (c * n + i) * globalLength(), mean, std);
    }
    for (int c = 0; c < config.localCount(); c++) {
      view(image, View.LOCAL, random).write(locals, (c * n + i) * localLength(), mean, std);
    }
  }

  private PlanarImage view(PlanarImage image, View view, SplittableRandom random) {
    boolean local = view == View.LOCAL;
    PlanarImage crop =
        resizedCrop(
            image,
            local ? config.localSize() : config.globalSize(),
            local ? config.localScaleMin() : config.globalScaleMin(),
            local ? config.localScaleMax() : config.globalScaleMax(),
            random);
    if (random.nextDouble() < 0.5) {
      crop = crop.flipped();
    }
    int turns = config.rotations() ? random.nextInt(4) : 0;
    for (int k = 0; k < turns; k++) {
      crop = crop.turned();
    }
    if (config.stainJitter() > 0) {
      Colours.stainJitter(crop, config.stainJitter(), random);
    }
    if (random.nextDouble() < JITTER && config.colour() > 0) {
      Colours.jitter(crop, config.colour(), random);
    }
    if (random.nextDouble() < GREY && config.colour() > 0) {
      Colours.grey(crop);
    }
    if (random.nextDouble() < blurProbability(config.blur(), view)) {
      Colours.blur(crop, 0.1 + 1.9 * random.nextDouble());
    }
    if (view == View.SECOND && config.solarize() && random.nextDouble() < SOLARIZE) {
      Colours.solarize(crop);
    }
    return crop;
  }

  private static double blurProbability(Blur blur, View view) {
    return switch (blur) {
      case CODE -> view == View.FIRST ? 0 : view == View.SECOND ? 0.9 : 0.5;
      case PAPER -> view == View.FIRST ? 1 : view == View.SECOND ? 0.1 : 0.5;
      case NONE -> 0;
    };
  }

  /** torchvision's RandomResizedCrop: ten tries, then the largest central crop that fits. */
  private static PlanarImage resizedCrop(
      PlanarImage image, int size, double least, double most, SplittableRandom random) {
    double area = (double) image.width * image.height;
    for (int attempt = 0; attempt < 10; attempt++) {
      double target = area * (least + (most - least) * random.nextDouble());
      double ratio = Math.exp(LOG_RATIO * (2 * random.nextDouble() - 1));
      int w = (int) Math.rint(Math.sqrt(target * ratio));
      int h = (int) Math.rint(Math.sqrt(target / ratio));
      if (w > 0 && h > 0 && w <= image.width && h <= image.height) {
        int top = random.nextInt(image.height - h + 1);
        int left = random.nextInt(image.width - w + 1);
        return image.resizedBox(left, top, w, h, size);
      }
    }
    double ratio = (double) image.width / image.height;
    int w = ratio > 4.0 / 3 ? (int) Math.rint(image.height * 4.0 / 3) : image.width;
    int h = ratio < 3.0 / 4 ? (int) Math.rint(image.width * 4.0 / 3) : image.height;
    return image.resizedBox((image.width - w) / 2, (image.height - h) / 2, w, h, size);
  }

  private static float[] floats(List<Double> values) {
    float[] result = new float[values.size()];
    for (int i = 0; i < result.length; i++) {
      result[i] = values.get(i).floatValue();
    }
    return result;
  }
}
