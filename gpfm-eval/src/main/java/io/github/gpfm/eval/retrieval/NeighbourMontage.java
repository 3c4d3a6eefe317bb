package io.github.gpfm.eval.retrieval;

import io.github.gpfm.eval.internal.Drawing;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Queries and their nearest tiles as a picture: one row a query, the query first. */
public final class NeighbourMontage {
  private static final int CELL = 128;
  private static final int GAP = 8;
  private static final int CAPTION = 16;

  /**
   * A tile to show.
   *
   * @param image its pixels
   * @param caption text under it
   * @param right whether its class is the query's: green frame, otherwise red; null: unknown, grey
   */
  public record Cell(BufferedImage image, String caption, @Nullable Boolean right) {
    /** A tile whose class is not known. */
    public static Cell unjudged(BufferedImage image, String caption) {
      return new Cell(image, caption, null);
    }

    private Color frame() {
      if (right == null) {
        return Color.GRAY;
      }
      return right ? new Color(0x2E8B57) : new Color(0xC0392B);
    }
  }

  private record Row(Cell query, List<Cell> found) {}

  private final List<Row> rows = new ArrayList<>();

  /** Adds a query and what was found for it, nearest first. */
  public NeighbourMontage add(Cell query, List<Cell> found) {
    rows.add(new Row(query, List.copyOf(found)));
    return this;
  }

  /** The picture. */
  public BufferedImage image() {
    int most = rows.stream().mapToInt(r -> r.found().size()).max().orElse(0);
    int width = GAP + (most + 1) * (CELL + GAP) + 2 * GAP;
    int height = GAP + rows.size() * (CELL + CAPTION + GAP);
    return Drawing.image(width, Math.max(1, height), this::draw);
  }

  /** Writes the picture as PNG. */
  public void write(Path file) {
    Drawing.writePng(file, image());
  }

  private void draw(Graphics2D g) {
    g.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 11));
    g.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
    for (int r = 0; r < rows.size(); r++) {
      int y = GAP + r * (CELL + CAPTION + GAP);
      draw(g, rows.get(r).query(), GAP, y, Color.DARK_GRAY);
      List<Cell> found = rows.get(r).found();
      for (int i = 0; i < found.size(); i++) {
        Color frame = found.get(i).frame();
        draw(g, found.get(i), GAP + (i + 1) * (CELL + GAP) + 2 * GAP, y, frame);
      }
    }
  }

  private static void draw(Graphics2D g, Cell cell, int x, int y, Color frame) {
    g.drawImage(cell.image(), x, y, CELL, CELL, null);
    g.setColor(frame);
    g.setStroke(new BasicStroke(3f));
    g.drawRect(x, y, CELL, CELL);
    g.setColor(Color.BLACK);
    String caption = cell.caption();
    while (caption.length() > 1 && g.getFontMetrics().stringWidth(caption) > CELL) {
      caption = caption.substring(0, caption.length() - 1);
    }
    g.drawString(caption, x, y + CELL + CAPTION - 4);
  }
}
