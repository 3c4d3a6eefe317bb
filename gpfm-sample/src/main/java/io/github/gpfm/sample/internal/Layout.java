package io.github.gpfm.sample.internal;

import io.github.gpfm.sample.TissueClass;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** What lies where on one synthetic slide. Immutable once built; the same for the same seed. */
public final class Layout {
  static final int CLASSES = TissueClass.values().length;

  /**
   * A piece of tissue.
   *
   * @param outline its border
   * @param holes tears through which the glass shows
   * @param stain factor on the stain: 1 is ordinary, 0.3 is faint
   * @param fibreAngle direction of its fibres, radians
   * @param seeds points with a class each; a place takes the class of the nearest
   */
  record Piece(Blob outline, List<Blob> holes, double stain, double fibreAngle, List<Seed> seeds) {
    double depth(double x, double y) {
      double depth = outline.depth(x, y);
      for (Blob hole : holes) {
        depth = Math.min(depth, -hole.depth(x, y));
      }
      return depth;
    }
  }

  /** A point of a class inside a piece; {@code weight} enlarges its share. */
  record Seed(double x, double y, double weight, TissueClass tissue) {}

  /** A stroke of a felt pen on the glass: a polyline of x, y pairs. */
  record Pen(double[][] line, double width, int rgb) {}

  /** A crumb or fibre of dirt. */
  record Debris(double x, double y, double length, double width, double angle, double density) {}

  private final long seed;
  private final int width;
  private final int height;
  private final List<Piece> pieces = new ArrayList<>();
  private final List<Pen> pens = new ArrayList<>();
  private final List<Debris> debris = new ArrayList<>();
  private final Noise noise;

  /**
   * @param seed the same seed gives the same slide
   * @param width pixels
   * @param height pixels
   */
  public Layout(long seed, int width, int height) {
    this.seed = seed;
    this.width = width;
    this.height = height;
    this.noise = new Noise(seed);
    Random random = new Random(Noise.hash(seed, 1, 2));
    layPieces(random);
    if (random.nextDouble() < 0.4) {
      layPen(random);
    }
    int crumbs = 4 + random.nextInt(10);
    for (int i = 0; i < crumbs; i++) {
      boolean fibre = random.nextInt(4) == 0;
      debris.add(
          new Debris(
              random.nextDouble() * width,
              random.nextDouble() * height,
              fibre ? 60 + random.nextDouble() * 120 : 5 + random.nextDouble() * 14,
              fibre ? 3 + random.nextDouble() * 3 : 4 + random.nextDouble() * 9,
              random.nextDouble() * Math.PI,
              0.5 + random.nextDouble()));
    }
  }

  long seed() {
    return seed;
  }

  /** Pixels. */
  public int width() {
    return width;
  }

  /** Pixels. */
  public int height() {
    return height;
  }

  List<Piece> pieces() {
    return pieces;
  }

  List<Pen> pens() {
    return pens;
  }

  List<Debris> debris() {
    return debris;
  }

  Noise noise() {
    return noise;
  }

  /** The piece that a place lies deepest in, or lies nearest to; its index. */
  int nearestPiece(double x, double y) {
    int best = 0;
    double most = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < pieces.size(); i++) {
      double depth = pieces.get(i).depth(x, y);
      if (depth > most) {
        most = depth;
        best = i;
      }
    }
    return best;
  }

  /** How much each class claims a place of a piece; the largest wins. */
  void scores(Piece piece, double x, double y, float[] scores) {
    java.util.Arrays.fill(scores, Float.NEGATIVE_INFINITY);
    double wx = x + 380 * noise.at(x * 0.09, y * 0.09);
    double wy = y + 380 * noise.at(x * 0.09 + 191, y * 0.09 + 57);
    for (Seed s : piece.seeds()) {
      double d = Math.sqrt((wx - s.x()) * (wx - s.x()) + (wy - s.y()) * (wy - s.y()));
      float score = (float) (s.weight() - d);
      int k = s.tissue().ordinal();
      if (score > scores[k]) {
        scores[k] = score;
      }
    }
    for (int k = 0; k < scores.length; k++) {
      scores[k] = Math.max(scores[k], -1e6f);
    }
  }

  /** The class at a place, or -1 on glass. */
  int classAt(double x, double y) {
    Piece piece = pieces.get(nearestPiece(x, y));
    if (piece.depth(x, y) <= 0) {
      return -1;
    }
    float[] scores = new float[CLASSES];
    scores(piece, x, y, scores);
    return argMax(scores);
  }

  static int argMax(float[] values) {
    int best = 0;
    for (int i = 1; i < values.length; i++) {
      if (values[i] > values[best]) {
        best = i;
      }
    }
    return best;
  }

  private void layPieces(Random random) {
    double unit = Math.min(width, height);
    int wanted = 3 + random.nextInt(2);
    for (int attempt = 0; attempt < 400 && pieces.size() < wanted; attempt++) {
      double radius = unit * (0.165 + 0.085 * random.nextDouble()) * (attempt < 200 ? 1 : 0.6);
      double margin = radius * 1.4 + 30;
      double x = margin + random.nextDouble() * Math.max(1, width - 2 * margin);
      double y = margin + random.nextDouble() * Math.max(1, height - 2 * margin);
      boolean free = true;
      for (Piece other : pieces) {
        double reach = radius * 1.25 + other.outline().radius() * other.outline().stretch() + 40;
        free &= Math.hypot(other.outline().x() - x, other.outline().y() - y) > reach;
      }
      if (free) {
        pieces.add(piece(random, x, y, radius, pieces.size()));
      }
    }
  }

  private static Piece piece(Random random, double x, double y, double radius, int index) {
    Blob outline = Blob.random(random, x, y, radius, 0.22);
    List<Blob> holes = new ArrayList<>();
    int count = random.nextInt(3);
    for (int i = 0; i < count; i++) {
      double t = random.nextDouble() * 2 * Math.PI;
      double d = radius * (0.2 + 0.35 * random.nextDouble());
      holes.add(
          Blob.random(
              random,
              x + d * StrictMath.cos(t),
              y + d * StrictMath.sin(t),
              radius * (0.09 + 0.1 * random.nextDouble()),
              0.3));
    }
    // The third piece is a faint one, the fourth a fatty one: what segmenters find hard.
    boolean faint = index == 2;
    boolean fatty = index == 3;
    List<Seed> seeds = new ArrayList<>();
    TissueClass[] classes = TissueClass.values();
    int seedCount = 7 + random.nextInt(5);
    int first = random.nextInt(classes.length);
    for (int i = 0; i < seedCount; i++) {
      TissueClass tissue = classes[(first + i) % classes.length];
      if (fatty && i % 3 != 0) {
        tissue = TissueClass.ADIPOSE;
      } else if (!fatty && tissue == TissueClass.ADIPOSE && i >= classes.length) {
        tissue = TissueClass.STROMA;
      }
      double t = 2 * Math.PI * (i + random.nextDouble() * 0.7) / seedCount;
      double d = radius * (0.15 + 0.85 * random.nextDouble());
      seeds.add(
          new Seed(
              x + d * StrictMath.cos(t),
              y + d * StrictMath.sin(t),
              radius * 0.25 * random.nextDouble(),
              tissue));
    }
    double stain = faint ? 0.28 + 0.1 * random.nextDouble() : 0.8 + 0.4 * random.nextDouble();
    return new Piece(outline, holes, stain, random.nextDouble() * Math.PI, seeds);
  }

  private void layPen(Random random) {
    int[] inks = {0x1F3FA8, 0x1E7A3C, 0x202020};
    Piece piece = pieces.get(random.nextInt(pieces.size()));
    Blob outline = piece.outline();
    double start = random.nextDouble() * 2 * Math.PI;
    double radius = outline.radius() * outline.stretch() * 1.3;
    double[][] line = new double[60][];
    for (int i = 0; i < line.length; i++) {
      double t = start + 1.1 * i / line.length;
      double r = radius * (1 + 0.004 * random.nextDouble());
      line[i] =
          new double[] {outline.x() + r * StrictMath.cos(t), outline.y() + r * StrictMath.sin(t)};
    }
    pens.add(new Pen(line, 35 + 30 * random.nextDouble(), inks[random.nextInt(inks.length)]));
  }
}
