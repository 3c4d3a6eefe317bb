package io.github.gpfm.eval.internal;

import de.erichseifert.vectorgraphics2d.Document;
import de.erichseifert.vectorgraphics2d.VectorGraphics2D;
import de.erichseifert.vectorgraphics2d.intermediate.CommandSequence;
import de.erichseifert.vectorgraphics2d.svg.SVGProcessor;
import de.erichseifert.vectorgraphics2d.util.PageSize;
import io.github.gpfm.support.AtomicFile;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.Consumer;
import javax.imageio.ImageIO;

/** One drawing, as pixels or as SVG. */
public final class Drawing {
  private Drawing() {}

  /** Writes PNG, or SVG if the name ends so. */
  public static void write(Path file, int width, int height, Consumer<Graphics2D> painter) {
    if (file.toString().toLowerCase(Locale.ROOT).endsWith(".svg")) {
      AtomicFile.text(file, svg(width, height, painter));
    } else {
      writePng(file, image(width, height, painter));
    }
  }

  /** The drawing as an SVG element, to be put into a page or a file. */
  public static String svg(int width, int height, Consumer<Graphics2D> painter) {
    VectorGraphics2D g = new VectorGraphics2D();
    painter.accept(g);
    CommandSequence commands = g.getCommands();
    Document document = new SVGProcessor().getDocument(commands, new PageSize(0, 0, width, height));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      document.writeTo(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    String text = bytes.toString(StandardCharsets.UTF_8);
    // A page may hold several: the declaration and the document type belong to files only.
    return text.substring(text.indexOf("<svg"));
  }

  /** Writes a PNG. */
  public static void writePng(Path file, BufferedImage image) {
    AtomicFile.stream(
        file,
        out -> {
          if (!ImageIO.write(image, "png", out)) {
            throw new IOException("no PNG writer");
          }
        });
  }

  /** Paints on white. */
  public static BufferedImage image(int width, int height, Consumer<Graphics2D> painter) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D g = image.createGraphics();
    try {
      g.setColor(Color.WHITE);
      g.fillRect(0, 0, width, height);
      g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
      g.setRenderingHint(
          RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
      painter.accept(g);
    } finally {
      g.dispose();
    }
    return image;
  }
}
