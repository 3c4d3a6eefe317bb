package io.github.gpfm.eval.rank;

import io.github.gpfm.api.OutputException;
import io.github.gpfm.eval.internal.Drawing;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.geom.Line2D;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * Demšar's diagram: encoders at their mean ranks on an axis, bars over those that do not differ
 * significantly by Nemenyi's test.
 */
public final class CriticalDifferenceDiagram {
  private static final int WIDTH = 900;
  private static final int AXIS_Y = 90;
  private static final int ROW = 26;
  private static final int LABEL = 190;

  private final String title;
  private final String[] names;
  private final double[] means;
  private final double criticalDifference;
  private final List<int[]> cliques;

  /**
   * @param title heading
   * @param table at least two encoders and two tasks
   * @param alpha level of the test
   */
  public CriticalDifferenceDiagram(String title, RankTable table, double alpha) {
    this.title = title;
    int[] order = table.order();
    double[] all = table.meanRanks();
    this.names = new String[order.length];
    this.means = new double[order.length];
    for (int i = 0; i < order.length; i++) {
      names[i] = table.encoders().get(order[i]);
      means[i] = all[order[i]];
    }
    this.criticalDifference = Nemenyi.criticalDifference(order.length, table.tasks().size(), alpha);
    this.cliques = Nemenyi.cliques(means, criticalDifference);
  }

  /** The diagram headed by its number of tasks, as {@link #CriticalDifferenceDiagram} makes it. */
  public static CriticalDifferenceDiagram of(RankTable table, double alpha) {
    return new CriticalDifferenceDiagram(
        "mean ranks on " + table.tasks().size() + " tasks", table, alpha);
  }

  /** Nemenyi's critical difference shown. */
  public double criticalDifference() {
    return criticalDifference;
  }

  /**
   * Writes PNG or SVG by the name's ending.
   *
   * @throws OutputException if it cannot be written
   */
  public void write(Path file) {
    Drawing.write(file, WIDTH, height(), this::draw);
  }

  /** The diagram as an SVG element. */
  public String svg() {
    return Drawing.svg(WIDTH, height(), this::draw);
  }

  /** The diagram as a picture. */
  public BufferedImage image() {
    return Drawing.image(WIDTH, height(), this::draw);
  }

  private int half() {
    return (names.length + 1) / 2;
  }

  private int height() {
    return AXIS_Y + 30 + 12 * cliques.size() + ROW * half() + 20;
  }

  private double x(double rank) {
    double span = WIDTH - 2.0 * LABEL;
    return LABEL + (rank - 1) / (names.length - 1) * span;
  }

  private void draw(Graphics2D g) {
    g.setColor(Color.BLACK);
    g.setFont(new Font(Font.SANS_SERIF, Font.BOLD, 15));
    g.drawString(title, 20, 24);
    g.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 13));
    FontMetrics metrics = g.getFontMetrics();
    g.setStroke(new BasicStroke(1.5f));
    line(g, x(1), AXIS_Y, x(names.length), AXIS_Y);
    for (int r = 1; r <= names.length; r++) {
      line(g, x(r), AXIS_Y - 7, x(r), AXIS_Y);
      centred(g, metrics, Integer.toString(r), x(r), AXIS_Y - 11);
    }
    drawCriticalDifference(g, metrics);
    int below = AXIS_Y + 18 + 12 * cliques.size();
    g.setStroke(new BasicStroke(1f));
    for (int i = 0; i < names.length; i++) {
      boolean left = i < half();
      int row = left ? i : names.length - 1 - i;
      double y = below + ROW * row + 12;
      double end = left ? LABEL - 12 : WIDTH - LABEL + 12;
      line(g, x(means[i]), AXIS_Y, x(means[i]), y);
      line(g, x(means[i]), y, end, y);
      String label = String.format(Locale.ROOT, "%s  %.2f", names[i], means[i]);
      float at = (float) (left ? end - 6 - metrics.stringWidth(label) : end + 6);
      g.drawString(label, at, (float) y + 4);
    }
    g.setStroke(new BasicStroke(4f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
    g.setColor(new Color(0xB03A2E));
    for (int c = 0; c < cliques.size(); c++) {
      double y = AXIS_Y + 12 + 12.0 * c;
      line(g, x(means[cliques.get(c)[0]]) - 4, y, x(means[cliques.get(c)[1]]) + 4, y);
    }
  }

  private void drawCriticalDifference(Graphics2D g, FontMetrics metrics) {
    double right = x(1 + criticalDifference);
    double y = AXIS_Y - 34;
    line(g, x(1), y, right, y);
    line(g, x(1), y - 4, x(1), y + 4);
    line(g, right, y - 4, right, y + 4);
    String text = String.format(Locale.ROOT, "CD = %.3f", criticalDifference);
    g.drawString(text, (float) right + 8, (float) y + 4);
  }

  private static void line(Graphics2D g, double x1, double y1, double x2, double y2) {
    g.draw(new Line2D.Double(x1, y1, x2, y2));
  }

  private static void centred(Graphics2D g, FontMetrics m, String text, double x, double y) {
    g.drawString(text, (float) (x - m.stringWidth(text) / 2.0), (float) y);
  }
}
