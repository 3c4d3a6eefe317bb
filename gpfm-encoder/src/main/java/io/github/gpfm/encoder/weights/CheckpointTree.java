package io.github.gpfm.encoder.weights;

import io.github.gpfm.support.Budget;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Flattens the nested dictionaries of a checkpoint to dotted names. */
final class CheckpointTree {
  /** Longer lists of plain values (histories, random states) are no metadata. */
  private static final int LISTED = 64;

  private static final int ENTRY = 128;

  private final Path file;
  private final Budget budget;
  private final Function<PickleTypes.Storage, TensorData> storages;
  private final Map<String, WeightTensor> tensors = new LinkedHashMap<>();
  private final Map<String, String> unreadable = new LinkedHashMap<>();
  private final Map<String, String> metadata = new LinkedHashMap<>();

  private CheckpointTree(
      Path file, Budget budget, Function<PickleTypes.Storage, TensorData> storages) {
    this.file = file;
    this.budget = budget;
    this.storages = storages;
  }

  /**
   * @param storages finds the bytes of a storage; checks that they are there
   */
  static WeightFile flatten(
      Path file,
      WeightFile.Kind kind,
      Object root,
      Budget budget,
      Function<PickleTypes.Storage, TensorData> storages) {
    CheckpointTree tree = new CheckpointTree(file, budget, storages);
    tree.visit("", root);
    return new WeightFile(file, kind, tree.tensors, tree.metadata, tree.unreadable, List.of(file));
  }

  private void visit(String name, Object value) {
    budget.objects(1);
    budget.enter();
    if (value instanceof Map<?, ?> map) {
      map.forEach((key, item) -> visit(join(name, String.valueOf(key)), item));
    } else if (value instanceof List<?> list) {
      for (int i = 0; i < list.size(); i++) {
        Object item = list.get(i);
        if (list.size() <= LISTED || isTree(item)) {
          visit(join(name, String.valueOf(i)), item);
        }
      }
    } else if (value instanceof PickleTypes.Tensor tensor) {
      budget.bytes(ENTRY, "its tensors' names");
      if (tensors.put(name, resolve(name, tensor)) != null) {
        throw PickleTypes.damaged(file, "tensor '" + name + "' is there twice");
      }
    } else if (value instanceof PickleTypes.Unreadable tensor) {
      unreadable.put(name, tensor.kind());
    } else if (value instanceof String
        || value instanceof Number
        || value instanceof Boolean
        || (value instanceof PickleTypes.Plain && value != PickleTypes.NONE)) {
      budget.bytes(ENTRY, "its metadata");
      metadata.put(name, value instanceof BigInteger ? "a large number" : String.valueOf(value));
    }
    budget.leave();
  }

  private static boolean isTree(Object item) {
    return item instanceof Map
        || item instanceof List
        || item instanceof PickleTypes.Tensor
        || item instanceof PickleTypes.Unreadable;
  }

  private WeightTensor resolve(String name, PickleTypes.Tensor tensor) {
    TensorData storage = storages.apply(tensor.storage());
    TensorData data =
        new StridedData(
            storage, tensor.dtype().size(), tensor.offset(), tensor.shape(), tensor.strides());
    return new WeightTensor(name, tensor.dtype(), tensor.shape(), data);
  }

  private String join(String prefix, String key) {
    budget.name((long) prefix.length() + key.length() + 1, "a name");
    budget.bytes(2L * (prefix.length() + key.length()), "its names");
    return prefix.isEmpty() ? key : prefix + "." + key;
  }
}
