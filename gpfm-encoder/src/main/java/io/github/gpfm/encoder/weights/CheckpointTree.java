package io.github.gpfm.encoder.weights;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Flattens the nested dictionaries of a checkpoint to dotted names. */
final class CheckpointTree {
  private static final int MAX_DEPTH = 64;
  private static final int MAX_NAMES = 1_000_000;

  private final Path file;
  private final Function<PickleTypes.Storage, TensorData> storages;
  private final Map<String, WeightTensor> tensors = new LinkedHashMap<>();
  private final Map<String, String> metadata = new LinkedHashMap<>();
  private int visited;

  private CheckpointTree(Path file, Function<PickleTypes.Storage, TensorData> storages) {
    this.file = file;
    this.storages = storages;
  }

  /**
   * @param storages finds the bytes of a storage; checks that they are there
   */
  static WeightFile flatten(
      Path file,
      WeightFile.Kind kind,
      Object root,
      Function<PickleTypes.Storage, TensorData> storages) {
    CheckpointTree tree = new CheckpointTree(file, storages);
    tree.visit("", root, 0);
    return new WeightFile(file, kind, tree.tensors, tree.metadata);
  }

  private void visit(String name, Object value, int depth) {
    if (depth > MAX_DEPTH || ++visited > MAX_NAMES) {
      throw PickleTypes.damaged(file, "its dictionaries are nested without end");
    }
    if (value instanceof Map<?, ?> map) {
      map.forEach((key, item) -> visit(join(name, String.valueOf(key)), item, depth + 1));
    } else if (value instanceof List<?> list) {
      for (int i = 0; i < list.size(); i++) {
        visit(join(name, String.valueOf(i)), list.get(i), depth + 1);
      }
    } else if (value instanceof PickleTypes.Tensor tensor) {
      if (tensors.put(name, resolve(name, tensor)) != null) {
        throw PickleTypes.damaged(file, "tensor '" + name + "' is there twice");
      }
    } else if (value instanceof String || value instanceof Number || value instanceof Boolean) {
      metadata.put(name, String.valueOf(value));
    }
  }

  private WeightTensor resolve(String name, PickleTypes.Tensor tensor) {
    DType dtype = tensor.storage().dtype();
    TensorData storage = storages.apply(tensor.storage());
    TensorData data =
        new StridedData(storage, dtype.size(), tensor.offset(), tensor.shape(), tensor.strides());
    return new WeightTensor(name, dtype, tensor.shape(), data);
  }

  private static String join(String prefix, String key) {
    return prefix.isEmpty() ? key : prefix + "." + key;
  }
}
