package io.github.gpfm.tiling.dataset;

import io.github.gpfm.api.Described;
import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.api.Recipe;
import io.github.gpfm.tiling.grid.Tiler;
import io.github.gpfm.tiling.segment.TissueSegmenter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What {@link TileExtractor} extracts. Immutable. */
public final class ExtractOptions implements Described {
  private final TileRecipe recipe;
  private final Map<Path, TileRecipe> own;
  private final TileChoice choice;
  private final TileEncoding encoding;
  private final int shardSize;
  private final int threads;
  private final boolean skipBroken;

  private ExtractOptions(Builder builder) {
    recipe = builder.recipe;
    own = Map.copyOf(builder.own);
    choice = builder.choice;
    encoding = builder.encoding;
    shardSize = builder.shardSize;
    threads = builder.threads;
    skipBroken = builder.skipBroken;
  }

  /** All tiles as JPEG of quality 90, 1000 a shard, on all processors. */
  public static ExtractOptions of(TissueSegmenter segmenter, Tiler tiler) {
    return builder(new TileRecipe(segmenter, tiler)).build();
  }

  /**
   * Starts with all tiles as JPEG of quality 90, 1000 a shard, on all processors.
   *
   * @param recipe which tiles of a slide there are
   */
  public static Builder builder(TileRecipe recipe) {
    return new Builder(recipe);
  }

  /** Starts with these options. */
  public Builder toBuilder() {
    Builder builder = new Builder(recipe);
    builder.own.putAll(own);
    return builder
        .choice(choice)
        .encoding(encoding)
        .shardSize(shardSize)
        .threads(threads)
        .skipBroken(skipBroken);
  }

  /** What can be chosen. */
  public static final class Builder {
    private final TileRecipe recipe;
    private final Map<Path, TileRecipe> own = new LinkedHashMap<>();
    private TileChoice choice = TileChoice.ALL;
    private TileEncoding encoding = new TileEncoding.Jpeg(90);
    private int shardSize = 1000;
    private int threads = Runtime.getRuntime().availableProcessors();
    private boolean skipBroken;

    private Builder(TileRecipe recipe) {
      this.recipe = recipe;
    }

    /** A slide's own recipe instead of the common one. */
    public Builder recipeOf(Path slide, TileRecipe value) {
      own.put(slide, value);
      return this;
    }

    /** How many of the tiles are extracted; all by default. */
    public Builder choice(TileChoice value) {
      choice = value;
      return this;
    }

    /** How tiles are stored. */
    public Builder encoding(TileEncoding value) {
      encoding = value;
      return this;
    }

    /** Tiles a shard, at least 1. */
    public Builder shardSize(int value) {
      shardSize = requirePositive("shardSize", value);
      return this;
    }

    /** Tiles read and encoded at a time, at least 1; does not change the result. */
    public Builder threads(int value) {
      threads = requirePositive("threads", value);
      return this;
    }

    /**
     * Whether slides that cannot be read are left out with a warning, where otherwise nothing is
     * extracted.
     */
    public Builder skipBroken(boolean value) {
      skipBroken = value;
      return this;
    }

    /** The options. */
    public ExtractOptions build() {
      return new ExtractOptions(this);
    }

    private static int requirePositive(String name, int value) {
      if (value < 1) {
        throw new InvalidOptionException(name + " must be 1 or more, not " + value + ".")
            .about(name);
      }
      return value;
    }
  }

  /** Which tiles of a slide there are. */
  TileRecipe recipe(Path slide) {
    return own.getOrDefault(slide, recipe).forSlide(slide);
  }

  TileChoice choice() {
    return choice;
  }

  TileEncoding encoding() {
    return encoding;
  }

  int shardSize() {
    return shardSize;
  }

  int threads() {
    return threads;
  }

  boolean skipBroken() {
    return skipBroken;
  }

  /** Everything that decides what is extracted of any slide; resuming needs the same. */
  @Override
  public void describe(Recipe.Builder description) {
    description
        .with(recipe)
        .add("sample", choice.count().isPresent() ? choice.count().getAsInt() : "all")
        .add("encoding", encoding)
        .add("shard-size", shardSize)
        .add("skip-broken", skipBroken);
    // The seed of no choice must not make two extractions differ.
    if (choice.count().isPresent()) {
      description.add("stratified", choice.stratified()).add("sample-seed", choice.seed());
    }
  }

  /** The recipe of a slide that has one of its own. */
  Optional<TileRecipe> ownRecipe(Path slide) {
    TileRecipe one = recipe(slide);
    return one.equals(recipe) ? Optional.empty() : Optional.of(one);
  }
}
