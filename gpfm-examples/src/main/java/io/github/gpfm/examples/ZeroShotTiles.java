package io.github.gpfm.examples;

import io.github.gpfm.api.SlideFeatures;
import io.github.gpfm.encoder.text.ZeroShotClassifier;
import io.github.gpfm.tiling.picture.ImageFiles;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.Locale;

/** What zero-shot classification says of a slide's tiles. */
final class ZeroShotTiles {
  private static final int CELL = 8;
  private static final int MAX_EDGE = 4000;
  private static final int LINE = 20;

  private final ZeroShotClassifier classifier;
  private final SlideFeatures tiles;
  private final double[][] probabilities;

  ZeroShotTiles(ZeroShotClassifier classifier, SlideFeatures tiles, float[][] cosines) {
    this.classifier = classifier;
    this.tiles = tiles;
    this.probabilities = new double[cosines.length][];
    for (int i = 0; i < cosines.length; i++) {
      probabilities[i] = classifier.probabilities(cosines[i]);
    }
  }

  /** A row a tile: its place, its class, the probability of every class. */
  String csv() {
    StringBuilder text = new StringBuilder("tile,x,y,class");
    classifier.names().forEach(name -> text.append(',').append(ZeroShotCommand.quoted(name)));
    text.append('\n');
    long[] coords = tiles.coords();
    for (int i = 0; i < probabilities.length; i++) {
      text.append(i).append(',');
      text.append(coords.length == 0 ? "," : coords[2 * i] + "," + coords[2 * i + 1]);
      text.append(',');
      text.append(ZeroShotCommand.quoted(classifier.names().get(best(probabilities[i]))));
      for (double probability : probabilities[i]) {
        text.append(String.format(Locale.ROOT, ",%.6f", probability));
      }
      text.append('\n');
    }
    return text.toString();
  }

  /** {@code tumor 0.812, normal 0.188}, the likeliest first. */
  String describe(double[] slide) {
    return java.util.stream.IntStream.range(0, slide.length)
        .boxed()
        .sorted((a, b) -> Double.compare(slide[b], slide[a]))
        .map(c -> String.format(Locale.ROOT, "%s %.3f", classifier.names().get(c), slide[c]))
        .collect(java.util.stream.Collectors.joining(", "));
  }

  static int best(double[] values) {
    int best = 0;
    for (int i = 1; i < values.length; i++) {
      if (values[i] > values[best]) {
        best = i;
      }
    }
    return best;
  }

  /** A cell a tile in its class's colour, the paler the less sure; the classes' names below. */
  void writeMap(Path file) {
    long[] coords = tiles.coords();
    if (coords.length == 0 || !(tiles.level0Size() > 0)) {
      System.err.println(
          tiles.name()
              + " does not say where its tiles lie or how large they are: no map is drawn.");
      return;
    }
    double size = tiles.level0Size();
    double columns = 1;
    double rows = 1;
    for (int i = 0; i < coords.length; i += 2) {
      columns = Math.max(columns, coords[i] / size + 1);
      rows = Math.max(rows, coords[i + 1] / size + 1);
    }
    double cell = Math.min(CELL, MAX_EDGE / Math.max(columns, rows));
    int width = (int) Math.max(200, Math.ceil(columns * cell));
    int height = (int) Math.ceil(rows * cell);
    int classes = classifier.names().size();
    BufferedImage image =
        new BufferedImage(width, height + LINE * classes, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    try {
      graphics.setColor(Color.WHITE);
      graphics.fillRect(0, 0, image.getWidth(), image.getHeight());
      int edge = (int) Math.max(1, Math.ceil(cell));
      for (int i = 0; i < probabilities.length; i++) {
        int chosen = best(probabilities[i]);
        graphics.setColor(color(chosen, classes, probabilities[i][chosen]));
        int x = (int) Math.floor(coords[2 * i] / size * cell);
        int y = (int) Math.floor(coords[2 * i + 1] / size * cell);
        graphics.fillRect(x, y, edge, edge);
      }
      for (int c = 0; c < classes; c++) {
        int y = height + c * LINE;
        graphics.setColor(color(c, classes, 1));
        graphics.fillRect(4, y + 4, 12, 12);
        graphics.setColor(Color.BLACK);
        graphics.drawString(classifier.names().get(c), 22, y + 15);
      }
    } finally {
      graphics.dispose();
    }
    ImageFiles.writePng(file, image);
  }

  private static Color color(int index, int classes, double strength) {
    return Color.getHSBColor((float) index / classes, (float) strength, 0.9f);
  }
}
