package io.github.gpfm.tiling.picture;

import io.github.gpfm.tiling.grid.TileTable;
import io.github.gpfm.tiling.qc.TileScore;
import java.awt.AlphaComposite;
import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.Rectangle;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Colours tiles by a score over the slide's thumbnail, with a scale below. */
public final class HeatMapPicture {
  private static final int LEGEND = 44;
  private static final float OPACITY = 0.6f;

  /** Dark blue to yellow, evenly brighter and readable for the colour-blind. */
  private static final int[] COLOURS = {0x440154, 0x3b528b, 0x21918c, 0x5ec962, 0xfde725};

  private HeatMapPicture() {}

  /**
   * Draws a score: a part of a tile from 0 to 1, so that slides can be compared and nothing found
   * looks like nothing; any other from the smallest to the largest value that occurs.
   *
   * @param thumbnail of the slide
   * @param table its tiles
   * @param score name of the score; tiles whose score is not a number are left as they are
   * @return {@link BufferedImage#TYPE_INT_RGB}, as wide as the thumbnail and {@value #LEGEND}
   *     pixels higher
   */
  public static BufferedImage draw(Thumbnail thumbnail, TileTable table, String score) {
    if (isPart(score)) {
      return draw(thumbnail, table, score, 0, 1);
    }
    double[] values = table.scores(score);
    double min = Arrays.stream(values).filter(Double::isFinite).min().orElse(0);
    double max = Arrays.stream(values).filter(Double::isFinite).max().orElse(1);
    return draw(thumbnail, table, score, min, max);
  }

  private static boolean isPart(String score) {
    return score.equals(TileScore.TISSUE_FRACTION)
        || Arrays.stream(TileScore.values())
            .anyMatch(one -> one.isPart() && one.label().equals(score));
  }

  /**
   * Draws every score of a table, one picture each, side by side or one below the other so that the
   * whole is as square as it can be.
   *
   * @param thumbnail of the slide
   * @param table its tiles, with at least one score
   * @return {@link BufferedImage#TYPE_INT_RGB}
   */
  public static BufferedImage drawAll(Thumbnail thumbnail, TileTable table) {
    List<BufferedImage> pictures =
        table.scoreNames().stream().map(score -> draw(thumbnail, table, score)).toList();
    int width = pictures.get(0).getWidth();
    int height = pictures.get(0).getHeight();
    int columns =
        (int)
            Math.max(
                1,
                Math.min(
                    pictures.size(),
                    Math.round(Math.sqrt((double) pictures.size() * height / width))));
    int rows = (pictures.size() + columns - 1) / columns;
    BufferedImage sheet =
        new BufferedImage(columns * width, rows * height, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = sheet.createGraphics();
    graphics.setColor(Color.WHITE);
    graphics.fillRect(0, 0, sheet.getWidth(), sheet.getHeight());
    for (int i = 0; i < pictures.size(); i++) {
      graphics.drawImage(pictures.get(i), i % columns * width, i / columns * height, null);
    }
    graphics.dispose();
    return sheet;
  }

  /**
   * Draws a score over a range of one's choice, for instance to compare slides.
   *
   * @param min value of the darkest colour
   * @param max value of the brightest colour
   */
  public static BufferedImage draw(
      Thumbnail thumbnail, TileTable table, String score, double min, double max) {
    BufferedImage source = thumbnail.image();
    BufferedImage picture =
        new BufferedImage(
            source.getWidth(), source.getHeight() + LEGEND, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = picture.createGraphics();
    graphics.setColor(Color.WHITE);
    graphics.fillRect(0, 0, picture.getWidth(), picture.getHeight());
    graphics.drawImage(source, 0, 0, null);
    graphics.setClip(0, 0, source.getWidth(), source.getHeight());
    graphics.setComposite(AlphaComposite.getInstance(AlphaComposite.SRC_OVER, OPACITY));
    for (int i = 0; i < table.size(); i++) {
      double value = table.score(score, i);
      if (Double.isFinite(value)) {
        Rectangle box = MosaicPicture.box(thumbnail, table.grid(), i);
        graphics.setColor(colour(max > min ? (value - min) / (max - min) : 0.5));
        graphics.fill(box);
      }
    }
    graphics.setComposite(AlphaComposite.SrcOver);
    graphics.setClip(null);
    legend(graphics, score, min, max, source.getHeight(), source.getWidth());
    graphics.dispose();
    return picture;
  }

  private static void legend(
      Graphics2D graphics, String score, double min, double max, int top, int width) {
    graphics.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    int bar = Math.min(280, width / 2);
    for (int x = 0; x < bar; x++) {
      graphics.setColor(colour((double) x / Math.max(1, bar - 1)));
      graphics.fillRect(8 + x, top + 8, 1, 12);
    }
    graphics.setColor(Color.DARK_GRAY);
    graphics.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 14));
    FontMetrics metrics = graphics.getFontMetrics();
    String high = number(max);
    graphics.drawString(number(min), 8, top + 36);
    graphics.drawString(high, 8 + bar - metrics.stringWidth(high), top + 36);
    graphics.setFont(new Font(Font.SANS_SERIF, Font.BOLD, 18));
    graphics.drawString(score.replace('_', ' '), bar + 24, top + 22);
  }

  private static String number(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e6
        ? String.format(Locale.ROOT, "%.0f", value)
        : String.format(Locale.ROOT, "%.3g", value);
  }

  /** The colour of a value from 0 to 1; values outside are taken for the nearer end. */
  static Color colour(double value) {
    double position = Math.max(0, Math.min(1, value)) * (COLOURS.length - 1);
    int index = (int) Math.min(COLOURS.length - 2, Math.floor(position));
    double part = position - index;
    Color a = new Color(COLOURS[index]);
    Color b = new Color(COLOURS[index + 1]);
    return new Color(
        mix(a.getRed(), b.getRed(), part),
        mix(a.getGreen(), b.getGreen(), part),
        mix(a.getBlue(), b.getBlue(), part));
  }

  private static int mix(int a, int b, double part) {
    return (int) Math.round(a + (b - a) * part);
  }
}
