package io.github.gpfm.encoder.weights;

import io.github.gpfm.api.WeightsException;
import io.github.gpfm.encoder.internal.torch.PickleWriter;
import io.github.gpfm.encoder.internal.torch.TorchZipWriter;
import io.github.gpfm.support.Budget;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;

/** PyTorch's checkpoint layout since 1.6: a zip of {@code data.pkl} and one entry per storage. */
public final class TorchCheckpoint {
  private TorchCheckpoint() {}

  static WeightFile readZip(Path path) throws IOException {
    FileStamp stamp = FileStamp.of(path);
    try (ZipFile zip = ZipFile.builder().setPath(path).get()) {
      String root = root(path, zip);
      ZipArchiveEntry order = zip.getEntry(root + "byteorder");
      if (order != null && text(zip, order).strip().equals("big")) {
        throw new WeightsException(
            "Weight file '" + path + "' is big-endian; save it again on a little-endian machine.");
      }
      ZipArchiveEntry pickle = zip.getEntry(root + "data.pkl");
      Budget budget = PickleBudget.of(path);
      Object tree;
      try (InputStream in = new BufferedInputStream(zip.getInputStream(pickle), 1 << 16)) {
        tree = new PickleReader(in, budget, new PickleTypes(path, budget)).load();
      }
      return CheckpointTree.flatten(
          path,
          WeightFile.Kind.TORCH_ZIP,
          tree,
          budget,
          storage -> storage(stamp, zip, root + "data/" + storage.key(), storage));
    } catch (WeightsException e) {
      throw e;
    } catch (IOException | IllegalArgumentException e) {
      throw new WeightsException(
          "Weight file '%s' is damaged: its zip directory cannot be read (%s); download it again."
              .formatted(path, e.getMessage()),
          e);
    }
  }

  private static String root(Path path, ZipFile zip) {
    String root = null;
    boolean program = false;
    for (ZipArchiveEntry entry : Collections.list(zip.getEntries())) {
      String name = entry.getName();
      int slash = name.indexOf('/');
      if (slash > 0 && name.substring(slash).equals("/data.pkl")) {
        root = name.substring(0, slash + 1);
      }
      program |= name.contains("/code/__torch__");
    }
    if (root == null) {
      throw new WeightsException(
          "'"
              + path
              + "' is a zip but no PyTorch checkpoint (it has no data.pkl); give a .pth or"
              + " .safetensors file.");
    }
    if (program) {
      throw new WeightsException(
          "'"
              + path
              + "' is a TorchScript program, not a weight file; save the model's"
              + " state_dict, or give the file as a program (--program).");
    }
    return root;
  }

  private static String text(ZipFile zip, ZipArchiveEntry entry) throws IOException {
    try (InputStream in = zip.getInputStream(entry)) {
      return new String(in.readNBytes(64), StandardCharsets.UTF_8);
    }
  }

  private static TensorData storage(
      FileStamp file, ZipFile zip, String name, PickleTypes.Storage storage) {
    ZipArchiveEntry entry = zip.getEntry(name);
    if (entry == null) {
      throw PickleTypes.damaged(file.path(), "its entry '" + name + "' is missing");
    }
    if (entry.getMethod() != ZipEntry.STORED) {
      throw new WeightsException(
          "Weight file '%s' is a compressed zip, which PyTorch never writes; save it with torch.save."
              .formatted(file.path()));
    }
    long bytes = storage.bytes();
    // Reading the stream's start makes the library look up where the data begin.
    try (InputStream in = zip.getRawInputStream(entry)) {
      long offset = entry.getDataOffset();
      if (in == null || entry.getSize() < bytes || offset < 0 || offset + bytes > file.size()) {
        throw PickleTypes.damaged(
            file.path(),
            "its entry '%s' has %d bytes where %d are needed"
                .formatted(name, entry.getSize(), bytes));
      }
      return new FileData(file, offset, bytes);
    } catch (IOException e) {
      throw PickleTypes.damaged(file.path(), "its entry '" + name + "' cannot be read");
    }
  }

  /**
   * Writes tensors as PyTorch does, so that {@code torch.load(file, weights_only=True)} returns
   * them, under a temporary name first.
   *
   * @param path the file; replaced if it exists
   * @param content values are {@link WeightTensor} (their own names are not written), nested maps,
   *     strings, {@code Long}, {@code Integer}, {@code Double}, {@code Boolean}
   * @throws io.github.gpfm.api.OutputException if it cannot be written; then nothing is left
   * @throws IllegalArgumentException for a value of another type
   */
  public static void write(Path path, Map<String, ?> content) {
    PickleWriter pickle = new PickleWriter();
    List<TensorData> storages = new ArrayList<>();
    writeMap(pickle, storages, content);
    byte[] program = pickle.finish();
    String fileName = path.getFileName().toString();
    int dot = fileName.lastIndexOf('.');
    String root = dot > 0 ? fileName.substring(0, dot) : fileName;
    AtomicOutput.write(
        path,
        channel -> {
          try (TorchZipWriter zip = new TorchZipWriter(channel, root)) {
            zip.entry("data.pkl", program);
            zip.entry("byteorder", "little".getBytes(StandardCharsets.US_ASCII));
            for (int i = 0; i < storages.size(); i++) {
              TensorData data = storages.get(i);
              zip.entry("data/" + i, data.size(), data::writeTo);
            }
            zip.entry("version", "3\n".getBytes(StandardCharsets.US_ASCII));
          }
        });
  }

  /** The tensors by their own names, for {@link #write}. */
  public static Map<String, WeightTensor> byName(Iterable<WeightTensor> tensors) {
    Map<String, WeightTensor> map = new LinkedHashMap<>();
    tensors.forEach(tensor -> map.put(tensor.name(), tensor));
    return map;
  }

  private static void writeMap(PickleWriter pickle, List<TensorData> storages, Map<?, ?> content) {
    pickle.orderedDict();
    pickle.mark();
    content.forEach(
        (key, value) -> {
          pickle.string(String.valueOf(key));
          if (value instanceof Map<?, ?> map) {
            writeMap(pickle, storages, map);
          } else if (value instanceof WeightTensor tensor) {
            pickle.tensor(tensor.dtype().torchStorage(), storages.size(), tensor.shape(), false);
            storages.add(tensor.data());
          } else {
            pickle.plain(value);
          }
        });
    pickle.setItems();
  }
}
