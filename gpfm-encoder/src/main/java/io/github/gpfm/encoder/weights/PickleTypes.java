package io.github.gpfm.encoder.weights;

import io.github.gpfm.api.WeightsException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The classes and functions a checkpoint may name, and what stands for them here. */
final class PickleTypes {
  private PickleTypes() {}

  /** Raw elements somewhere in the file. */
  record Storage(DType dtype, String key, long count) {}

  /** A view of a storage. */
  record Tensor(Storage storage, long offset, List<Long> shape, List<Long> strides) {}

  private record StorageClass(DType dtype) {}

  private enum Function {
    ORDERED_DICT,
    REBUILD_TENSOR,
    REBUILD_PARAMETER
  }

  static Object global(Path file, String module, String name) {
    switch (module + "." + name) {
      case "collections.OrderedDict":
        return Function.ORDERED_DICT;
      case "torch._utils._rebuild_tensor_v2":
        return Function.REBUILD_TENSOR;
      case "torch._utils._rebuild_parameter":
        return Function.REBUILD_PARAMETER;
      default:
        Optional<DType> dtype =
            module.equals("torch") ? DType.fromTorchStorage(name) : Optional.empty();
        if (dtype.isPresent()) {
          return new StorageClass(dtype.get());
        }
        throw new WeightsException(
            ("Weight file '%s' needs the foreign class '%s.%s', which is refused because such a"
                    + " pickle can run code; save the model's state_dict alone, or as safetensors.")
                .formatted(file, module, name));
    }
  }

  static Object call(Path file, Object function, List<?> arguments) {
    if (function == Function.ORDERED_DICT) {
      return orderedDict(file, arguments);
    }
    if (function == Function.REBUILD_TENSOR && arguments.size() >= 4) {
      if (arguments.get(0) instanceof Storage storage
          && arguments.get(1) instanceof Long offset
          && arguments.get(2) instanceof List<?> shape
          && arguments.get(3) instanceof List<?> strides
          && shape.size() == strides.size()) {
        return tensor(file, storage, offset, longs(file, shape), longs(file, strides));
      }
    }
    if (function == Function.REBUILD_PARAMETER
        && !arguments.isEmpty()
        && arguments.get(0) instanceof Tensor tensor) {
      return tensor;
    }
    throw damaged(file, "it calls a function with arguments that do not fit");
  }

  private static Object orderedDict(Path file, List<?> arguments) {
    Map<Object, Object> map = new LinkedHashMap<>();
    if (!arguments.isEmpty()) {
      if (!(arguments.get(0) instanceof List<?> pairs)) {
        throw damaged(file, "it builds a dictionary from something else than pairs");
      }
      for (Object pair : pairs) {
        if (!(pair instanceof List<?> entry) || entry.size() != 2) {
          throw damaged(file, "it builds a dictionary from something else than pairs");
        }
        map.put(key(file, entry.get(0)), entry.get(1));
      }
    }
    return map;
  }

  /** Only plain values may be keys: hashing a container could run forever. */
  static Object key(Path file, Object value) {
    if (value instanceof String
        || value instanceof Long
        || value instanceof Double
        || value instanceof Boolean) {
      return value;
    }
    throw damaged(file, "it has a dictionary whose key is neither a string nor a number");
  }

  /** {@code ('storage', class, key, location, count[, view])}. */
  static Storage persistent(Path file, Object id) {
    if (id instanceof List<?> list
        && list.size() >= 5
        && "storage".equals(list.get(0))
        && list.get(1) instanceof StorageClass type
        && list.get(2) instanceof String key
        && list.get(4) instanceof Long count
        && (list.size() == 5 || list.get(5) == PickleReader.NONE)) {
      if (count < 0 || count > Long.MAX_VALUE / 8) {
        throw damaged(file, "a storage claims " + count + " elements");
      }
      return new Storage(type.dtype(), key, count);
    }
    throw damaged(file, "it refers to something that is no storage");
  }

  private static Tensor tensor(
      Path file, Storage storage, long offset, List<Long> shape, List<Long> strides) {
    try {
      long count = 1;
      long last = offset;
      for (int i = 0; i < shape.size(); i++) {
        if (shape.get(i) < 0 || strides.get(i) < 0) {
          throw new ArithmeticException();
        }
        count = Math.multiplyExact(count, shape.get(i));
        last =
            Math.addExact(last, Math.multiplyExact(Math.max(shape.get(i) - 1, 0), strides.get(i)));
      }
      // A tensor that repeats elements (stride 0) may claim any size; no checkpoint needs one.
      boolean fits = offset >= 0 && (count == 0 || last < storage.count());
      if (!fits || count > storage.count()) {
        throw new ArithmeticException();
      }
      return new Tensor(storage, offset, shape, strides);
    } catch (ArithmeticException e) {
      throw damaged(
          file,
          "a tensor of shape %s, strides %s, offset %d lies outside its %d elements"
              .formatted(shape, strides, offset, storage.count()));
    }
  }

  private static List<Long> longs(Path file, List<?> values) {
    List<Long> longs = new ArrayList<>();
    for (Object value : values) {
      if (!(value instanceof Long number)) {
        throw damaged(file, "a shape holds something else than whole numbers");
      }
      longs.add(number);
    }
    return longs;
  }

  static WeightsException damaged(Path file, String what) {
    return new WeightsException(
        "Weight file '" + file + "' is damaged: " + what + "; download it again.");
  }
}
