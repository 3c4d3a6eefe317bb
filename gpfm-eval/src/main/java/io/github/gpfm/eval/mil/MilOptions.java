package io.github.gpfm.eval.mil;

import io.github.gpfm.eval.EvaluationException;
import io.github.gpfm.eval.data.BagCase;
import io.github.gpfm.eval.linalg.KMeans;
import io.github.gpfm.eval.linalg.Matrix;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/** What some networks over bags must know beside their sizes. */
public sealed interface MilOptions {
  /** Whole numbers that give the same network back, once its weights are read: sizes only. */
  List<Integer> numbers();

  /** Nothing more is needed. */
  record None() implements MilOptions {
    @Override
    public List<Integer> numbers() {
      return List.of();
    }
  }

  /**
   * {@link MilKind#DTFD}: into how many parts a bag is divided.
   *
   * @param count parts; 4 in the authors' program. A smaller bag has as many as it has tiles
   */
  record PseudoBags(int count) implements MilOptions {
    /** The authors' number. */
    public static final int USUAL = 4;

    /** Checks the number. */
    public PseudoBags {
      if (count < 2) {
        throw new EvaluationException("a bag is divided into two parts or more, not " + count);
      }
    }

    @Override
    public List<Integer> numbers() {
      return List.of(count);
    }
  }

  /**
   * {@link MilKind#PANTHER}: the prototypes that a bag's mixture starts from.
   *
   * @param centers one row a prototype
   */
  record Prototypes(Matrix centers) implements MilOptions {
    /** The authors' number. */
    public static final int USUAL = 16;

    private static final int TILES_A_PROTOTYPE = 1000;
    private static final int STARTS = 3;

    /** Prototypes by k-means over tiles of training cases, as many of each case, evenly spaced. */
    public static Prototypes find(List<BagCase> train, int count, long seed) {
      if (train.isEmpty() || count < 1) {
        throw new EvaluationException(
            "%d prototypes cannot be found in %d cases".formatted(count, train.size()));
      }
      int each = (count * TILES_A_PROTOTYPE + train.size() - 1) / train.size();
      List<float[]> tiles = new ArrayList<>();
      for (BagCase one : train) {
        Matrix bag = one.bag().get().features();
        int taken = Math.min(each, bag.rows());
        for (int i = 0; i < taken; i++) {
          tiles.add(bag.row((int) ((long) i * bag.rows() / taken)));
        }
      }
      double[][] centers =
          KMeans.fit(Matrix.ofRows(tiles.toArray(float[][]::new)), count, STARTS, seed).centers();
      Matrix rows = Matrix.zeros(count, tiles.get(0).length);
      for (int k = 0; k < count; k++) {
        for (int d = 0; d < rows.columns(); d++) {
          rows.set(k, d, (float) centers[k][d]);
        }
      }
      return new Prototypes(rows);
    }

    @Override
    public List<Integer> numbers() {
      return List.of(centers.rows(), centers.columns());
    }
  }

  /**
   * {@link MilKind#HMIL}: the coarse class of each class.
   *
   * @param coarse number of the coarse class, from 0 without a gap, in the order of the classes
   */
  record Hierarchy(List<Integer> coarse) implements MilOptions {
    /** Checks the numbers. */
    public Hierarchy {
      coarse = List.copyOf(coarse);
      int most = coarse.isEmpty() ? -1 : Collections.max(coarse);
      if (most < 1 || !IntStream.rangeClosed(0, most).allMatch(List.copyOf(coarse)::contains)) {
        throw new EvaluationException(
            "the coarse classes must be numbered from 0 without a gap, two or more; they are "
                + coarse);
      }
    }

    /** Number of coarse classes. */
    public int coarseClasses() {
      return Collections.max(coarse) + 1;
    }

    @Override
    public List<Integer> numbers() {
      return coarse;
    }
  }

  /**
   * {@link MilKind#FOCUS}: the texts that say what to look for, as a text encoder embeds them.
   *
   * @param texts one row a text; its width is that of the network, a multiple of 8
   * @param mostTiles most tiles chosen by their fit to the texts
   */
  record TextGuided(Matrix texts, int mostTiles) implements MilOptions {
    /** The authors' number of tiles. */
    public static final int USUAL_TILES = 8192;

    /** Heads of the attention from texts to tiles. */
    static final int HEADS = 8;

    /** Checks the shape. */
    public TextGuided {
      if (texts.rows() < 1 || texts.columns() % HEADS != 0 || mostTiles < 1) {
        throw new EvaluationException(
            "text features of %d rows and %d columns cannot guide a choice of %d tiles: 'focus' needs a row or more, of a multiple of %d columns, and one tile or more"
                .formatted(texts.rows(), texts.columns(), mostTiles, HEADS));
      }
    }

    @Override
    public List<Integer> numbers() {
      return List.of(texts.rows(), texts.columns(), mostTiles);
    }
  }

  /**
   * {@link MilKind#SHAZAM}: the encoders whose features stand side by side.
   *
   * @param widths length of each encoder's feature, in order
   */
  record Fusion(List<Integer> widths) implements MilOptions {
    /** Checks that there are two encoders or more. */
    public Fusion {
      widths = List.copyOf(widths);
      if (widths.size() < 2 || widths.stream().anyMatch(w -> w < 1)) {
        throw new EvaluationException("features of widths " + widths + " cannot be fused");
      }
    }

    /** Length of all features together. */
    public int total() {
      return widths.stream().mapToInt(w -> w).sum();
    }

    @Override
    public List<Integer> numbers() {
      return widths;
    }
  }

  /** What a kind takes where nothing is said; {@link None} for those that must be told. */
  static MilOptions usual(MilKind kind) {
    return kind == MilKind.DTFD ? new PseudoBags(PseudoBags.USUAL) : new None();
  }

  /**
   * The options of these {@link #numbers}; prototypes and texts are zeros, for the weights hold
   * them.
   *
   * @throws EvaluationException if they do not fit the kind
   */
  static MilOptions of(MilKind kind, List<Integer> numbers) {
    int due =
        switch (kind) {
          case DTFD -> 1;
          case PANTHER -> 2;
          case FOCUS -> 3;
          default -> numbers.size();
        };
    if (numbers.size() != due) {
      throw new EvaluationException(
          "'%s' is described by %d numbers, not by %s".formatted(kind.key(), due, numbers));
    }
    return switch (kind) {
      case DTFD -> new PseudoBags(numbers.get(0));
      case PANTHER -> new Prototypes(Matrix.zeros(numbers.get(0), numbers.get(1)));
      case HMIL -> new Hierarchy(numbers);
      case FOCUS -> new TextGuided(Matrix.zeros(numbers.get(0), numbers.get(1)), numbers.get(2));
      case SHAZAM -> new Fusion(numbers);
      default -> new None();
    };
  }
}
