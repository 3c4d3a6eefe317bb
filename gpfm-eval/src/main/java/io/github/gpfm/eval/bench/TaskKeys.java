package io.github.gpfm.eval.bench;

import io.github.gpfm.eval.data.CaseTable;
import io.github.gpfm.eval.robust.ImageShift;
import io.github.gpfm.support.yaml.Inline;
import io.github.gpfm.support.yaml.NotEmpty;
import io.github.gpfm.support.yaml.Range;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The keys a task's block may have, by its type, and what their values must be. Keys that say
 * nothing beside others are the business of {@link TaskRules}.
 */
sealed interface TaskKeys {
  /** The keys by the type's name, in the order of the types. */
  static Map<String, Class<? extends TaskKeys>> byType() {
    Map<String, Class<? extends TaskKeys>> keys = new LinkedHashMap<>();
    for (TaskType type : TaskType.values()) {
      keys.put(type.key(), of(type));
    }
    return keys;
  }

  private static Class<? extends TaskKeys> of(TaskType type) {
    return switch (type) {
      case ROI_CLASSIFICATION -> TileClasses.class;
      case ROI_RETRIEVAL -> TileRetrieval.class;
      case ROI_ROBUSTNESS -> TileRobustness.class;
      case WSI_CLASSIFICATION -> SlideClasses.class;
      case WSI_REGRESSION, WSI_MULTILABEL -> SlideTargets.class;
      case SURVIVAL -> Survival.class;
      case VQA -> Questions.class;
      case REPORT_GENERATION -> Reports.class;
    };
  }

  /** The likelihood a network learns survival by. */
  enum Loss {
    NLL,
    COX
  }

  /** Which cases an encoder runs on. */
  enum CaseChoice {
    SHARED,
    OWN
  }

  /**
   * What a catalogue says of a task.
   *
   * @param name unique name
   * @param metric figure to rank by
   * @param organ where the tissue is from
   * @param obtainedFrom where the data are to be had
   * @param splitRule how the reference divides them
   * @param unconfirmed keys that could not be checked against a source
   * @param classes class names, in order
   * @param classCount number of classes where their names are not known
   */
  record Facts(
      @NotEmpty String name,
      @NotEmpty Optional<String> metric,
      Optional<String> organ,
      Optional<String> obtainedFrom,
      Optional<String> splitRule,
      Optional<List<String>> unconfirmed,
      @NotEmpty Optional<List<String>> classes,
      @Range(atLeast = 2) Optional<Integer> classCount) {}

  /** Tiles: class folders, or a table of features. */
  record Tiles(
      Optional<Path> images,
      Optional<Path> table,
      @NotEmpty Optional<String> label,
      Optional<List<String>> exclude,
      Optional<Pattern> group) {}

  /** How tiles are divided. */
  record Sides(
      Optional<Path> train,
      Optional<Path> val,
      Optional<Path> test,
      @Range(moreThan = 0, lessThan = 1) Optional<Double> trainShare) {}

  /** Tiles with a class. */
  record TileClasses(
      @Inline Facts facts,
      @Inline Tiles tiles,
      @Inline Sides sides,
      @Range(atLeast = 1) Optional<Integer> epochs)
      implements TaskKeys {}

  /** Tiles that are looked for. */
  record TileRetrieval(@Inline Facts facts, @Inline Tiles tiles, @Inline Sides sides)
      implements TaskKeys {}

  /** Tiles of several centers. */
  record TileRobustness(
      @Inline Facts facts,
      @Inline Tiles tiles,
      Optional<Pattern> center,
      Optional<List<ImageShift>> shifts,
      @Range(atLeast = 1) Optional<Integer> iterations)
      implements TaskKeys {}

  /** How a head over bags is trained. */
  record Training(
      Optional<HeadKind> head,
      @Range(atLeast = 1) Optional<Integer> hidden,
      @Range(atLeast = 1) Optional<Integer> attention,
      @Range(atLeast = 0, lessThan = 1) Optional<Double> dropout,
      @Range(moreThan = 0) Optional<Double> learningRate,
      @Range(atLeast = 0) Optional<Double> weightDecay,
      @Range(atLeast = 1) Optional<Integer> epochs,
      @Range(atLeast = 1) Optional<Integer> patience,
      @Range(atLeast = 0) Optional<Integer> sureEpochs,
      Optional<Boolean> balanced,
      @Range(atLeast = 0) Optional<Integer> attentionMaps,
      @Range(moreThan = 0) Optional<Double> tileSize,
      @Range(atLeast = 1) Optional<Integer> prototypes) {}

  /** What heads of classes must know beside. */
  record ClassHeads(
      @Range(atLeast = 2) Optional<Integer> pseudoBags,
      Optional<Map<String, String>> coarse,
      Optional<Path> textFeatures,
      @Range(atLeast = 1) Optional<Integer> maxTiles,
      @Range(atLeast = 2) Optional<Integer> casesPerStep) {}

  /** Cases of a table, and how they are divided. */
  record Cases(
      Optional<Path> table,
      Optional<CaseChoice> cases,
      Optional<Path> splits,
      Optional<Path> foldColumns,
      @Range(atLeast = 3) Optional<Integer> folds,
      @NotEmpty Optional<String> trainOn) {}

  /** Slides or patients with a class. */
  record SlideClasses(
      @Inline Facts facts,
      @Inline Cases cases,
      @Inline Training training,
      @Inline ClassHeads classHeads,
      @NotEmpty Optional<String> label,
      Optional<CaseTable.Level> level,
      @Range(atLeast = 1) Optional<List<Integer>> shots)
      implements TaskKeys {}

  /** Slides or patients with numbers or labels. */
  record SlideTargets(
      @Inline Facts facts,
      @Inline Cases cases,
      @Inline Training training,
      Optional<CaseTable.Level> level,
      @NotEmpty Optional<List<String>> targets)
      implements TaskKeys {}

  /** Patients with an outcome. */
  record Survival(
      @Inline Facts facts,
      @Inline Cases cases,
      @Inline Training training,
      Optional<Loss> loss,
      @Range(atLeast = 2) Optional<Integer> casesPerStep,
      @Range(atLeast = 0, atMost = 1) Optional<Double> l1Ratio,
      @NotEmpty Optional<String> timeUnit)
      implements TaskKeys {}

  /** Texts, and the transformer that learns them. */
  record Language(
      Optional<Path> table,
      Optional<Path> images,
      Optional<Path> tokenizer,
      @Range(atLeast = 1) Optional<Integer> width,
      @Range(atLeast = 1) Optional<Integer> heads,
      @Range(atLeast = 1) Optional<Integer> layers,
      @Range(atLeast = 3) Optional<Integer> maxWords,
      @Range(atLeast = 1) Optional<Integer> maxTiles,
      @Range(moreThan = 0) Optional<Double> learningRate,
      @Range(atLeast = 1) Optional<Integer> epochs,
      @Range(atLeast = 1) Optional<Integer> patience) {}

  /** Questions. */
  record Questions(@Inline Facts facts, @Inline Language language) implements TaskKeys {}

  /** Reports. */
  record Reports(
      @Inline Facts facts,
      @Inline Language language,
      @Range(atLeast = 1) Optional<Integer> beams,
      Optional<Path> synonyms)
      implements TaskKeys {}
}
