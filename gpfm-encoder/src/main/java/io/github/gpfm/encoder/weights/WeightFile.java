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
import java.util.Map;

/**
 * The tensors of one file, by name, in the file's order. Nothing has to be closed: data are read on
 * demand.
 *
 * @param path the file
 * @param kind what it is
 * @param tensors by name; nested dictionaries of a checkpoint are joined with dots, for instance
 *     {@code teacher.backbone.norm.weight}
 * @param metadata strings: {@code __metadata__} of safetensors; strings and numbers lying beside
 *     the tensors of a checkpoint
 */
public record WeightFile(
    Path path, Kind kind, Map<String, WeightTensor> tensors, Map<String, String> metadata) {
  /** File layouts. */
  public enum Kind {
    /** The safetensors format. */
    SAFETENSORS,
    /** A PyTorch checkpoint: a zip with a pickle, since PyTorch 1.6. */
    TORCH_ZIP,
    /** A PyTorch checkpoint of the older layout: several pickles and raw data. */
    TORCH_LEGACY
  }

  /** Copies the maps, keeping their order. */
  public WeightFile {
    tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
    metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
  }

  /**
   * Opens a weight file, telling its kind by its content.
   *
   * @throws WeightsException if the file is missing, empty, damaged, no weight file, or a
   *     checkpoint that needs a foreign class
   */
  public static WeightFile open(Path path) {
    try {
      if (!Files.exists(path)) {
        throw new NoSuchFileException(path.toString());
      }
      if (!Files.isRegularFile(path)) {
        throw new WeightsException("'" + path + "' is not a file; name the weight file itself.");
      }
      byte[] head;
      try (InputStream in = Files.newInputStream(path)) {
        head = in.readNBytes(16);
      }
      if (head.length == 0) {
        throw new WeightsException("Weight file '" + path + "' is empty; download it again.");
      }
      if (head.length >= 4 && head[0] == 'P' && head[1] == 'K') {
        return TorchCheckpoint.readZip(path);
      }
      // Before the pickle: a header of 640 bytes and the like begins with a pickle's first two.
      if (Safetensors.matches(head)) {
        FileStamp stamp = FileStamp.of(path);
        return Safetensors.read(path, new FileData(stamp, 0, stamp.size()));
      }
      if (LegacyCheckpoint.matches(head)) {
        return LegacyCheckpoint.read(path);
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

  /** Lower-case hexadecimal SHA-256 of the whole file; reads it all. */
  public String sha256() {
    return sha256(path);
  }

  /**
   * Lower-case hexadecimal SHA-256 of a weight file of any kind; reads it all.
   *
   * @throws WeightsException if it cannot be read
   */
  public static String sha256(Path file) {
    try {
      return Sha256.of(file);
    } catch (IOException e) {
      throw new WeightsException(
          "Weight file '" + file + "' cannot be read (" + e.getMessage() + "); check it.", e);
    }
  }
}
