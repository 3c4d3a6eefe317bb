package io.github.gpfm.eval.bench;

import io.github.gpfm.api.Encoder;
import io.github.gpfm.encoder.weights.WeightFile;
import io.github.gpfm.eval.EvaluationException;
import io.github.gpfm.eval.Protocol;
import io.github.gpfm.eval.data.LabelledFeatures;
import io.github.gpfm.eval.data.Splitter;
import io.github.gpfm.eval.linalg.Matrix;
import io.github.gpfm.eval.roi.TileFeatures;
import io.github.gpfm.eval.roi.TileSet;
import io.github.gpfm.support.Sha256;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The three sides of a tile task.
 *
 * @param train tiles to learn from
 * @param selection tiles to select by
 * @param report tiles the figures are of
 * @param notes what was left out
 */
record RoiData(
    LabelledFeatures train,
    LabelledFeatures selection,
    LabelledFeatures report,
    List<String> notes) {
  private static final double INNER_SHARE = 0.2;

  /** All tiles of {@code images} or {@code table}, undivided. */
  static LabelledFeatures all(TaskRunner.Run run, List<String> notes) {
    Settings task = run.task().settings();
    if (!task.has("images") && !task.has("table")) {
      throw new EvaluationException(
          "task '" + run.task().name() + "' needs its tiles as 'images' or 'table'");
    }
    return part(run, task.has("images") ? "images" : "table", notes);
  }

  static RoiData load(TaskRunner.Run run) {
    List<String> notes = new ArrayList<>();
    Settings task = run.task().settings();
    LabelledFeatures train;
    LabelledFeatures held;
    Optional<LabelledFeatures> test = Optional.empty();
    if (task.has("train")) {
      train = part(run, "train", notes);
      held = part(run, task.has("val") ? "val" : "test", notes);
      if (task.has("val") && task.has("test")) {
        test = Optional.of(part(run, "test", notes));
      }
    } else if (!task.has("images") && !task.has("table")) {
      train = official(run, "train", notes).orElseThrow();
      held = official(run, "val", notes).orElseThrow();
      test = official(run, "test", notes);
    } else {
      LabelledFeatures all = part(run, task.has("images") ? "images" : "table", notes);
      double share = task.number("train-share", 0.8);
      List<int[]> parts = divide(run, all, share);
      train = all.select(all.name() + "/train", parts.get(0));
      held = all.select(all.name() + "/held-out", parts.get(1));
    }
    return sides(run, train, held, test, notes);
  }

  /** A side that an encoder's folder keeps, or the encoders' folders it fuses. */
  private static Optional<LabelledFeatures> official(
      TaskRunner.Run run, String side, List<String> notes) {
    if (!run.parts().isEmpty()) {
      Map<String, Path> files = new LinkedHashMap<>();
      run.parts().forEach(part -> files.put(part.name(), stored(run.with(part), side)));
      if (side.equals("test") && files.values().stream().noneMatch(Files::isRegularFile)) {
        return Optional.empty();
      }
      checkSameRows(side, files);
      return Optional.of(
          fused(run, side, part -> official(part, side, notes).orElseThrow(), notes));
    }
    Path file = stored(run, side);
    if (side.equals("test") && !Files.isRegularFile(file)) {
      return Optional.empty();
    }
    int classes = classes(stored(run, "train"));
    return Optional.of(TileFeatures.official(side, file, classes, notes::add));
  }

  // Such files name no tile: a row of one is that of the other, as far as anyone can tell.
  private static void checkSameRows(String side, Map<String, Path> files) {
    Map<String, Long> rows = new LinkedHashMap<>();
    files.forEach(
        (encoder, file) -> {
          if (!Files.isRegularFile(file)) {
            throw new EvaluationException(
                "encoder '%s' has no '%s', which the encoders fused with it have"
                    .formatted(encoder, file));
          }
          rows.put(encoder, WeightFile.open(file).tensor("label").size(0));
        });
    if (rows.values().stream().distinct().count() > 1) {
      throw new EvaluationException(
          "the encoders' '%s' have different numbers of tiles, which are paired by row: %s"
              .formatted(side, FusedTiles.listed(rows)));
    }
  }

  private static LabelledFeatures fused(
      TaskRunner.Run run,
      String name,
      Function<TaskRunner.Run, LabelledFeatures> tiles,
      List<String> notes) {
    Map<String, LabelledFeatures> all = new LinkedHashMap<>();
    run.parts().forEach(part -> all.put(part.name(), tiles.apply(run.with(part))));
    return FusedTiles.join(name, all, run.encoder().fusion(), notes::add);
  }

  /** The reference's {@code train.pt} and so on, or the same tensors as safetensors. */
  private static Path stored(TaskRunner.Run run, String side) {
    Path folder = run.features(", or 'images', 'train' or 'table' of its own");
    Path plain = folder.resolve(side + ".safetensors");
    return Files.isRegularFile(plain) ? plain : folder.resolve(side + ".pt");
  }

  private static RoiData sides(
      TaskRunner.Run run,
      LabelledFeatures train,
      LabelledFeatures held,
      Optional<LabelledFeatures> test,
      List<String> notes) {
    train.checkSameDimension(held);
    test.ifPresent(train::checkSameDimension);
    // Each side numbers the classes it has; a class of one side only must not shift the others.
    Set<String> union = new LinkedHashSet<>(train.classes());
    union.addAll(held.classes());
    test.ifPresent(t -> union.addAll(t.classes()));
    List<String> classes = List.copyOf(union);
    List<String> absent = train.withClasses(classes).absentClasses();
    LabelledFeatures learned = withoutClasses(train.withClasses(classes), absent);
    LabelledFeatures second = withoutClasses(held.withClasses(classes), absent);
    Optional<LabelledFeatures> third =
        test.map(t -> withoutClasses(t.withClasses(classes), absent));
    absent.forEach(
        c -> notes.add("class '" + c + "' has no training tile and was left out of all sides"));
    third
        .orElse(second)
        .absentClasses()
        .forEach(c -> notes.add("class '" + c + "' has no tile to report on"));
    if (third.isPresent()) {
      return new RoiData(learned, second, third.get(), notes);
    }
    if (run.config().protocol() == Protocol.OFFICIAL) {
      notes.add("the epoch was selected on the reported tiles, as in the official protocol");
      return new RoiData(learned, second, second, notes);
    }
    List<int[]> parts = divide(run, learned, 1 - INNER_SHARE);
    LabelledFeatures inner = learned.select(learned.name() + "/inner", parts.get(0));
    LabelledFeatures selection = learned.select(learned.name() + "/selection", parts.get(1));
    if (parts.get(1).length == 0 || !inner.absentClasses().isEmpty()) {
      throw new EvaluationException(
          "'" + learned.name() + "' has too few tiles a class to select on a part of them");
    }
    return new RoiData(inner, selection, second, notes);
  }

  /** Everything but the reported tiles: what methods without selection learn from. */
  LabelledFeatures everythingToLearnFrom() {
    if (selection == report) {
      return train;
    }
    List<String> ids = new ArrayList<>(train.ids());
    ids.addAll(selection.ids());
    float[] values =
        Arrays.copyOf(
            train.features().values(),
            train.features().values().length + selection.features().values().length);
    System.arraycopy(
        selection.features().values(),
        0,
        values,
        train.features().values().length,
        selection.features().values().length);
    int[] labels = Arrays.copyOf(train.labels(), train.size() + selection.size());
    System.arraycopy(selection.labels(), 0, labels, train.size(), selection.size());
    return new LabelledFeatures(
        train.name(),
        ids,
        Matrix.of(labels.length, train.dimension(), values),
        labels,
        train.classes());
  }

  private static LabelledFeatures withoutClasses(LabelledFeatures all, List<String> absent) {
    if (absent.isEmpty()) {
      return all;
    }
    List<String> kept = all.classes().stream().filter(c -> !absent.contains(c)).toList();
    int[] rows =
        IntStream.range(0, all.size())
            .filter(i -> !absent.contains(all.classes().get(all.labels()[i])))
            .toArray();
    return new LabelledFeatures(
        all.name(),
        Arrays.stream(rows).mapToObj(all.ids()::get).toList(),
        all.features().select(rows),
        Arrays.stream(rows).map(i -> kept.indexOf(all.classes().get(all.labels()[i]))).toArray(),
        kept);
  }

  /** The patient of a tile's name: what the task's {@code group} matches, or the name itself. */
  static UnaryOperator<String> groupOf(TaskDefinition task) {
    Pattern group = task.settings().pattern("group").orElse(Pattern.compile("(.*)"));
    return id -> {
      Matcher m = group.matcher(id);
      return m.find() ? m.group(m.groupCount() > 0 ? 1 : 0) : id;
    };
  }

  private static List<int[]> divide(TaskRunner.Run run, LabelledFeatures all, double share) {
    UnaryOperator<String> groupOf = groupOf(run.task());
    Map<String, Integer> rows =
        IntStream.range(0, all.size()).boxed().collect(Collectors.toMap(all.ids()::get, i -> i));
    return Splitter.divide(
            all.ids(),
            groupOf,
            id -> Integer.toString(all.labels()[rows.getOrDefault(id, -1)]),
            run.seed(),
            share,
            1 - share)
        .stream()
        .map(part -> part.stream().mapToInt(rows::get).toArray())
        .toList();
  }

  private static int classes(Path file) {
    long most = Arrays.stream(WeightFile.open(file).tensor("label").toLongs()).max().orElse(0);
    return Math.toIntExact(most + 1);
  }

  private static LabelledFeatures part(TaskRunner.Run run, String key, List<String> notes) {
    Path source = run.task().settings().path(key).orElseThrow();
    String name = run.task().name() + "/" + key;
    if (source.toString().endsWith(".csv")) {
      List<String> excluded =
          run.task().settings().list("exclude").stream().map(String::valueOf).toList();
      return TileFeatures.table(
          name, source, run.task().settings().text("label").orElse("label"), excluded, notes::add);
    }
    if (!run.parts().isEmpty()) {
      return fused(run, name, part -> part(part, key, notes), notes);
    }
    TileSet tiles = TileSet.ofFolder(source);
    Path cache =
        run.config()
            .output()
            .resolve("cache")
            .resolve(run.encoder().fileName())
            .resolve(run.task().fileName() + "-" + key + ".safetensors");
    String fingerprint = fingerprint(run, tiles);
    if (Files.isRegularFile(cache)
        && fingerprint.equals(WeightFile.open(cache).metadata().get("fingerprint"))) {
      return TileFeatures.load(name, cache);
    }
    try (Encoder encoder = run.encoder().open()) {
      LabelledFeatures features =
          TileFeatures.embed(name, tiles, encoder, run.progress(), notes::add);
      // An incomplete set is not kept: every run says what it left out.
      if (features.size() == tiles.files().size()) {
        TileFeatures.save(cache, features, fingerprint);
      }
      return features;
    }
  }

  // The content of the images and of the encoder: features are made again if any changed.
  private static String fingerprint(TaskRunner.Run run, TileSet tiles) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < tiles.files().size(); i++) {
      text.append(run.hasher().sha256(tiles.files().get(i)));
      text.append("  ").append(tiles.id(i)).append('\n');
    }
    Settings encoder = run.encoder().settings();
    encoder.text("builtin").ifPresent(text::append);
    encoder.text("model").ifPresent(model -> text.append("model ").append(model).append('\n'));
    encoder.path("weights").ifPresent(w -> text.append(run.hasher().sha256(w)));
    return Sha256.of(text.toString());
  }
}
