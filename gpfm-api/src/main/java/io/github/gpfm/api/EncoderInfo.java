package io.github.gpfm.api;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a caller must know of an encoder before using its features. Immutable.
 *
 * <pre>{@code
 * EncoderInfo.builder("my-vit", 384).architecture("ViT-S/14").inputSize(224).mpp(0.5).build();
 * }</pre>
 *
 * @since 0.1.0
 */
public final class EncoderInfo {
  private final String name;
  private final String architecture;
  private final int dimension;
  private final int inputSize;
  private final int patchSize;
  private final int tileSize;
  private final double mpp;
  private final String license;
  private final String weightsSha256;

  private EncoderInfo(Builder builder) {
    name = builder.name;
    dimension = builder.dimension;
    architecture = builder.architecture;
    inputSize = builder.inputSize;
    patchSize = builder.patchSize;
    tileSize = builder.tileSize == 0 ? builder.inputSize : builder.tileSize;
    mpp = builder.mpp;
    license = builder.license;
    weightsSha256 = builder.weightsSha256;
  }

  /**
   * Starts the description of an encoder.
   *
   * @param name see {@link #name()}
   * @param dimension see {@link #dimension()}, at least 1
   */
  public static Builder builder(String name, int dimension) {
    return new Builder(name, dimension);
  }

  /** Catalog name, for instance {@code gpfm}. */
  public String name() {
    return name;
  }

  /** One line, for instance {@code ViT-L/14, LayerScale, MLP}. */
  public String architecture() {
    return architecture;
  }

  /** Length of the feature of one image. */
  public int dimension() {
    return dimension;
  }

  /** Edge of the square network input, pixels. */
  public int inputSize() {
    return inputSize;
  }

  /** Edge of one patch token, input pixels; 0 for networks without patch tokens. */
  public int patchSize() {
    return patchSize;
  }

  /** Recommended tile edge, pixels at {@link #mpp()}. */
  public int tileSize() {
    return tileSize;
  }

  /** Recommended tile resolution, µm per pixel. */
  public double mpp() {
    return mpp;
  }

  /** License of the weights as their authors state it. */
  public String license() {
    return license;
  }

  /** Lower-case hexadecimal SHA-256 of the weight file; empty for encoders without weights. */
  public String weightsSha256() {
    return weightsSha256;
  }

  /** A builder that starts from this description, under a name and dimension of its own. */
  public Builder toBuilder(String newName, int newDimension) {
    return builder(newName, newDimension)
        .architecture(architecture)
        .inputSize(inputSize)
        .patchSize(patchSize)
        .tileSize(tileSize)
        .mpp(mpp)
        .license(license)
        .weightsSha256(weightsSha256);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof EncoderInfo info
        && name.equals(info.name)
        && architecture.equals(info.architecture)
        && dimension == info.dimension
        && inputSize == info.inputSize
        && patchSize == info.patchSize
        && tileSize == info.tileSize
        && Double.compare(mpp, info.mpp) == 0
        && license.equals(info.license)
        && weightsSha256.equals(info.weightsSha256);
  }

  @Override
  public int hashCode() {
    return Objects.hash(name, dimension, inputSize, tileSize, mpp, weightsSha256);
  }

  @Override
  public String toString() {
    return name + " (" + architecture + ", " + dimension + " values)";
  }

  /** Describes an encoder. Not thread-safe. */
  public static final class Builder {
    private final String name;
    private final int dimension;
    private String architecture = "unknown";
    private int inputSize = 224;
    private int patchSize;
    private int tileSize;
    private double mpp = 0.5;
    private String license = "unknown";
    private String weightsSha256 = "";

    private Builder(String name, int dimension) {
      if (name.isBlank()) {
        throw new InvalidOptionException("name of an encoder must not be blank.");
      }
      this.name = name;
      this.dimension = atLeast("dimension", dimension, 1);
    }

    private static int atLeast(String parameter, int value, int least) {
      if (value < least) {
        throw new InvalidOptionException(
            parameter + " of an encoder must be at least " + least + ", not " + value + ".");
      }
      return value;
    }

    /** One line; {@code unknown} unless given. */
    public Builder architecture(String value) {
      architecture = Objects.requireNonNull(value);
      return this;
    }

    /** Edge of the network input, pixels, at least 1; 224 unless given. */
    public Builder inputSize(int value) {
      inputSize = atLeast("inputSize", value, 1);
      return this;
    }

    /** Edge of one patch token, input pixels; 0, no patch tokens, unless given. */
    public Builder patchSize(int value) {
      patchSize = atLeast("patchSize", value, 0);
      return this;
    }

    /** Recommended tile edge, pixels, at least 1; that of the input unless given. */
    public Builder tileSize(int value) {
      tileSize = atLeast("tileSize", value, 1);
      return this;
    }

    /** Recommended resolution, µm per pixel, positive; 0.5 (20x) unless given. */
    public Builder mpp(double value) {
      if (!(value > 0) || Double.isInfinite(value)) {
        throw new InvalidOptionException("mpp of an encoder must be positive, not " + value + ".");
      }
      mpp = value;
      return this;
    }

    /** License of the weights; {@code unknown} unless given. */
    public Builder license(String value) {
      license = Objects.requireNonNull(value);
      return this;
    }

    /** SHA-256 of the weights; empty unless given. */
    public Builder weightsSha256(String value) {
      weightsSha256 = Objects.requireNonNull(value);
      return this;
    }

    /** The description. */
    public EncoderInfo build() {
      return new EncoderInfo(this);
    }
  }
}
