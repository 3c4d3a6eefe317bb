package io.github.gpfm.spark;

import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.api.TokenOutput;
import io.github.gpfm.pipeline.DamagePolicy;
import io.github.gpfm.pipeline.Staging;
import io.github.gpfm.spark.internal.HadoopFiles;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * What can be chosen for a run over slides. Immutable; travels to the executors. Methods of {@link
 * GpfmSpark} say which of them they use; a value other than the default that would change results,
 * if only it were used, is refused.
 */
public final class SparkOptions implements Serializable {
  private static final long serialVersionUID = 1;

  private final String output;
  private final String format;
  private final TokenOutput tokens;
  private final boolean pictures;
  private final DamagePolicy damaged;
  private final boolean overwrite;
  private final boolean allowNonFinite;
  private final String reader;
  private final double slideMpp;
  private final String stageFolder;
  private final long stageBytes;
  private final int slots;

  private SparkOptions(Builder builder) {
    output = builder.output;
    format = builder.format;
    tokens = builder.tokens;
    pictures = builder.pictures;
    damaged = builder.damaged;
    overwrite = builder.overwrite;
    allowNonFinite = builder.allowNonFinite;
    reader = builder.reader;
    slideMpp = builder.slideMpp;
    stageFolder = builder.stageFolder;
    stageBytes = builder.stageBytes;
    slots = builder.slots;
  }

  /** The defaults. */
  public static SparkOptions of(String output) {
    return builder(output).build();
  }

  /**
   * Starts with the defaults.
   *
   * @param output folder of the results, which the driver and every executor see under this path
   */
  public static Builder builder(String output) {
    return new Builder(output);
  }

  /** Folder of the results. */
  public String output() {
    return output;
  }

  /** Format of the feature files; {@code h5} by default. */
  public String format() {
    return format;
  }

  /** What a feature is; the class token by default. */
  public TokenOutput tokens() {
    return tokens;
  }

  /** Whether outlines and pictures are written beside the results; not by default. */
  public boolean pictures() {
    return pictures;
  }

  /** What becomes of slides that cannot be read everywhere; they fail by default. */
  public DamagePolicy damaged() {
    return damaged;
  }

  /** Whether finished slides are done again; not by default. */
  public boolean overwrite() {
    return overwrite;
  }

  /** Whether features that are not numbers are written; the slide fails by default. */
  public boolean allowNonFinite() {
    return allowNonFinite;
  }

  /** Name of the reader to use; empty, as by default, for the best one that can. */
  public String reader() {
    return reader;
  }

  /** Resolution in um per pixel in place of the slides' own; 0, as by default, for theirs. */
  public double slideMpp() {
    return slideMpp;
  }

  /**
   * Local folder for copies of slides from Hadoop file systems; below {@code java.io.tmpdir} by
   * default.
   */
  public String stageFolder() {
    return stageFolder;
  }

  /** Most bytes of an executor's copies there; 64 GiB by default. */
  public long stageBytes() {
    return stageBytes;
  }

  /**
   * Tasks that run at the same time, by which {@link GpfmSpark#embed} divides the work; 0, as by
   * default, for what Spark says. Other methods have a task a slide or shard.
   */
  public int slots() {
    return slots;
  }

  /**
   * Refuses options that a method has no use for.
   *
   * @param names of the parameters
   * @throws InvalidOptionException naming those that are not at their defaults
   */
  void requireDefaults(String method, String... names) {
    Map<String, Object> values = shaping();
    Map<String, Object> defaults = of(output).shaping();
    List<String> stated =
        Stream.of(names)
            .filter(name -> !Objects.equals(values.get(name), defaults.get(name)))
            .toList();
    if (!stated.isEmpty()) {
      throw new InvalidOptionException(
              "%s has no use for %s: leave %s at the default."
                  .formatted(method, String.join(", ", stated), stated.size() == 1 ? "it" : "them"))
          .about(stated.toArray(String[]::new));
    }
  }

  /** The options that shape results. */
  private Map<String, Object> shaping() {
    return Map.of(
        "format", format,
        "tokens", tokens,
        "pictures", pictures,
        "damaged", damaged,
        "overwrite", overwrite,
        "allowNonFinite", allowNonFinite,
        "reader", reader,
        "slideMpp", slideMpp);
  }

  /** Gathers what is chosen. */
  public static final class Builder {
    private final String output;
    private String format = "h5";
    private TokenOutput tokens = TokenOutput.CLASS_TOKEN;
    private boolean pictures = false;
    private DamagePolicy damaged = DamagePolicy.FAIL;
    private boolean overwrite = false;
    private boolean allowNonFinite = false;
    private String reader = "";
    private double slideMpp = 0;
    private String stageFolder = "";
    private long stageBytes = Staging.DEFAULT_BYTES;
    private int slots = 0;

    private Builder(String output) {
      this.output = output;
    }

    /** Format of the feature files; {@code h5} by default. */
    public Builder format(String value) {
      format = value;
      return this;
    }

    /** What a feature is; the class token by default. */
    public Builder tokens(TokenOutput value) {
      tokens = value;
      return this;
    }

    /** Whether outlines and pictures are written beside the results; not by default. */
    public Builder pictures(boolean value) {
      pictures = value;
      return this;
    }

    /** What becomes of slides that cannot be read everywhere; they fail by default. */
    public Builder damaged(DamagePolicy value) {
      damaged = value;
      return this;
    }

    /** Whether finished slides are done again; not by default. */
    public Builder overwrite(boolean value) {
      overwrite = value;
      return this;
    }

    /** Whether features that are not numbers are written; the slide fails by default. */
    public Builder allowNonFinite(boolean value) {
      allowNonFinite = value;
      return this;
    }

    /** Name of the reader to use; empty, as by default, for the best one that can. */
    public Builder reader(String value) {
      reader = value;
      return this;
    }

    /** Resolution in um per pixel in place of the slides' own; 0, as by default, for theirs. */
    public Builder slideMpp(double value) {
      slideMpp = value;
      return this;
    }

    /**
     * Local folder for copies of slides from Hadoop file systems; below {@code java.io.tmpdir} by
     * default.
     */
    public Builder stageFolder(String value) {
      stageFolder = value;
      return this;
    }

    /** Most bytes of an executor's copies there; 64 GiB by default. */
    public Builder stageBytes(long value) {
      stageBytes = value;
      return this;
    }

    /**
     * Tasks that run at the same time, by which {@link GpfmSpark#embed} divides the work; 0, as by
     * default, for what Spark says.
     */
    public Builder slots(int value) {
      slots = value;
      return this;
    }

    /**
     * The options.
     *
     * @throws InvalidOptionException if one is impossible
     */
    public SparkOptions build() {
      if (output.isEmpty() || output.startsWith("file:") || !HadoopFiles.isLocal(output)) {
        throw new InvalidOptionException(
            "output must be a folder that the driver and all executors see as a path, not '%s'."
                .formatted(output));
      }
      if (slots < 0 || !(slideMpp >= 0) || slideMpp == Double.POSITIVE_INFINITY) {
        throw new InvalidOptionException(
            "slots and slideMpp must be 0 (the default) or more, not %d and %s."
                .formatted(slots, slideMpp));
      }
      if (stageBytes < 1) {
        throw new InvalidOptionException("stageBytes must be 1 or more, not " + stageBytes + ".");
      }
      return new SparkOptions(this);
    }
  }
}
