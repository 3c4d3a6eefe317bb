package io.github.gpfm.eval.bench;

import io.github.gpfm.api.GpfmException;
import io.github.gpfm.eval.EvaluationException;
import io.github.gpfm.eval.data.CsvTable;
import io.github.gpfm.eval.data.FeatureBag;
import io.github.gpfm.eval.language.LanguageExample;
import io.github.gpfm.eval.language.LanguageSettings;
import io.github.gpfm.eval.linalg.Matrix;
import io.github.gpfm.eval.roi.TileFeatures;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Examples of a language task: a table with {@code id}, {@code split} (train, val, test), the text
 * column and, for questions, {@code question}; features from the encoder's folder, or from {@code
 * images} embedded here.
 */
final class LanguageData {
  private final Map<String, List<LanguageExample>> sides = new HashMap<>();
  private final List<String> notes = new ArrayList<>();
  private final Map<String, FeatureBag> bags = new HashMap<>();

  LanguageData(TaskRunner.Run run, String textColumn, boolean questions) {
    Settings task = run.task().settings();
    CsvTable table =
        CsvTable.read(
            task.path("table")
                .orElseThrow(
                    () ->
                        new EvaluationException(
                            "task '" + run.task().name() + "' needs 'table', its texts as CSV")));
    List<String> ids = table.column("id");
    List<String> texts = table.column(textColumn);
    List<String> splits = table.column("split");
    List<String> asked = questions ? table.column("question") : texts;
    try (Embedder embedder = new Embedder(run)) {
      for (int i = 0; i < ids.size(); i++) {
        String id = ids.get(i);
        try {
          if (!bags.containsKey(id)) {
            bags.put(id, embedder.bag(id));
          }
          if (texts.get(i).isBlank()) {
            throw new EvaluationException("row " + (i + 1) + " has no " + textColumn);
          }
          sides
              .computeIfAbsent(splits.get(i), s -> new ArrayList<>())
              .add(
                  new LanguageExample(
                      () -> bags.get(id), questions ? asked.get(i) : "", texts.get(i)));
        } catch (GpfmException e) {
          notes.add(e.getMessage() + "; '" + id + "' was left out");
        }
      }
    }
  }

  /** Features by name, from files or from images. */
  private static final class Embedder implements AutoCloseable {
    private final TaskRunner.Run run;
    private final Optional<Path> images;
    private final Optional<ImageFeatures> encoder;

    Embedder(TaskRunner.Run run) {
      this.run = run;
      this.images = run.task().settings().path("images");
      this.encoder = images.map(i -> new ImageFeatures(run));
    }

    FeatureBag bag(String id) {
      if (encoder.isPresent()) {
        float[] feature = encoder.get().embed(TileFeatures.read(images.orElseThrow().resolve(id)));
        return new FeatureBag(id, Matrix.of(1, feature.length, feature), new long[0]);
      }
      return SlideFeatures.of(run.config(), run.encoder(), run.task())
          .orElseThrow(() -> run.noFeatures(", or 'images' of its own"))
          .read(id);
    }

    @Override
    public void close() {
      encoder.ifPresent(ImageFeatures::close);
    }
  }

  List<LanguageExample> side(String split) {
    return sides.getOrDefault(split, List.of());
  }

  List<LanguageExample> test() {
    if (side("test").isEmpty()) {
      throw new EvaluationException("the table names no row of split 'test'");
    }
    return side("test");
  }

  List<String> notes() {
    return notes;
  }

  static LanguageSettings settings(TaskRunner.Run run) {
    Settings task = run.task().settings();
    LanguageSettings small = LanguageSettings.small();
    return new LanguageSettings(
        task.integer("width", small.width()),
        task.integer("heads", small.heads()),
        task.integer("layers", small.layers()),
        task.integer("max-words", small.maxWords()),
        task.integer("max-tiles", small.maxTiles()),
        task.number("learning-rate", small.learningRate()),
        task.integer("epochs", small.epochs()),
        task.integer("patience", small.patience()),
        run.seed(),
        task.path("tokenizer"));
  }
}
