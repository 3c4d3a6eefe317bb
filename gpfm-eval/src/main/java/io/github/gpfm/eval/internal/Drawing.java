package io.github.gpfm.eval.internal;

import io.github.gpfm.support.AtomicFile;
import java.awt.Color;
import java.awt.Dimension;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.Consumer;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.apache.batik.svggen.SVGGraphics2D;
import org.apache.batik.svggen.SVGGraphics2DIOException;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

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
    SVGGraphics2D g = new SVGGraphics2D(emptyDocument());
    g.setSVGCanvasSize(new Dimension(width, height));
    painter.accept(g);
    Element root = g.getRoot();
    root.setAttribute("viewBox", "0 0 " + width + " " + height);
    StringWriter writer = new StringWriter();
    try {
      g.stream(root, writer, true, false);
    } catch (SVGGraphics2DIOException e) {
      throw new UncheckedIOException(e);
    }
    String text = writer.toString();
    // A page may hold several: the declaration and the document type belong to files only.
    return text.substring(text.indexOf("<svg"));
  }

  private static Document emptyDocument() {
    try {
      return DocumentBuilderFactory.newDefaultInstance()
          .newDocumentBuilder()
          .getDOMImplementation()
          .createDocument(SVGGraphics2D.SVG_NAMESPACE_URI, "svg", null);
    } catch (ParserConfigurationException e) {
      throw new IllegalStateException("Java's own XML parser is missing", e);
    }
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
