package io.github.gpfm.eval.bench;

import io.github.gpfm.support.yaml.Inline;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The keys a task's block may have, by its type. */
sealed interface TaskKeys {
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
      String name,
      Optional<String> metric,
      Optional<String> organ,
      Optional<String> obtainedFrom,
      Optional<String> splitRule,
      Optional<List<String>> unconfirmed,
      Optional<List<String>> classes,
      Optional<Integer> classCount) {}

  /** Tiles: class folders, tables, or the reference's files of an encoder. */
  record Tiles(
      @Inline Facts facts,
      Optional<Path> images,
      Optional<Path> train,
      Optional<Path> val,
      Optional<Path> test,
      Optional<Path> table,
      Optional<String> label,
      Optional<List<String>> exclude,
      Optional<String> group,
      Optional<String> center,
      Optional<List<String>> shifts,
      Optional<Integer> iterations,
      Optional<Double> trainShare,
      Optional<Integer> epochs)
      implements TaskKeys {}

  /** How a head over bags is trained. */
  record Training(
      Optional<String> head,
      Optional<Integer> hidden,
      Optional<Integer> attention,
      Optional<Double> dropout,
      Optional<Double> learningRate,
      Optional<Double> weightDecay,
      Optional<Integer> epochs,
      Optional<Integer> patience,
      Optional<Integer> sureEpochs,
      Optional<Boolean> balanced,
      Optional<Integer> attentionMaps,
      Optional<Double> tileSize) {}

  /** Cases of a table, and how they are divided. */
  record Cases(
      Optional<Path> table,
      Optional<String> cases,
      Optional<Path> splits,
      Optional<Path> foldColumns,
      Optional<Integer> folds,
      Optional<String> trainOn) {}

  /** Slides or patients with a class, numbers or labels. */
  record Slides(
      @Inline Facts facts,
      @Inline Cases cases,
      @Inline Training training,
      Optional<String> label,
      Optional<String> level,
      Optional<List<String>> targets,
      Optional<List<Integer>> shots)
      implements TaskKeys {}

  /** Patients with an outcome. */
  record Survival(
      @Inline Facts facts,
      @Inline Cases cases,
      @Inline Training training,
      Optional<String> loss,
      Optional<Integer> casesPerStep,
      Optional<Double> l1Ratio,
      Optional<String> timeUnit)
      implements TaskKeys {}

  /** Questions or reports. */
  record Language(
      @Inline Facts facts,
      Optional<Path> table,
      Optional<Path> images,
      Optional<Path> tokenizer,
      Optional<Integer> width,
      Optional<Integer> heads,
      Optional<Integer> layers,
      Optional<Integer> maxWords,
      Optional<Integer> maxTiles,
      Optional<Double> learningRate,
      Optional<Integer> epochs,
      Optional<Integer> patience,
      Optional<Integer> beams)
      implements TaskKeys {}
}
