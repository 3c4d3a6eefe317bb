package io.github.gpfm.encoder.weights;

import io.github.gpfm.api.WeightsException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The layout before PyTorch 1.6: pickles of a magic number, a version, the saving system, the
 * object and the storages' keys; then for each key an INT64 count and the elements.
 */
final class LegacyCheckpoint {
  private static final byte[] MAGIC = {(byte) 0x80, 2, (byte) 0x8a, 0x0a, 0x6c, (byte) 0xfc};

  private LegacyCheckpoint() {}

  /** Whether the first bytes are a pickle. */
  static boolean matches(byte[] head) {
    return head.length >= 2 && head[0] == (byte) 0x80 && head[1] >= 2 && head[1] <= 5;
  }

  static WeightFile read(Path path) throws IOException {
    FileStamp stamp = FileStamp.of(path);
    try (InputStream in = new BufferedInputStream(Files.newInputStream(path), 1 << 16)) {
      in.mark(MAGIC.length);
      if (!Arrays.equals(in.readNBytes(MAGIC.length), MAGIC)) {
        throw new WeightsException(
            "'%s' is a bare pickle, which can run code, and no PyTorch checkpoint; save the model's"
                    .formatted(path)
                + " state_dict with torch.save, or as safetensors.");
      }
      in.reset();
      PickleReader pickle = new PickleReader(path, in);
      pickle.load();
      pickle.load();
      if (pickle.load() instanceof Map<?, ?> system
          && Boolean.FALSE.equals(system.get("little_endian"))) {
        throw new WeightsException(
            "Weight file '" + path + "' is big-endian; save it again on a little-endian machine.");
      }
      Object root = pickle.load();
      if (!(pickle.load() instanceof List<?> keys)) {
        throw PickleTypes.damaged(path, "its list of storages is missing");
      }
      Map<String, Long> offsets = new HashMap<>();
      long offset = pickle.consumed();
      Map<String, PickleTypes.Storage> storages = new HashMap<>();
      collect(root, storages, 0);
      for (Object key : keys) {
        PickleTypes.Storage storage = storages.get(String.valueOf(key));
        if (storage == null) {
          throw PickleTypes.damaged(path, "it holds a storage no tensor names");
        }
        if (storage.count() != count(stamp, offset)) {
          throw PickleTypes.damaged(path, "a storage has another length than its tensors say");
        }
        offsets.put(storage.key(), offset + 8);
        offset += 8 + storage.count() * storage.dtype().size();
        if (offset > stamp.size()) {
          throw PickleTypes.damaged(path, "it is truncated");
        }
      }
      return CheckpointTree.flatten(
          path,
          WeightFile.Kind.TORCH_LEGACY,
          root,
          storage -> {
            Long at = offsets.get(storage.key());
            if (at == null) {
              throw PickleTypes.damaged(path, "a tensor's storage is missing");
            }
            return new FileData(stamp, at, storage.count() * storage.dtype().size());
          });
    }
  }

  private static void collect(Object value, Map<String, PickleTypes.Storage> found, int depth) {
    if (depth > 64) {
      return;
    }
    if (value instanceof Map<?, ?> map) {
      map.values().forEach(item -> collect(item, found, depth + 1));
    } else if (value instanceof List<?> list) {
      list.forEach(item -> collect(item, found, depth + 1));
    } else if (value instanceof PickleTypes.Tensor tensor) {
      found.put(tensor.storage().key(), tensor.storage());
    }
  }

  private static long count(FileStamp file, long offset) throws IOException {
    if (offset + 8 > file.size()) {
      throw PickleTypes.damaged(file.path(), "it is truncated");
    }
    ByteBuffer count = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
    new FileData(file, offset, 8).read(0, count);
    return count.getLong(0);
  }
}
