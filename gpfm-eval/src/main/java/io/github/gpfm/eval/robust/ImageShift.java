package io.github.gpfm.eval.robust;

import io.github.gpfm.image.AntialiasedResize;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.SplittableRandom;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;

/**
 * What another laboratory or scanner would have made of a tile. A shift is the same for every tile:
 * it stands for a center, not for chance.
 */
public enum ImageShift {
  /** Another stain: hematoxylin, eosin and the rest scaled and moved in optical density. */
  HED,
  /** Another color balance: mean and spread of each Lab channel moved (Reinhard's statistics). */
  REINHARD,
  /** JPEG of quality 30. */
  JPEG,
  /** Out of focus: Gaussian blur with a standard deviation of 1.5 pixels. */
  BLUR,
  /** Scanned at half the resolution. */
  RESOLUTION;

  private static final float QUALITY = 0.3f;
  private static final double SIGMA = 1.5;
  private static final double STRENGTH = 0.15;
  private static final long SEED = 31;

  // Ruifrok and Johnston's stains, as scikit-image has them.
  private static final double[][] STAINS = {
    {0.65, 0.70, 0.29}, {0.07, 0.99, 0.11}, {0.27, 0.57, 0.78}
  };

  /** Name in configurations. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The shifted tile, of the same size. */
  public BufferedImage apply(BufferedImage tile) {
    return switch (this) {
      case HED -> hed(tile);
      case REINHARD -> reinhard(tile);
      case JPEG -> jpeg(tile);
      case BLUR -> blur(tile);
      case RESOLUTION -> {
        int w = tile.getWidth();
        int h = tile.getHeight();
        int halfW = Math.max(1, w / 2);
        int halfH = Math.max(1, h / 2);
        BufferedImage half =
            AntialiasedResize.resize(tile.getRGB(0, 0, w, h, null, 0, w), w, h, halfW, halfH);
        yield AntialiasedResize.resize(
            half.getRGB(0, 0, halfW, halfH, null, 0, halfW), halfW, halfH, w, h);
      }
    };
  }

  private interface Pixel {
    void change(double[] rgb);
  }

  // rgb in 0..1, changed in place.
  private static BufferedImage map(BufferedImage tile, Pixel change) {
    BufferedImage out =
        new BufferedImage(tile.getWidth(), tile.getHeight(), BufferedImage.TYPE_INT_RGB);
    double[] p = new double[3];
    for (int y = 0; y < tile.getHeight(); y++) {
      for (int x = 0; x < tile.getWidth(); x++) {
        int rgb = tile.getRGB(x, y);
        for (int c = 0; c < 3; c++) {
          p[c] = (rgb >> (16 - 8 * c) & 0xFF) / 255.0;
        }
        change.change(p);
        int packed = 0;
        for (int c = 0; c < 3; c++) {
          packed = packed << 8 | (int) Math.round(255 * Math.min(1, Math.max(0, p[c])));
        }
        out.setRGB(x, y, packed);
      }
    }
    return out;
  }

  private static BufferedImage hed(BufferedImage tile) {
    SplittableRandom random = new SplittableRandom(SEED);
    double[] scale = new double[3];
    double[] move = new double[3];
    for (int s = 0; s < 3; s++) {
      scale[s] = 1 + STRENGTH * (2 * random.nextDouble() - 1) * 2;
      move[s] = STRENGTH * (2 * random.nextDouble() - 1) / 5;
    }
    double[][] unmix = inverse(STAINS);
    return map(
        tile,
        p -> {
          double[] density = new double[3];
          for (int c = 0; c < 3; c++) {
            density[c] = -Math.log(Math.max(p[c], 1e-6));
          }
          double[] stain = times(density, unmix);
          for (int s = 0; s < 3; s++) {
            stain[s] = stain[s] * scale[s] + move[s];
          }
          double[] shifted = times(stain, STAINS);
          for (int c = 0; c < 3; c++) {
            p[c] = Math.exp(-shifted[c]);
          }
        });
  }

  private static double[] times(double[] row, double[][] m) {
    double[] result = new double[3];
    for (int i = 0; i < 3; i++) {
      for (int j = 0; j < 3; j++) {
        result[j] += row[i] * m[i][j];
      }
    }
    return result;
  }

  private static double[][] inverse(double[][] m) {
    double[][] result = new double[3][3];
    double determinant = 0;
    for (int c = 0; c < 3; c++) {
      determinant += m[0][c] * cofactor(m, 0, c);
    }
    for (int r = 0; r < 3; r++) {
      for (int c = 0; c < 3; c++) {
        result[c][r] = cofactor(m, r, c) / determinant;
      }
    }
    return result;
  }

  private static double cofactor(double[][] m, int r, int c) {
    int r1 = (r + 1) % 3;
    int r2 = (r + 2) % 3;
    int c1 = (c + 1) % 3;
    int c2 = (c + 2) % 3;
    return m[r1][c1] * m[r2][c2] - m[r1][c2] * m[r2][c1];
  }

  // Ruderman's l alpha beta space: logarithms of cone responses, decorrelated.
  private static final double[][] CONES = {
    {0.3811, 0.1967, 0.0241}, {0.5783, 0.7244, 0.1288}, {0.0402, 0.0782, 0.8444}
  };
  private static final double[][] OPPONENT = {
    {1 / Math.sqrt(3), 1 / Math.sqrt(6), 1 / Math.sqrt(2)},
    {1 / Math.sqrt(3), 1 / Math.sqrt(6), -1 / Math.sqrt(2)},
    {1 / Math.sqrt(3), -2 / Math.sqrt(6), 0}
  };

  private static BufferedImage reinhard(BufferedImage tile) {
    double[][] rgb = inverse(CONES);
    double[][] cones = inverse(OPPONENT);
    double[] mean = new double[3];
    double count = (double) tile.getWidth() * tile.getHeight();
    map(
        tile,
        p -> {
          double[] lab = lab(p);
          for (int c = 0; c < 3; c++) {
            mean[c] += lab[c] / count;
          }
        });
    double[] spread = {0.9, 1.3, 1.3};
    double[] move = {-0.15, 0.02, 0.02};
    return map(
        tile,
        p -> {
          double[] lab = lab(p);
          for (int c = 0; c < 3; c++) {
            lab[c] = (lab[c] - mean[c]) * spread[c] + mean[c] + move[c];
          }
          double[] response = times(lab, cones);
          for (int c = 0; c < 3; c++) {
            response[c] = Math.exp(response[c]);
          }
          System.arraycopy(times(response, rgb), 0, p, 0, 3);
        });
  }

  private static double[] lab(double[] p) {
    double[] response = times(p, CONES);
    for (int c = 0; c < 3; c++) {
      response[c] = Math.log(Math.max(response[c], 1.0 / 255));
    }
    return times(response, OPPONENT);
  }

  private static BufferedImage jpeg(BufferedImage tile) {
    BufferedImage rgb = map(tile, p -> {});
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    try (ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        var out = ImageIO.createImageOutputStream(bytes)) {
      ImageWriteParam quality = writer.getDefaultWriteParam();
      quality.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
      quality.setCompressionQuality(QUALITY);
      writer.setOutput(out);
      writer.write(null, new IIOImage(rgb, null, null), quality);
      out.flush();
      return ImageIO.read(new ByteArrayInputStream(bytes.toByteArray()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      writer.dispose();
    }
  }

  private static BufferedImage blur(BufferedImage tile) {
    int radius = (int) Math.ceil(3 * SIGMA);
    double[] kernel = new double[2 * radius + 1];
    double sum = 0;
    for (int i = 0; i < kernel.length; i++) {
      kernel[i] = Math.exp(-(i - radius) * (i - radius) / (2 * SIGMA * SIGMA));
      sum += kernel[i];
    }
    for (int i = 0; i < kernel.length; i++) {
      kernel[i] /= sum;
    }
    return along(along(tile, kernel, 1, 0), kernel, 0, 1);
  }

  private static BufferedImage along(BufferedImage tile, double[] kernel, int dx, int dy) {
    int w = tile.getWidth();
    int h = tile.getHeight();
    BufferedImage out = new BufferedImage(w, h, BufferedImage.TYPE_INT_RGB);
    int radius = kernel.length / 2;
    for (int y = 0; y < h; y++) {
      for (int x = 0; x < w; x++) {
        double[] p = new double[3];
        for (int i = -radius; i <= radius; i++) {
          int rgb =
              tile.getRGB(
                  Math.min(w - 1, Math.max(0, x + i * dx)),
                  Math.min(h - 1, Math.max(0, y + i * dy)));
          for (int c = 0; c < 3; c++) {
            p[c] += kernel[i + radius] * (rgb >> (16 - 8 * c) & 0xFF);
          }
        }
        out.setRGB(
            x,
            y,
            (int) Math.round(p[0]) << 16 | (int) Math.round(p[1]) << 8 | (int) Math.round(p[2]));
      }
    }
    return out;
  }
}
