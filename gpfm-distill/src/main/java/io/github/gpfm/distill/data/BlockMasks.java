package io.github.gpfm.distill.data;

import io.github.gpfm.distill.config.MaskingConfig;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Block-wise masks and their collation over a batch (BEiT's masking as DINOv2 uses it).
 *
 * @param height rows of patches
 * @param width columns of patches
 */
public record BlockMasks(int height, int width) {
  private static final int LEAST_BLOCK = 4;
  private static final int TRIES = 10;
  private static final double LOG_ASPECT = Math.log(0.3);

  /**
   * Masks of a batch's global crops, crop-major.
   *
   * @param masks [crops x patches]
   * @param indices positions of the masked patches in {@code masks}
   * @param weights one over the masked patches of the owning crop
   * @param upperBound most patches that the drawn ratios could have masked
   */
  public record Collated(boolean[] masks, long[] indices, float[] weights, int upperBound) {}

  /**
   * One mask of at most {@code target} patches: blocks of random area and aspect are added until
   * the target is reached or ten tries in a row fail.
   */
  public boolean[] draw(int target, SplittableRandom random) {
    boolean[] mask = new boolean[height * width];
    // Half of the grid, from (0.5 * image // patch) * image // patch in the official code.
    int mostBlock = height * width / 2;
    int count = 0;
    while (count < target) {
      int added = addBlock(mask, Math.min(target - count, mostBlock), random);
      if (added == 0) {
        break;
      }
      count += added;
    }
    return mask;
  }

  /**
   * Masks for {@code crops} global crops: a share of them get masks whose ratios are spread evenly
   * between the bounds, in random order.
   */
  public Collated collate(int crops, MaskingConfig config, SplittableRandom random) {
    int patches = height * width;
    int masked = (int) (crops * config.probability());
    boolean[][] masks = new boolean[crops][];
    int upperBound = 0;
    for (int i = 0; i < crops; i++) {
      if (i >= masked) {
        masks[i] = new boolean[patches];
        continue;
      }
      float low = ratio(config, i, masked);
      float high = ratio(config, i + 1, masked);
      masks[i] = draw((int) (patches * (low + (high - low) * random.nextDouble())), random);
      upperBound += (int) (patches * high);
    }
    for (int i = crops - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      boolean[] swap = masks[i];
      masks[i] = masks[j];
      masks[j] = swap;
    }
    return flatten(masks, patches, upperBound);
  }

  /** No patch is masked, and every patch of {@code crops} global crops counts in the iBOT term. */
  public Collated everyPatch(int crops) {
    int patches = height * width;
    long[] indices = new long[crops * patches];
    float[] weights = new float[indices.length];
    Arrays.setAll(indices, i -> i);
    Arrays.fill(weights, 1f / patches);
    return new Collated(new boolean[indices.length], indices, weights, indices.length);
  }

  private static Collated flatten(boolean[][] masks, int patches, int upperBound) {
    int total = 0;
    for (boolean[] mask : masks) {
      total += count(mask);
    }
    boolean[] flat = new boolean[masks.length * patches];
    long[] indices = new long[total];
    float[] weights = new float[total];
    int k = 0;
    for (int i = 0; i < masks.length; i++) {
      float weight = 1f / Math.max(1, count(masks[i]));
      for (int j = 0; j < patches; j++) {
        if (masks[i][j]) {
          flat[i * patches + j] = true;
          indices[k] = (long) i * patches + j;
          weights[k++] = weight;
        }
      }
    }
    return new Collated(flat, indices, weights, upperBound);
  }

  /**
   * Bound {@code i} of {@code n + 1} equally spaced ones, in float32 as torch.linspace (one
   * rounding).
   */
  static float ratio(MaskingConfig config, int i, int n) {
    float low = (float) config.ratioMin();
    float high = (float) config.ratioMax();
    float step = (high - low) / n;
    return i < (n + 1) / 2 ? Math.fma(step, i, low) : Math.fma(-step, n - i, high);
  }

  private int addBlock(boolean[] mask, int most, SplittableRandom random) {
    for (int attempt = 0; attempt < TRIES; attempt++) {
      double area = LEAST_BLOCK + (most - LEAST_BLOCK) * random.nextDouble();
      double aspect = Math.exp(LOG_ASPECT - 2 * LOG_ASPECT * random.nextDouble());
      int h = (int) Math.rint(Math.sqrt(area * aspect));
      int w = (int) Math.rint(Math.sqrt(area / aspect));
      if (w >= width || h >= height) {
        continue;
      }
      int top = random.nextInt(height - h + 1);
      int left = random.nextInt(width - w + 1);
      int fresh = 0;
      for (int y = top; y < top + h; y++) {
        for (int x = left; x < left + w; x++) {
          fresh += mask[y * width + x] ? 0 : 1;
        }
      }
      if (fresh > 0 && fresh <= most) {
        for (int y = top; y < top + h; y++) {
          Arrays.fill(mask, y * width + left, y * width + left + w, true);
        }
        return fresh;
      }
    }
    return 0;
  }

  static int count(boolean[] mask) {
    int n = 0;
    for (boolean masked : mask) {
      n += masked ? 1 : 0;
    }
    return n;
  }
}
