package io.github.gpfm.eval.bench;

import io.github.gpfm.eval.EvaluationException;
import io.github.gpfm.eval.data.FeatureBag;
import io.github.gpfm.eval.data.FeatureFiles;
import io.github.gpfm.eval.data.FeatureFusion;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Features of slides by name: of one encoder, or of several as one. */
@FunctionalInterface
interface SlideFeatures {
  /**
   * @throws io.github.gpfm.api.GpfmException if the slide has none that can be read
   */
  FeatureBag read(String slide);

  /** The files of a folder. */
  static SlideFeatures folder(Path folder) {
    return slide ->
        FeatureFiles.read(
            slide,
            FeatureFiles.find(folder, slide)
                .orElseThrow(
                    () -> new EvaluationException("slide '" + slide + "' has no feature file")));
  }

  /** The files of several folders, one an encoder. */
  static SlideFeatures of(List<Path> folders, FeatureFusion fusion) {
    List<SlideFeatures> all = folders.stream().map(SlideFeatures::folder).toList();
    return all.size() == 1
        ? all.get(0)
        : slide -> fusion.join(all.stream().map(f -> f.read(slide)).toList());
  }

  /** An encoder's features of a task; empty if it, or one of those it fuses, names no folder. */
  static Optional<SlideFeatures> of(BenchConfig config, EncoderSpec encoder, TaskDefinition task) {
    List<Path> folders =
        config.sources(encoder).stream().flatMap(e -> e.features(task).stream()).toList();
    return folders.size() < config.sources(encoder).size()
        ? Optional.empty()
        : Optional.of(of(folders, encoder.fusion()));
  }
}
