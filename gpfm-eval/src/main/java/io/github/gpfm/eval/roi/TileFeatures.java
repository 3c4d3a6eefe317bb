package io.github.gpfm.eval.roi;

import io.github.gpfm.api.Encoder;
import io.github.gpfm.api.OutputException;
import io.github.gpfm.api.ProgressListener;
import io.github.gpfm.encoder.weights.Safetensors;
import io.github.gpfm.encoder.weights.WeightFile;
import io.github.gpfm.encoder.weights.WeightTensor;
import io.github.gpfm.eval.EvaluationException;
import io.github.gpfm.eval.data.CsvTable;
import io.github.gpfm.eval.data.LabelledFeatures;
import io.github.gpfm.eval.linalg.Matrix;
import io.github.gpfm.image.PictureFile;
import io.github.gpfm.support.Budget;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** Makes and keeps features of labelled tiles. */
public final class TileFeatures {
  private static final int BATCH = 32;

  private TileFeatures() {}

  /**
   * Embeds a tile set.
   *
   * @param leftOut takes a sentence for each tile whose feature is not finite and is left out
   * @throws EvaluationException naming the image that cannot be read
   */
  public static LabelledFeatures embed(
      String name,
      TileSet tiles,
      Encoder encoder,
      ProgressListener progress,
      Consumer<String> leftOut) {
    int n = tiles.files().size();
    int dimension = encoder.info().dimension();
    Matrix features = Matrix.zeros(n, dimension);
    progress.started("embed " + name, n);
    for (int from = 0; from < n; from += BATCH) {
      List<BufferedImage> images = new ArrayList<>();
      for (int i = from; i < Math.min(n, from + BATCH); i++) {
        images.add(read(tiles.files().get(i)));
      }
      float[] part = encoder.embed(images).toArray();
      System.arraycopy(part, 0, features.values(), from * dimension, part.length);
      progress.advanced(Math.min(n, from + BATCH));
    }
    progress.finished();
    return LabelledFeatures.finite(
        name,
        IntStream.range(0, n).mapToObj(tiles::id).toList(),
        features,
        tiles.labels().stream().mapToInt(Integer::intValue).toArray(),
        tiles.classes(),
        leftOut);
  }

  /** Reads an image. */
  public static BufferedImage read(Path file) {
    return PictureFile.read(file, Budget.of(file, EvaluationException::new));
  }

  /** Writes features with names, labels and classes as safetensors. */
  public static void save(Path file, LabelledFeatures data, String fingerprint) {
    List<Long> shape = List.of((long) data.size(), (long) data.dimension());
    long[] labels = Arrays.stream(data.labels()).asLongStream().toArray();
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
    } catch (IOException e) {
      throw new OutputException("cannot make the folder of '" + file + "'", e);
    }
    Safetensors.write(
        file,
        List.of(
            WeightTensor.ofFloats("features", shape, data.features().values()),
            WeightTensor.ofLongs("labels", List.of((long) labels.length), labels)),
        new TreeMap<>(
            Map.of(
                "ids", String.join("\n", data.ids()),
                "classes", String.join("\n", data.classes()),
                "fingerprint", fingerprint)));
  }

  /** Reads what {@link #save} wrote; the fingerprint is in the file's metadata. */
  public static LabelledFeatures load(String name, Path file) {
    WeightFile content = WeightFile.open(file);
    WeightTensor features = content.tensor("features");
    return new LabelledFeatures(
        name,
        List.of(content.metadata().getOrDefault("ids", "").split("\n")),
        Matrix.of((int) features.size(0), (int) features.size(1), features.toFloats()),
        Arrays.stream(content.tensor("labels").toLongs()).mapToInt(Math::toIntExact).toArray(),
        List.of(content.metadata().getOrDefault("classes", "").split("\n")));
  }

  /**
   * Reads the reference's {@code train.pt}, {@code val.pt}, {@code test.pt}: tensors {@code
   * feature} and {@code label}.
   *
   * @param classes number of classes
   * @param leftOut takes a sentence for each tile whose feature is not finite and is left out
   */
  public static LabelledFeatures official(
      String name, Path file, int classes, Consumer<String> leftOut) {
    WeightFile content = WeightFile.open(file);
    WeightTensor features = content.tensor("feature");
    int[] labels =
        Arrays.stream(content.tensor("label").toLongs()).mapToInt(Math::toIntExact).toArray();
    return LabelledFeatures.finite(
        name,
        IntStream.range(0, labels.length).mapToObj(i -> name + "/" + i).toList(),
        Matrix.of((int) features.size(0), (int) features.size(-1), features.toFloats()),
        labels,
        IntStream.range(0, classes).mapToObj(Integer::toString).toList(),
        leftOut);
  }

  /**
   * Reads a table: a column of classes, the other numeric columns are the feature.
   *
   * @param labelColumn column with class names or numbers
   * @param excluded columns that are no feature
   * @param leftOut takes a sentence for each row that is not finite and is left out
   */
  public static LabelledFeatures table(
      String name, Path file, String labelColumn, List<String> excluded, Consumer<String> leftOut) {
    CsvTable table = CsvTable.read(file);
    List<String> labels = table.column(labelColumn);
    List<String> classes = List.copyOf(new TreeSet<>(labels));
    List<String> except = new ArrayList<>(excluded);
    except.add(labelColumn);
    return LabelledFeatures.finite(
        name,
        IntStream.range(0, labels.size()).mapToObj(i -> "row " + (i + 1)).toList(),
        table.numeric(except.toArray(String[]::new)),
        labels.stream().mapToInt(classes::indexOf).toArray(),
        classes,
        leftOut);
  }
}
