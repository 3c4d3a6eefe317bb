package io.github.gpfm.encoder.explain;

import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.Arrays;

/**
 * What the class token looks at, as one picture: the tile, the mean over the heads laid over it,
 * and each head below, as DINO's authors show it (Caron et al., arXiv 2104.14294, figure 1).
 */
public final class AttentionPicture {
  private static final int LARGE = 448;
  private static final int GAP = 8;
  private static final int CAPTION = 20;
  private static final double OPACITY = 0.55;
  private static final int BAR = 12;

  private AttentionPicture() {}

  /**
   * Draws a map. Colours run from the 1st to the 99th percentile of what is drawn, for each head by
   * itself, since heads differ much in how far they spread.
   *
   * @param tile the image that the network saw, square
   * @param map its attention
   * @return {@link BufferedImage#TYPE_INT_RGB}
   */
  public static BufferedImage draw(BufferedImage tile, AttentionMap map) {
    int width = 2 * LARGE + 3 * GAP;
    int columns = Math.min(map.heads(), 8);
    int small = (width - GAP) / columns - GAP;
    int rows = (map.heads() + columns - 1) / columns;
    int headsTop = GAP + CAPTION + LARGE + BAR + 2 * GAP;
    BufferedImage picture =
        new BufferedImage(
            width, headsTop + rows * (small + CAPTION + GAP), BufferedImage.TYPE_INT_RGB);
    Graphics2D g = picture.createGraphics();
    g.setColor(Color.WHITE);
    g.fillRect(0, 0, picture.getWidth(), picture.getHeight());
    g.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    g.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 13));
    BufferedImage large = scaled(tile, LARGE);
    caption(g, "tile", GAP, GAP);
    g.drawImage(large, GAP, GAP + CAPTION, null);
    int right = LARGE + 2 * GAP;
    caption(g, "attention of the class token, mean of " + map.heads() + " heads", right, GAP);
    g.drawImage(overlay(large, map, map.mean()), right, GAP + CAPTION, null);
    scale(g, right, GAP + CAPTION + LARGE + GAP / 2);
    BufferedImage thumbnail = scaled(tile, small);
    for (int head = 0; head < map.heads(); head++) {
      int x = GAP + head % columns * (small + GAP);
      int y = headsTop + head / columns * (small + CAPTION + GAP);
      caption(g, (small < 80 ? "" : "head ") + (head + 1), x, y);
      g.drawImage(overlay(thumbnail, map, map.head(head)), x, y + CAPTION, null);
    }
    g.dispose();
    return picture;
  }

  private static BufferedImage overlay(BufferedImage image, AttentionMap map, float[] values) {
    float[] sorted = values.clone();
    Arrays.sort(sorted);
    float low = sorted[(int) Math.round(0.01 * (sorted.length - 1))];
    float high = sorted[(int) Math.round(0.99 * (sorted.length - 1))];
    float[] clipped = values.clone();
    for (int i = 0; i < clipped.length; i++) {
      clipped[i] = Math.min(Math.max(clipped[i], low), high);
    }
    return HeatMap.overlay(image, clipped, map.rows(), map.columns(), OPACITY);
  }

  private static BufferedImage scaled(BufferedImage image, int edge) {
    BufferedImage result = new BufferedImage(edge, edge, BufferedImage.TYPE_INT_RGB);
    Graphics2D g = result.createGraphics();
    g.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
    g.drawImage(image, 0, 0, edge, edge, null);
    g.dispose();
    return result;
  }

  private static void caption(Graphics2D g, String text, int x, int y) {
    g.setColor(Color.DARK_GRAY);
    g.drawString(text, x, y + CAPTION - 6);
  }

  private static void scale(Graphics2D g, int x, int y) {
    int left = g.getFontMetrics().stringWidth("less ");
    int width = LARGE - left - g.getFontMetrics().stringWidth(" more");
    for (int i = 0; i < width; i++) {
      g.setColor(new Color(HeatMap.color(i / (width - 1.0))));
      g.fillRect(x + left + i, y, 1, BAR);
    }
    g.setColor(Color.DARK_GRAY);
    g.drawString("less", x, y + BAR - 1);
    g.drawString(" more", x + left + width, y + BAR - 1);
  }
}
