package io.github.gpfm.distill.model;

import java.util.List;

/**
 * One trainable tensor.
 *
 * @param name full name, for instance {@code student.backbone.blocks.0.0.attn.qkv.weight}
 * @param shape sizes, outermost first
 * @param init how it starts
 */
public record ParameterSpec(String name, List<Long> shape, Init init) {
  /** What the names of the experts' heads begin with. */
  static final String DISTILL_HEADS = "distill_heads.";

  /** Copies the shape. */
  public ParameterSpec {
    shape = List.copyOf(shape);
  }

  /** Number of elements. */
  public int count() {
    long n = 1;
    for (long size : shape) {
      n = Math.multiplyExact(n, size);
    }
    return Math.toIntExact(n);
  }

  /**
   * The part of the name that the clip norm is taken over, for instance {@code student.backbone}.
   */
  public String module() {
    int first = name.indexOf('.');
    return name.substring(0, name.indexOf('.', first + 1));
  }

  /** The name without the chunk of its block. */
  String flatName() {
    return flatName(name);
  }

  /** {@code blocks.<chunk>.<i>.…} becomes {@code blocks.<i>.…}, whatever stands before. */
  public static String flatName(String name) {
    return name.replaceFirst("(^|\\.)blocks\\.\\d+\\.(\\d+)\\.", "$1blocks.$2.");
  }

  /** The name within its module. */
  public String localName() {
    return name.substring(module().length() + 1);
  }

  /**
   * Distribution of initial values.
   *
   * @param kind shape of the distribution
   * @param scale standard deviation, half-width, or the constant itself
   */
  public record Init(Kind kind, double scale) {
    /** Shapes of distributions. */
    public enum Kind {
      /** Normal with standard deviation {@code scale}, redrawn beyond ±2. */
      NORMAL,
      /** Uniform in ±{@code scale}. */
      UNIFORM,
      /** {@code scale} everywhere. */
      CONSTANT
    }

    static Init normal(double std) {
      return new Init(Kind.NORMAL, std);
    }

    static Init uniform(double bound) {
      return new Init(Kind.UNIFORM, bound);
    }

    static Init constant(double value) {
      return new Init(Kind.CONSTANT, value);
    }
  }
}
