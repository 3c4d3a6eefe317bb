package io.github.gpfm.pipeline;

import io.github.gpfm.api.GpfmException;
import io.github.gpfm.api.GpfmVersion;
import io.github.gpfm.api.OutputException;
import io.github.gpfm.api.Provenance;
import io.github.gpfm.api.Recipe;
import io.github.gpfm.api.SlideException;
import io.github.gpfm.slideio.SlideFiles;
import io.github.gpfm.support.Decision;
import io.github.gpfm.support.FileClaim;
import io.github.gpfm.support.ResultTime;
import io.github.gpfm.support.RunStore;
import java.nio.file.Path;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Decides for one slide after another whether its result is there, is being made by another run, or
 * is to be made here. Thread-safe.
 */
final class SlideWork {
  /** The entry that says what a file holds. */
  static final String RESULT = "result";

  /** What to do: nothing more, with a result, or to make it under a claim. */
  record Verdict(Optional<SlideResult> result, Optional<Making> making) {}

  private final RunStore store;
  private final boolean overwrite;
  private final DamagePolicy damaged;

  /**
   * @param damaged whether a result without its damaged tiles is one
   */
  SlideWork(RunStore store, boolean overwrite, DamagePolicy damaged) {
    this.store = store;
    this.overwrite = overwrite;
    this.damaged = damaged;
  }

  RunStore store() {
    return store;
  }

  /**
   * Decides.
   *
   * @param input the slide
   * @param target the result's file
   * @param companions files that belong to the result and are made with it
   * @param recipe what it is to be made of
   * @param files the slide's files, by which a change of the slide meanwhile is noticed
   * @throws OutputException if something is there that must not be replaced without a word
   */
  Verdict decide(
      SlideInput input, Path target, Companions companions, Recipe recipe, SlideFiles files) {
    String stamp = files.stamp();
    Found before = find(target, recipe);
    if (!overwrite && before.isSame() && companions.areThere(store)) {
      return done(SlideResult.skipped(input, target, before.file()));
    }
    FileClaim.Attempt attempt = store.claim(String.valueOf(target.getFileName()));
    if (attempt.claim().isEmpty()) {
      return done(SlideResult.busy(input, attempt.holder()));
    }
    FileClaim claim = attempt.claim().get();
    try {
      // Another run may have finished it between the look and the claim.
      Verdict verdict = decide(Optional.of(claim), input, target, companions, recipe, files, stamp);
      if (verdict.result().isPresent()) {
        claim.close();
      }
      return verdict;
    } catch (Throwable e) {
      claim.close();
      throw e;
    }
  }

  /**
   * Decides for a run that has the whole folder and shares its work out itself: no claim is taken.
   *
   * @param input as for {@link #decide}, and so are the others
   */
  Verdict decideUnclaimed(
      SlideInput input, Path target, Companions companions, Recipe recipe, SlideFiles files) {
    return decide(Optional.empty(), input, target, companions, recipe, files, files.stamp());
  }

  private Verdict decide(
      Optional<FileClaim> claim,
      SlideInput input,
      Path target,
      Companions companions,
      Recipe recipe,
      SlideFiles files,
      String stamp) {
    Found found = find(target, recipe);
    boolean same = !overwrite && found.isSame();
    if (same && companions.areThere(store)) {
      return done(SlideResult.skipped(input, target, found.file()));
    }
    Optional<String> remark = overwrite ? Optional.empty() : remark(target, found, recipe);
    return new Verdict(
        Optional.empty(),
        Optional.of(new Making(claim, recipe, companions, files, stamp, remark, same)));
  }

  private static Verdict done(SlideResult result) {
    return new Verdict(Optional.of(result), Optional.empty());
  }

  /** What is there, compared with what is wanted. */
  private record Found(Decision decision, ResultFile file) {
    boolean isSame() {
      return decision.kind() == Decision.Kind.SAME;
    }
  }

  private Found find(Path target, Recipe recipe) {
    ResultFile there = ResultFile.find(target, store);
    // How many tiles are damaged is known only once they are read.
    Recipe wanted =
        damaged == DamagePolicy.FAIL
            ? recipe
            : there
                .recipe()
                .flatMap(one -> one.get(DamagedTiles.ENTRY))
                .map(count -> with(recipe, Map.of(DamagedTiles.ENTRY, count)))
                .orElse(recipe);
    return new Found(Decision.of(wanted, there.exists(), there.recipe()), there);
  }

  private static Recipe with(Recipe recipe, Map<String, String> more) {
    Map<String, String> entries = new TreeMap<>(recipe.entries());
    entries.putAll(more);
    return Recipe.of(entries);
  }

  /** Why the result is made again; refuses what cannot be made again without a loss. */
  private static Optional<String> remark(Path target, Found found, Recipe recipe) {
    return switch (found.decision().kind()) {
      case ABSENT, SAME -> Optional.empty();
      case OTHER -> {
        boolean features =
            found.file().recipe().flatMap(one -> one.get(RESULT)).equals(Optional.of("features"));
        if (features && !recipe.get(RESULT).equals(Optional.of("features"))) {
          throw refused(target, "holds features, which took long to make");
        }
        yield Optional.of("made again: " + found.decision().describe());
      }
      case OLD ->
          throw refused(
              target,
              "was made by a version up to 0.1.0, whose record does not name everything that"
                  + " decides it");
      case FOREIGN -> {
        if (found.file().damage().isEmpty()) {
          throw refused(target, "was not made by this program");
        }
        yield Optional.of(
            "made again: the file there cannot be read (" + found.file().damage() + ")");
      }
    };
  }

  private static GpfmException refused(Path target, String why) {
    return new OutputException(
            target + " " + why + ": overwrite it, give another output folder, or remove it.")
        .about("overwrite", "output");
  }

  /** A result in the making: nobody else makes it until this is closed. */
  static final class Making implements AutoCloseable {
    private final Optional<FileClaim> claim;
    private final Recipe recipe;
    private final Companions companions;
    private final SlideFiles files;
    private final String stamp;
    private final Optional<String> remark;
    private final boolean same;

    private Making(
        Optional<FileClaim> claim,
        Recipe recipe,
        Companions companions,
        SlideFiles files,
        String stamp,
        Optional<String> remark,
        boolean same) {
      this.claim = claim;
      this.recipe = recipe;
      this.companions = companions;
      this.files = files;
      this.stamp = stamp;
      this.remark = remark;
      this.same = same;
    }

    /** A piece of a result, made where another process has decided that it is wanted. */
    static Making ofPiece(Recipe recipe, SlideFiles files, String stamp) {
      Companions none = new Companions(List.of(), List.of(), recipe);
      return new Making(Optional.empty(), recipe, none, files, stamp, Optional.empty(), false);
    }

    /** Whether the result itself is there and only companions are missing. */
    boolean same() {
      return same;
    }

    /** The files that are made with the result. */
    Companions companions() {
      return companions;
    }

    /** The recipe together with what is known only once the slide is read. */
    Recipe made(PreparedSlide prepared) {
      Map<String, String> more = new TreeMap<>();
      more.put(Recipe.NOTE + "slide.reader", prepared.slide().reader());
      if (prepared.damaged().count() > 0) {
        more.put(DamagedTiles.ENTRY, Integer.toString(prepared.damaged().count()));
      }
      return SlideWork.with(recipe, more);
    }

    Provenance provenance(PreparedSlide prepared) {
      return SlideWork.provenance(made(prepared));
    }

    /** The slide's files as they were when it was decided. */
    String stamp() {
      return stamp;
    }

    /** Why the result is made again. */
    Optional<String> remark() {
      return remark;
    }

    /** What is worth a line about the result: why it is made again, and what it lacks. */
    Optional<String> remark(PreparedSlide prepared) {
      return prepared.damaged().count() == 0 ? remark : with(prepared.damaged().describe());
    }

    /** The same where only the number of damaged tiles is known. */
    Optional<String> remark(int damaged) {
      return damaged == 0 ? remark : with(DamagedTiles.describe(damaged));
    }

    private Optional<String> with(String lacks) {
      return Optional.of(remark.map(before -> before + "; " + lacks).orElse(lacks));
    }

    /**
     * Refuses a result of a slide that was replaced while it was read.
     *
     * @throws SlideException naming it
     */
    void requireUnchanged() {
      if (!files.stamp().equals(stamp)) {
        throw new SlideException(
            files.slide(),
            files.slide() + " was changed while it was read: run again when it is whole.");
      }
    }

    @Override
    public void close() {
      claim.ifPresent(FileClaim::close);
    }
  }

  /** What a result made now says of itself. */
  static Provenance provenance(Recipe made) {
    return new Provenance(
        GpfmVersion.PRODUCER, ResultTime.now().truncatedTo(ChronoUnit.SECONDS), made.entries());
  }

  /** A slide's files; for a path without any, its reader says what is wrong with it. */
  static SlideFiles files(SlideInput input) {
    try {
      return SlideFiles.of(input.path());
    } catch (SlideException e) {
      input.open().close();
      throw e;
    }
  }
}
