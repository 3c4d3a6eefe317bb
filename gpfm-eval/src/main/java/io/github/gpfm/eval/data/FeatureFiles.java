package io.github.gpfm.eval.data;

import io.github.gpfm.api.GpfmException;
import io.github.gpfm.encoder.features.FeatureReader;
import io.github.gpfm.encoder.weights.WeightFile;
import io.github.gpfm.encoder.weights.WeightTensor;
import io.github.gpfm.eval.EvaluationException;
import io.github.gpfm.eval.linalg.Matrix;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Feature files of this library and of others: {@code .h5} (CLAM, TRIDENT), {@code .safetensors},
 * {@code .npy} and {@code .npz} (half to double precision), {@code .pt} (one tensor, or one called
 * {@code feature} or {@code features}) and {@code .csv} (numeric columns).
 */
public final class FeatureFiles {
  private static final List<String> ENDINGS =
      List.of(".h5", ".safetensors", ".pt", ".npy", ".npz", ".csv");
  private static final List<String> FOLDERS = List.of("", "pt_files", "h5_files", "features");

  private FeatureFiles() {}

  /**
   * The file of a slide in a folder, also in the subfolders {@code pt_files}, {@code h5_files} and
   * {@code features}.
   */
  public static Optional<Path> find(Path folder, String slide) {
    for (String sub : FOLDERS) {
      for (String ending : ENDINGS) {
        Path file = folder.resolve(sub).resolve(slide + ending);
        if (Files.isRegularFile(file)) {
          return Optional.of(file);
        }
      }
    }
    return Optional.empty();
  }

  /** The folders of a features folder that {@link #find} looks into and that exist. */
  public static List<Path> folders(Path folder) {
    return FOLDERS.stream().map(folder::resolve).filter(Files::isDirectory).toList();
  }

  /** The slide's name if a file has an ending that is read. */
  public static Optional<String> nameOf(Path file) {
    String name = file.getFileName().toString();
    return ENDINGS.stream()
        .filter(name::endsWith)
        .findFirst()
        .map(ending -> name.substring(0, name.length() - ending.length()))
        .filter(plain -> !plain.endsWith("-coords"));
  }

  /**
   * Reads a file.
   *
   * @param id name of the bag
   * @throws GpfmException if it is missing, damaged, empty or holds NaN
   */
  public static FeatureBag read(String id, Path file) {
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    if (name.endsWith(".pt") || name.endsWith(".pth")) {
      return new FeatureBag(id, torch(file), new long[0]);
    } else if (name.endsWith(".csv")) {
      return new FeatureBag(id, CsvTable.read(file).numeric(), new long[0]);
    } else if (name.endsWith(".npz") || name.endsWith(".npy") && coords(file).isEmpty()) {
      return NumpyFile.read(id, file);
    }
    try (FeatureReader reader = FeatureReader.openVectors(file)) {
      Matrix features = Matrix.of(reader.rows(), reader.dimension(), reader.read(0, reader.rows()));
      return new FeatureBag(id, features, reader.coords(), reader.tileSize());
    }
  }

  /**
   * The second file of an array as this library writes it, with the coordinates, which its own
   * reader knows.
   */
  public static Optional<Path> coords(Path file) {
    String name = file.getFileName().toString();
    int dot = name.toLowerCase(Locale.ROOT).lastIndexOf(".npy");
    return Optional.of(dot)
        .filter(at -> at >= 0 && at == name.length() - 4)
        .map(at -> file.resolveSibling(name.substring(0, at) + "-coords.npy"))
        .filter(Files::isRegularFile);
  }

  private static Matrix torch(Path file) {
    WeightFile content = WeightFile.open(file);
    List<WeightTensor> candidates =
        content.tensors().size() == 1
            ? List.copyOf(content.tensors().values())
            : content.tensors().values().stream()
                .filter(t -> t.name().equals("feature") || t.name().equals("features"))
                .toList();
    if (candidates.size() != 1) {
      throw new EvaluationException(
          "'"
              + file
              + "' holds "
              + content.tensors().size()
              + " tensors; it must hold one, or one called 'features'");
    }
    WeightTensor tensor = candidates.get(0);
    int rank = tensor.shape().size();
    // TRIDENT and others keep a leading batch axis of one.
    if (rank == 3 && tensor.size(0) == 1) {
      tensor = tensor.reshaped(tensor.size(1), tensor.size(2));
    } else if (rank != 2) {
      throw new EvaluationException(
          "'" + file + "' holds " + tensor.describe() + "; a bag has two axes, tiles and features");
    }
    return Matrix.of(
        Math.toIntExact(tensor.size(0)), Math.toIntExact(tensor.size(1)), tensor.toFloats());
  }
}
