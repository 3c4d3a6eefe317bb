package io.github.gpfm.distill.data;

import io.github.gpfm.distill.config.CropsConfig;
import io.github.gpfm.distill.config.CropsConfig.Blur;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
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
   * @return where the two global crops lie
   */
  public List<CropGeometry> crop(
      BufferedImage tile, SplittableRandom random, float[] globals, float[] locals, int i, int n) {
    PlanarImage image = PlanarImage.of(tile);
    List<CropGeometry> geometry = new ArrayList<>();
    for (int c = 0; c < 2; c++) {
      View view = c == 0 ? View.FIRST : View.SECOND;
      geometry.add(view(image, view, random, globals, (c * n + i) * globalLength()));
    }
    for (int c = 0; c < config.localCount(); c++) {
      view(image, View.LOCAL, random, locals, (c * n + i) * localLength());
    }
    return geometry;
  }

  /** Draws one crop into a buffer. */
  private CropGeometry view(
      PlanarImage image, View view, SplittableRandom random, float[] target, int offset) {
    boolean local = view == View.LOCAL;
    Box box =
        local
            ? box(image, config.localScaleMin(), config.localScaleMax(), random)
            : box(image, config.globalScaleMin(), config.globalScaleMax(), random);
    PlanarImage crop =
        image.resizedBox(
            box.left(),
            box.top(),
            box.width(),
            box.height(),
            local ? config.localSize() : config.globalSize());
    boolean mirrored = random.nextDouble() < 0.5;
    if (mirrored) {
      crop = crop.flipped();
    }
    int turns = config.rotations() ? random.nextInt(4) : 0;
    for (int k = 0; k < turns; k++) {
      crop = crop.turned();
    }
    colour(crop, view, random);
    crop.write(target, offset, mean, std);
    return new CropGeometry(
        (double) box.left() / image.width,
        (double) box.top() / image.height,
        (double) box.width() / image.width,
        (double) box.height() / image.height,
        mirrored,
        turns);
  }

  private void colour(PlanarImage crop, View view, SplittableRandom random) {
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
  }

  private static double blurProbability(Blur blur, View view) {
    return switch (blur) {
      case CODE -> view == View.FIRST ? 0 : view == View.SECOND ? 0.9 : 0.5;
      case PAPER -> view == View.FIRST ? 1 : view == View.SECOND ? 0.1 : 0.5;
      case NONE -> 0;
    };
  }

  private record Box(int left, int top, int width, int height) {}

  /** torchvision's RandomResizedCrop: ten tries, then the largest central crop that fits. */
  private static Box box(PlanarImage image, double least, double most, SplittableRandom random) {
    double area = (double) image.width * image.height;
    for (int attempt = 0; attempt < 10; attempt++) {
      double target = area * (least + (most - least) * random.nextDouble());
      double ratio = Math.exp(LOG_RATIO * (2 * random.nextDouble() - 1));
      int w = (int) Math.rint(Math.sqrt(target * ratio));
      int h = (int) Math.rint(Math.sqrt(target / ratio));
      if (w > 0 && h > 0 && w <= image.width && h <= image.height) {
        int top = random.nextInt(image.height - h + 1);
        return new Box(random.nextInt(image.width - w + 1), top, w, h);
      }
    }
    double ratio = (double) image.width / image.height;
    int w = ratio > 4.0 / 3 ? (int) Math.rint(image.height * 4.0 / 3) : image.width;
    int h = ratio < 3.0 / 4 ? (int) Math.rint(image.width * 4.0 / 3) : image.height;
    return new Box((image.width - w) / 2, (image.height - h) / 2, w, h);
  }

  private static float[] floats(List<Double> values) {
    float[] result = new float[values.size()];
    for (int i = 0; i < result.length; i++) {
      result[i] = values.get(i).floatValue();
    }
    return result;
  }
}
