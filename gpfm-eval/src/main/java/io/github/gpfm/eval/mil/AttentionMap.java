package io.github.gpfm.eval.mil;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.github.gpfm.eval.EvaluationException;
import io.github.gpfm.eval.internal.Drawing;
import io.github.gpfm.support.AtomicFile;
import java.awt.AlphaComposite;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * The attention of a network on one slide, to be looked at: over a thumbnail, or as detections with
 * measurements that QuPath opens.
 *
 * @param coords left and top edge of each tile, level-0 pixels: x0, y0, x1, y1, …
 * @param tileSize edge of a tile, level-0 pixels
 * @param attention weight of each tile, before or after the softmax; only its order is drawn
 */
public record AttentionMap(long[] coords, double tileSize, float[] attention) {
  private static final double OPACITY = 0.45;
  private static final int LEGEND = 56;
  private static final int BAR = 160;

  /** Checks that there is one weight a tile. */
  public AttentionMap {
    if (coords.length != 2 * attention.length || !(tileSize > 0)) {
      throw new EvaluationException(
          attention.length
              + " attention weights do not fit "
              + coords.length / 2
              + " tiles of "
              + tileSize
              + " pixels");
    }
    coords = coords.clone();
    attention = attention.clone();
  }

  /**
   * The smallest distance between two different columns or rows of tiles: the edge of a tile where
   * tiles do not overlap; 1 for a single tile.
   *
   * @param coords x0, y0, x1, y1, …
   */
  public static double gridStep(long... coords) {
    long step = Long.MAX_VALUE;
    for (int axis = 0; axis < 2; axis++) {
      int from = axis;
      long[] places =
          IntStream.range(0, coords.length / 2)
              .mapToLong(i -> coords[2 * i + from])
              .distinct()
              .sorted()
              .toArray();
      for (int i = 1; i < places.length; i++) {
        step = Math.min(step, places[i] - places[i - 1]);
      }
    }
    return step == Long.MAX_VALUE ? 1 : step;
  }

  /** Weights that sum to 1. */
  public static float[] softmax(float[] raw) {
    double max = Double.NEGATIVE_INFINITY;
    for (float v : raw) {
      max = Math.max(max, v);
    }
    double sum = 0;
    for (float v : raw) {
      sum += Math.exp(v - max);
    }
    float[] result = new float[raw.length];
    for (int i = 0; i < raw.length; i++) {
      result[i] = (float) (Math.exp(raw[i] - max) / sum);
    }
    return result;
  }

  /** Rank of each tile's attention, 0 (lowest) to 1 (highest), as CLAM's heat maps use. */
  public double[] percentiles() {
    double[] values = new double[attention.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = attention[i];
    }
    double[] ranks = io.github.gpfm.eval.rank.RankTable.rankAscending(values);
    return Arrays.stream(ranks)
        .map(r -> ranks.length == 1 ? 1 : (r - 1) / (ranks.length - 1))
        .toArray();
  }

  /**
   * Paints the tiles over a thumbnail, blue (low) to red (high).
   *
   * @param thumbnail picture of the whole slide
   * @param downsample level-0 pixels a thumbnail pixel
   * @param opacity 0 to 1
   */
  public BufferedImage overlay(BufferedImage thumbnail, double downsample, double opacity) {
    double[] percentiles = percentiles();
    return Drawing.image(
        thumbnail.getWidth(),
        thumbnail.getHeight(),
        g -> {
          g.drawImage(thumbnail, 0, 0, null);
          g.setComposite(AlphaComposite.getInstance(AlphaComposite.SRC_OVER, (float) opacity));
          for (int i = 0; i < percentiles.length; i++) {
            paint(g, i, percentiles[i], downsample);
          }
        });
  }

  private void paint(Graphics2D g, int tile, double percentile, double downsample) {
    g.setColor(colour(percentile));
    double size = tileSize / downsample;
    g.fill(
        new Rectangle2D.Double(
            coords[2 * tile] / downsample, coords[2 * tile + 1] / downsample, size, size));
  }

  private static Color colour(double value) {
    return Color.getHSBColor((float) ((1 - value) * 2 / 3), 0.9f, 0.9f);
  }

  /**
   * {@link #overlay} above a colour bar and a line of text.
   *
   * @param thumbnail picture of the whole slide
   * @param downsample level-0 pixels a thumbnail pixel
   * @param caption what was predicted, for instance
   */
  public BufferedImage picture(BufferedImage thumbnail, double downsample, String caption) {
    BufferedImage overlay = overlay(thumbnail, downsample, OPACITY);
    int width = Math.max(overlay.getWidth(), 480);
    return Drawing.image(
        width,
        overlay.getHeight() + LEGEND,
        g -> {
          g.drawImage(overlay, 0, 0, null);
          int y = overlay.getHeight() + 12;
          for (int x = 0; x < BAR; x++) {
            g.setColor(colour(x / (double) (BAR - 1)));
            g.fillRect(12 + x, y, 1, 14);
          }
          g.setColor(Color.BLACK);
          g.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 13));
          g.drawString("attention: rank, low to high", 20 + BAR, y + 12);
          g.drawString(caption, 12, y + 34);
        });
  }

  /** Writes {@link #picture} as PNG. */
  public void writePicture(Path file, BufferedImage thumbnail, double downsample, String caption) {
    Drawing.writePng(file, picture(thumbnail, downsample, caption));
  }

  /**
   * Writes one QuPath detection a tile, with the measurements {@code attention} (as given) and
   * {@code attention percentile}.
   */
  public void writeGeoJson(Path file) {
    double[] percentiles = percentiles();
    JsonArray features = new JsonArray();
    for (int i = 0; i < attention.length; i++) {
      features.add(feature(i, percentiles[i]));
    }
    JsonObject collection = new JsonObject();
    collection.addProperty("type", "FeatureCollection");
    collection.add("features", features);
    AtomicFile.text(file, collection.toString());
  }

  private JsonObject feature(int i, double percentile) {
    double x = coords[2 * i];
    double y = coords[2 * i + 1];
    JsonArray ring = new JsonArray();
    double[][] corners = {
      {x, y}, {x + tileSize, y}, {x + tileSize, y + tileSize}, {x, y + tileSize}, {x, y}
    };
    for (double[] corner : corners) {
      JsonArray point = new JsonArray();
      point.add(corner[0]);
      point.add(corner[1]);
      ring.add(point);
    }
    JsonArray rings = new JsonArray();
    rings.add(ring);
    JsonObject geometry = new JsonObject();
    geometry.addProperty("type", "Polygon");
    geometry.add("coordinates", rings);
    JsonObject measurements = new JsonObject();
    measurements.addProperty("attention", attention[i]);
    measurements.addProperty("attention percentile", percentile);
    JsonObject classification = new JsonObject();
    classification.addProperty(
        "name", String.format(Locale.ROOT, "attention %d", (int) Math.min(9, percentile * 10)));
    JsonArray rgb = new JsonArray();
    Color colour = colour(percentile);
    rgb.add(colour.getRed());
    rgb.add(colour.getGreen());
    rgb.add(colour.getBlue());
    classification.add("color", rgb);
    JsonObject properties = new JsonObject();
    properties.addProperty("objectType", "tile");
    properties.add("classification", classification);
    properties.add("measurements", measurements);
    JsonObject feature = new JsonObject();
    feature.addProperty("type", "Feature");
    feature.add("geometry", geometry);
    feature.add("properties", properties);
    return feature;
  }
}
