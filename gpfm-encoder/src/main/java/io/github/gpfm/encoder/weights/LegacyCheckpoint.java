package io.github.gpfm.encoder.weights;

import io.github.gpfm.api.WeightsException;
import io.github.gpfm.support.Budget;
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
  /** PyTorch's magic number as a pickled integer; it follows a pickle's header. */
  private static final byte[] MAGIC = {
    (byte) 0x8a,
    0x0a,
    0x6c,
    (byte) 0xfc,
    (byte) 0x9c,
    0x46,
    (byte) 0xf9,
    0x20,
    0x6a,
    (byte) 0xa8,
    0x50,
    0x19
  };

  /** Where it stands: after the protocol, and from protocol 4 on after a frame's length too. */
  private static final int[] MAGIC_AT = {2, 11};

  /** So many bytes tell the layout. */
  static final int HEAD = 32;

  private LegacyCheckpoint() {}

  /** Whether the first bytes are a pickle of PyTorch's magic number. */
  static boolean matches(byte[] head) {
    for (int at : MAGIC_AT) {
      int end = at + MAGIC.length;
      if (isPickle(head)
          && head.length >= end
          && Arrays.equals(head, at, end, MAGIC, 0, MAGIC.length)) {
        return true;
      }
    }
    return false;
  }

  /** Whether the first bytes are those of a pickle of any content. */
  static boolean isPickle(byte[] head) {
    return head.length >= 2 && head[0] == (byte) 0x80 && head[1] >= 2 && head[1] <= 5;
  }

  static WeightFile read(Path path) throws IOException {
    FileStamp stamp = FileStamp.of(path);
    try (InputStream in = new BufferedInputStream(Files.newInputStream(path), 1 << 16)) {
      Budget budget = PickleBudget.of(path);
      PickleTypes types = new PickleTypes(path, budget);
      PickleReader pickle = new PickleReader(in, budget, types);
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
      for (Object key : keys) {
        PickleTypes.Storage storage = types.storages().get(String.valueOf(types.key(key)));
        if (storage == null) {
          throw PickleTypes.damaged(path, "it holds a storage no tensor names");
        }
        if (storage.count() != count(stamp, offset)) {
          throw PickleTypes.damaged(path, "a storage has another length than its tensors say");
        }
        offsets.put(storage.key(), offset + 8);
        offset += 8 + storage.bytes();
        if (offset > stamp.size()) {
          throw PickleTypes.damaged(path, "it is truncated");
        }
      }
      return CheckpointTree.flatten(
          path,
          WeightFile.Kind.TORCH_LEGACY,
          root,
          budget,
          storage -> {
            Long at = offsets.get(storage.key());
            if (at == null) {
              throw PickleTypes.damaged(path, "a tensor's storage is missing");
            }
            return new FileData(stamp, at, storage.bytes());
          });
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
