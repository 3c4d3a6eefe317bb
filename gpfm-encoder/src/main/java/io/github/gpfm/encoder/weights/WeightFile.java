package io.github.gpfm.encoder.weights;

import io.github.gpfm.api.WeightsException;
import io.github.gpfm.support.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The tensors of one file, or of a model that is saved in several, by name, in the file's order.
 * Nothing has to be closed: data are read on demand.
 *
 * @param path what was opened: a file, an index of shards, or a model's folder
 * @param kind what it is
 * @param tensors by name; nested dictionaries of a checkpoint are joined with dots, for instance
 *     {@code teacher.backbone.norm.weight}
 * @param metadata strings: {@code __metadata__} of safetensors; strings and numbers lying beside
 *     the tensors of a checkpoint
 * @param unreadable tensors of element types that are not known here, with the type: to be ignored,
 *     or to be named in a message
 * @param parts the files in which the tensors lie; one, or a model's shards
 */
public record WeightFile(
    Path path,
    Kind kind,
    Map<String, WeightTensor> tensors,
    Map<String, String> metadata,
    Map<String, String> unreadable,
    List<Path> parts) {
  /** File layouts. */
  public enum Kind {
    /** The safetensors format. */
    SAFETENSORS,
    /** A PyTorch checkpoint: a zip with a pickle, since PyTorch 1.6. */
    TORCH_ZIP,
    /** A PyTorch checkpoint of the older layout: several pickles and raw data. */
    TORCH_LEGACY
  }

  /** Tensors of one file, all of them readable. */
  public WeightFile(
      Path path, Kind kind, Map<String, WeightTensor> tensors, Map<String, String> metadata) {
    this(path, kind, tensors, metadata, Map.of(), List.of(path));
  }

  /** Copies the maps, keeping their order. */
  public WeightFile {
    tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
    metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
    unreadable = Collections.unmodifiableMap(new LinkedHashMap<>(unreadable));
    parts = List.copyOf(parts);
  }

  /**
   * Opens weights, telling their kind by their content: a file; a model's folder as Hugging Face's
   * libraries save it; an index of shards; or one of the shards, with which the others are read.
   *
   * @throws WeightsException if the file is missing, empty, damaged, no weight file, or a
   *     checkpoint that needs a foreign class
   */
  public static WeightFile open(Path path) {
    return ShardedWeights.of(path).map(ShardedWeights::read).orElseGet(() -> openOne(path));
  }

  /** Opens one file; shards are not looked for. */
  static WeightFile openOne(Path path) {
    try {
      if (!Files.exists(path)) {
        throw new NoSuchFileException(path.toString());
      }
      if (!Files.isRegularFile(path)) {
        throw new WeightsException("'" + path + "' is not a file; name the weight file itself.");
      }
      byte[] head;
      try (InputStream in = Files.newInputStream(path)) {
        head = in.readNBytes(LegacyCheckpoint.HEAD);
      }
      if (head.length == 0) {
        throw new WeightsException("Weight file '" + path + "' is empty; download it again.");
      }
      Optional<Kind> kind = kindOf(head);
      if (kind.isPresent()) {
        return switch (kind.get()) {
          case TORCH_ZIP -> TorchCheckpoint.readZip(path);
          case TORCH_LEGACY -> LegacyCheckpoint.read(path);
          case SAFETENSORS -> {
            FileStamp stamp = FileStamp.of(path);
            yield Safetensors.read(path, new FileData(stamp, 0, stamp.size()));
          }
        };
      }
      if (LegacyCheckpoint.isPickle(head)) {
        throw new WeightsException(
            "'%s' is a bare pickle, which can run code, and no PyTorch checkpoint; save the model's"
                    .formatted(path)
                + " state_dict with torch.save, or as safetensors.");
      }
      throw new WeightsException(
          "'"
              + path
              + "' is neither a safetensors file nor a PyTorch checkpoint; give the model's .pth,"
              + " .bin or .safetensors file (ONNX is given as a program: --program).");
    } catch (NoSuchFileException e) {
      throw new WeightsException("Weight file '" + path + "' does not exist; check the path.", e);
    } catch (IOException e) {
      throw new WeightsException(
          "Weight file '" + path + "' cannot be read (" + e.getMessage() + "); check it.", e);
    }
  }

  /**
   * The layout that a file's first bytes tell. Safetensors are asked for first: the length of a
   * header may look like a pickle's first bytes (640 is 0x80 0x02) or a zip's (19280 is "PK").
   */
  static Optional<Kind> kindOf(byte[] head) {
    if (Safetensors.matches(head)) {
      return Optional.of(Kind.SAFETENSORS);
    } else if (head.length >= 4 && head[0] == 'P' && head[1] == 'K') {
      return Optional.of(Kind.TORCH_ZIP);
    }
    return LegacyCheckpoint.matches(head) ? Optional.of(Kind.TORCH_LEGACY) : Optional.empty();
  }

  /**
   * Reads a safetensors file that is already in memory.
   *
   * @param label what to call it in messages
   * @throws WeightsException if it is damaged
   */
  public static WeightFile ofSafetensors(String label, byte[] bytes) {
    if (!Safetensors.matches(bytes)) {
      throw new WeightsException("'" + label + "' is not a safetensors file; give one.");
    }
    try {
      return Safetensors.read(Path.of(label), TensorData.of(bytes));
    } catch (IOException e) {
      throw new WeightsException("'" + label + "' cannot be read: " + e.getMessage(), e);
    }
  }

  /**
   * The tensor with that name.
   *
   * @throws WeightsException if there is none
   */
  public WeightTensor tensor(String name) {
    WeightTensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new WeightsException(
          "Weight file '" + path + "' has no tensor '" + name + "'; it is of another model.");
    }
    return tensor;
  }

  /** The folder in which the tensors lie. */
  public Path folder() {
    Path parent = parts.get(0).toAbsolutePath().getParent();
    return parent == null ? parts.get(0).toAbsolutePath() : parent;
  }

  /** {@link #sha256(Path)} of what was opened. */
  public String sha256() {
    return sha256Of(parts);
  }

  /**
   * Lower-case hexadecimal SHA-256 of weights of any kind; reads them all. That of a model in
   * several files is the SHA-256 of a text of one line a file, in order: hash, two spaces, name.
   *
   * @throws WeightsException if they cannot be read
   */
  public static String sha256(Path path) {
    return sha256Of(files(path));
  }

  /**
   * The files that weights of any kind consist of, in order: one, or the shards of a model.
   *
   * @throws WeightsException if a folder holds none or several, or a shard is missing
   */
  public static List<Path> files(Path path) {
    return ShardedWeights.of(path).map(ShardedWeights::files).orElse(List.of(path));
  }

  private static String sha256Of(List<Path> files) {
    try {
      if (files.size() == 1) {
        return Sha256.of(files.get(0));
      }
      StringBuilder lines = new StringBuilder();
      for (Path file : files) {
        lines.append(Sha256.of(file)).append("  ").append(file.getFileName()).append('\n');
      }
      return Sha256.of(lines.toString());
    } catch (IOException e) {
      throw new WeightsException(
          "Weight file '" + files.get(0) + "' cannot be read (" + e.getMessage() + "); check it.",
          e);
    }
  }
}
