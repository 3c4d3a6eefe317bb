package io.github.gpfm.eval.roi;

import io.github.gpfm.api.Embeddings;
import io.github.gpfm.api.Encoder;
import io.github.gpfm.api.EncoderException;
import io.github.gpfm.api.EncoderInfo;
import io.github.gpfm.api.TokenOutput;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.List;

/**
 * A baseline without any learning: colour moments and histograms, histogram of uniform local binary
 * patterns (Ojala et al., 2002) and of gradient strength, on the tile at 112x112. An encoder that
 * does not beat it has learned nothing.
 */
public final class ColourTextureEncoder implements Encoder {
  private static final int SIZE = 112;
  private static final int BINS = 8;
  private static final int PATTERNS = 10;
  private static final int DIMENSION = 6 + 3 * BINS + PATTERNS + BINS;

  @Override
  public EncoderInfo info() {
    return EncoderInfo.builder("colour-texture", DIMENSION)
        .architecture("colour moments, histograms, local binary patterns")
        .inputSize(SIZE)
        .license("Apache-2.0")
        .build();
  }

  @Override
  public Embeddings embed(List<BufferedImage> images, TokenOutput output) {
    if (output != TokenOutput.CLASS_TOKEN) {
      throw new EncoderException("the colour and texture baseline has no patch tokens");
    }
    float[] values = new float[images.size() * DIMENSION];
    for (int i = 0; i < images.size(); i++) {
      System.arraycopy(feature(images.get(i)), 0, values, i * DIMENSION, DIMENSION);
    }
    return Embeddings.of(images.size(), DIMENSION, values);
  }

  private static float[] feature(BufferedImage image) {
    BufferedImage rgb = new BufferedImage(SIZE, SIZE, BufferedImage.TYPE_INT_RGB);
    Graphics2D g = rgb.createGraphics();
    g.setColor(Color.WHITE);
    g.fillRect(0, 0, SIZE, SIZE);
    g.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
    g.drawImage(image, 0, 0, SIZE, SIZE, null);
    g.dispose();
    float[] f = new float[DIMENSION];
    double[][] channels = new double[3][SIZE * SIZE];
    double[] grey = new double[SIZE * SIZE];
    for (int p = 0; p < grey.length; p++) {
      int argb = rgb.getRGB(p % SIZE, p / SIZE);
      for (int c = 0; c < 3; c++) {
        channels[c][p] = (argb >> (16 - 8 * c) & 0xFF) / 255.0;
      }
      grey[p] = (channels[0][p] + channels[1][p] + channels[2][p]) / 3;
    }
    for (int c = 0; c < 3; c++) {
      colour(f, c, channels[c]);
    }
    texture(f, grey);
    return f;
  }

  private static void colour(float[] f, int c, double[] channel) {
    double sum = 0;
    double squares = 0;
    for (double v : channel) {
      sum += v;
      squares += v * v;
      f[6 + c * BINS + Math.min(BINS - 1, (int) (v * BINS))] += 1f / channel.length;
    }
    double mean = sum / channel.length;
    f[c] = (float) mean;
    f[3 + c] = (float) Math.sqrt(Math.max(0, squares / channel.length - mean * mean));
  }

  private static void texture(float[] f, double[] grey) {
    int patterns = 6 + 3 * BINS;
    int gradients = patterns + PATTERNS;
    float share = 1f / ((SIZE - 2) * (SIZE - 2));
    int[] around = {-SIZE - 1, -SIZE, -SIZE + 1, 1, SIZE + 1, SIZE, SIZE - 1, -1};
    for (int y = 1; y < SIZE - 1; y++) {
      for (int x = 1; x < SIZE - 1; x++) {
        int p = y * SIZE + x;
        int set = 0;
        int changes = 0;
        boolean before = grey[p + around[7]] >= grey[p];
        for (int offset : around) {
          boolean here = grey[p + offset] >= grey[p];
          set += here ? 1 : 0;
          changes += here == before ? 0 : 1;
          before = here;
        }
        f[patterns + (changes <= 2 ? set : PATTERNS - 1)] += share;
        double dx = grey[p + 1] - grey[p - 1];
        double dy = grey[p + SIZE] - grey[p - SIZE];
        f[gradients + Math.min(BINS - 1, (int) (Math.hypot(dx, dy) * 2 * BINS))] += share;
      }
    }
  }

  @Override
  public void close() {
    // Holds nothing.
  }
}
