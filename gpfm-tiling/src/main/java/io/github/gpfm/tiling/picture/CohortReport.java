package io.github.gpfm.tiling.picture;

import io.github.gpfm.support.AtomicFile;
import io.github.gpfm.support.Html;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Locale;

/**
 * One HTML page for a cohort, a row a slide: picture, counts, resolution and its source, warnings,
 * time. The page stands alone, without scripts and without other files.
 */
public final class CohortReport {
  private static final int PICTURE_EDGE = 360;
  private static final float PICTURE_QUALITY = 0.82f;

  /** Columns between a slide's name and its time. */
  private static final int NUMBER_OF_FACTS = 6;

  private static final String STYLE =
      """
      body{font:15px/1.45 system-ui,sans-serif;margin:2rem;color:#1c2430;background:#fafbfc}
      h1{font-size:1.5rem;margin:0 0 .3rem}
      .summary{color:#566;margin:0 0 1.2rem}
      table{border-collapse:collapse;width:100%;background:#fff}
      th,td{padding:.6rem .8rem;border-bottom:1px solid #e3e7ec;text-align:left;vertical-align:top}
      th{position:sticky;top:0;background:#eef2f6;font-weight:600}
      td.number,th.number{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
      td.name{font-weight:600;overflow-wrap:anywhere;min-width:9rem}
      td img{display:block;max-width:min(360px,30vw);border:1px solid #e3e7ec}
      .muted{color:#677;font-weight:400}
      .warning{display:inline-block;margin:0 .3rem .3rem 0;padding:.05rem .5rem;border-radius:.6rem;
        background:#fff1d6;color:#7a4b00}
      tr:hover td{background:#f6f8fb}
      tr.failed td{background:#fdf3f2}
      tr.failed .warning{background:#fbdcd8;color:#8a1c10}
      td.reason{color:#8a1c10;overflow-wrap:anywhere}
      @media(max-width:900px){
        body{margin:.7rem;font-size:13px}
        th,td{padding:.35rem .4rem}
        td.name{min-width:4.5rem}
        td.number{white-space:normal}
        td img{max-width:24vw}
      }
      """;

  private CohortReport() {}

  /**
   * Writes the page.
   *
   * @param file where to
   * @param title its heading
   * @param rows the slides in order
   * @throws io.github.gpfm.api.OutputException if it cannot be written
   */
  public static void write(Path file, String title, List<ReportRow> rows) {
    AtomicFile.write(
        file,
        partial -> {
          try (Writer out = Files.newBufferedWriter(partial, StandardCharsets.UTF_8)) {
            out.write("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
            out.write("<meta name=\"viewport\" content=\"width=device-width\">\n");
            out.write("<title>" + Html.escape(title) + "</title>\n");
            out.write("<style>\n" + STYLE + "</style>\n</head>\n<body>\n");
            out.write("<h1>" + Html.escape(title) + "</h1>\n");
            out.write("<p class=\"summary\">" + summary(rows) + "</p>\n<table>\n<thead><tr>");
            for (String heading : List.of("Slide", "Tissue and tiles")) {
              out.write("<th>" + heading + "</th>");
            }
            for (String heading : List.of("Size", "µm/px", "Pieces", "Tissue", "Tiles", "Time")) {
              out.write("<th class=\"number\">" + heading + "</th>");
            }
            out.write("<th>Warnings</th></tr></thead>\n<tbody>\n");
            for (ReportRow row : rows) {
              writeRow(out, row);
            }
            out.write("</tbody>\n</table>\n</body>\n</html>\n");
          }
        });
  }

  private static String summary(List<ReportRow> rows) {
    long tiles = rows.stream().mapToLong(ReportRow::tiles).sum();
    long warned = rows.stream().filter(row -> !row.warnings().isEmpty()).count();
    long failed = rows.stream().filter(ReportRow::failed).count();
    double seconds = rows.stream().mapToDouble(ReportRow::seconds).sum();
    return String.format(
        Locale.ROOT,
        "%s, %,d tiles, %d with warnings, %d failed, %.1f s of work",
        rows.size() == 1 ? "1 slide" : rows.size() + " slides",
        tiles,
        warned - failed,
        failed,
        seconds);
  }

  private static void writeRow(Writer out, ReportRow row) throws IOException {
    out.write(row.failed() ? "<tr class=\"failed\">" : "<tr>");
    out.write("<td class=\"name\">" + Html.escape(row.name()));
    if (!row.reader().isEmpty()) {
      out.write("<br><span class=\"muted\">" + Html.escape(row.reader()) + "</span>");
    }
    out.write("</td>");
    if (row.failed()) {
      // There is nothing to tell but the reason, which needs the room.
      out.write("<td class=\"reason\" colspan=\"" + NUMBER_OF_FACTS + "\">");
      out.write(Html.escape(String.join(" ", row.warnings())) + "</td>");
      cell(out, String.format(Locale.ROOT, "%.2f s", row.seconds()));
      out.write("<td><span class=\"warning\">failed</span></td></tr>\n");
      return;
    }
    out.write("<td>");
    if (row.picture().isPresent()) {
      out.write("<img alt=\"" + Html.escape(row.name()) + "\" src=\"data:image/jpeg;base64,");
      out.write(Base64.getEncoder().encodeToString(row.picture().get()));
      out.write("\">");
    }
    out.write("</td>");
    boolean known = row.width() > 0;
    cell(out, known ? row.width() + " × " + row.height() : "");
    cell(
        out,
        row.mpp()
            .map(
                mpp ->
                    String.format(Locale.ROOT, "%.4g", mpp.mean())
                        + "<br><span class=\"muted\">"
                        + Html.escape(mpp.source().label())
                        + "</span>")
            .orElse(known ? "unknown" : ""));
    cell(out, known ? Integer.toString(row.regions()) : "");
    cell(out, known ? String.format(Locale.ROOT, "%.1f %%", 100 * row.tissuePart()) : "");
    cell(out, known || row.tiles() > 0 ? String.format(Locale.ROOT, "%,d", row.tiles()) : "");
    cell(out, String.format(Locale.ROOT, "%.2f s", row.seconds()));
    out.write("<td>");
    for (String warning : row.warnings()) {
      out.write("<span class=\"warning\">" + Html.escape(warning) + "</span>");
    }
    out.write("</td></tr>\n");
  }

  private static void cell(Writer out, String html) throws IOException {
    out.write("<td class=\"number\">" + html + "</td>");
  }

  /** A picture of the size in which it is shown, as JPEG: a cohort's are all in memory. */
  static byte[] thumbnail(BufferedImage picture) {
    try {
      return ImageFiles.jpeg(small(picture), PICTURE_QUALITY);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static BufferedImage small(BufferedImage picture) {
    double scale =
        Math.min(1, (double) PICTURE_EDGE / Math.max(picture.getWidth(), picture.getHeight()));
    int width = (int) Math.max(1, Math.round(picture.getWidth() * scale));
    int height = (int) Math.max(1, Math.round(picture.getHeight() * scale));
    BufferedImage current = picture;
    // Halving first keeps thin lines, which one big step would skip.
    while (current.getWidth() >= 2 * width) {
      current = scaled(current, current.getWidth() / 2, Math.max(1, current.getHeight() / 2));
    }
    return scaled(current, width, height);
  }

  private static BufferedImage scaled(BufferedImage image, int width, int height) {
    BufferedImage out = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = out.createGraphics();
    graphics.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
    graphics.drawImage(image, 0, 0, width, height, null);
    graphics.dispose();
    return out;
  }
}
