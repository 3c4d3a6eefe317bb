package io.github.gpfm.encoder.weights;

import io.github.gpfm.api.GpfmException;
import io.github.gpfm.api.WeightsException;
import io.github.gpfm.support.Budget;
import io.github.gpfm.support.Printable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.zip.CRC32;

/**
 * The classes and functions a checkpoint may name, and what stands for them here: tensors, and
 * plain values as PyTorch's own {@code weights_only} reader allows them. Keeps the storages that
 * the pickle mentions.
 */
final class PickleTypes {
  /** Python's {@code None}. */
  static final Plain NONE = new Plain("None");

  private static final Set<String> BUILT_IN = Set.of("builtins", "__builtin__");
  private static final int SHORT_BYTES = 64;

  private final Path file;
  private final Budget budget;
  private final Map<String, Storage> storages = new LinkedHashMap<>();

  PickleTypes(Path file, Budget budget) {
    this.file = file;
    this.budget = budget;
  }

  /**
   * Raw elements somewhere in the file.
   *
   * @param type PyTorch's name of the storage class
   * @param dtype element type; empty for one that is not read (quantized)
   * @param size bytes of one element
   * @param count elements
   */
  record Storage(String type, Optional<DType> dtype, int size, String key, long count) {
    long bytes() {
      return count * size;
    }
  }

  /** A view of a storage; offset and strides in elements. */
  record Tensor(Storage storage, DType dtype, long offset, List<Long> shape, List<Long> strides) {}

  /** A tensor of a kind that is not read. */
  record Unreadable(String kind) {}

  /** A value that is only shown. */
  record Plain(String text) {
    @Override
    public String toString() {
      return text;
    }
  }

  private record StorageClass(String name, Optional<DType> dtype, int size) {}

  private record Type(DType dtype) {}

  private enum Function {
    DICT,
    LIST,
    BYTES,
    PLAIN,
    DEVICE,
    TENSOR,
    TENSOR_OF_TYPE,
    FIRST_ARGUMENT,
    FROM_TYPE,
    UNREADABLE
  }

  /** The storages mentioned so far, by key. */
  Map<String, Storage> storages() {
    return storages;
  }

  Object global(String module, String name) {
    if (module.equals("torch")) {
      Optional<Object> known = torch(name);
      if (known.isPresent()) {
        return known.get();
      }
    } else if (BUILT_IN.contains(module)) {
      switch (name) {
        case "set", "frozenset", "list", "tuple":
          return Function.LIST;
        case "dict":
          return Function.DICT;
        case "bytes", "bytearray":
          return Function.BYTES;
        case "complex", "int", "float", "bool", "str":
          return Function.PLAIN;
        default:
      }
    }
    return switch (module + "." + name) {
      case "collections.OrderedDict", "collections.Counter", "collections.defaultdict" ->
          Function.DICT;
      case "torch._utils._rebuild_tensor", "torch._utils._rebuild_tensor_v2" -> Function.TENSOR;
      case "torch._utils._rebuild_tensor_v3" -> Function.TENSOR_OF_TYPE;
      case "torch._utils._rebuild_parameter",
          "torch._utils._rebuild_parameter_with_state",
          "torch._utils._rebuild_device_tensor_from_cpu_tensor" ->
          Function.FIRST_ARGUMENT;
      case "torch._tensor._rebuild_from_type_v2" -> Function.FROM_TYPE;
      case "torch._utils._rebuild_qtensor",
          "torch._utils._rebuild_sparse_tensor",
          "torch._utils._rebuild_sparse_csr_tensor",
          "torch._utils._rebuild_nested_tensor",
          "torch._utils._rebuild_meta_tensor_no_storage",
          "torch._utils._rebuild_device_tensor_from_numpy" ->
          Function.UNREADABLE;
      case "torch.storage.UntypedStorage" -> untyped(name);
      case "torch.nn.parameter.Parameter", "torch._tensor.Tensor" -> new Plain(name);
      case "torch.serialization._get_layout" -> Function.PLAIN;
      case "_codecs.encode" -> Function.BYTES;
      default ->
          throw new WeightsException(
              ("Weight file '%s' needs the foreign class '%s', which is refused because such a"
                      + " pickle can run code; save the model's state_dict alone, or as"
                      + " safetensors.")
                  .formatted(file, Printable.line(module + "." + name, 200)));
    };
  }

  private static Optional<Object> torch(String name) {
    Optional<DType> storage = DType.fromTorchStorage(name);
    if (storage.isPresent()) {
      return Optional.of(new StorageClass(name, storage, storage.get().size()));
    }
    Optional<DType> type = DType.fromTorchName(name);
    if (type.isPresent()) {
      return Optional.of(new Type(type.get()));
    }
    return Optional.ofNullable(
        switch (name) {
          case "Size" -> Function.LIST;
          case "device" -> Function.DEVICE;
          case "Tensor" -> new Plain(name);
          case "UntypedStorage" -> untyped(name);
          case "QInt8Storage", "QUInt8Storage", "QUInt4x2Storage", "QUInt2x4Storage" ->
              new StorageClass(name, Optional.empty(), 1);
          case "QInt32Storage" -> new StorageClass(name, Optional.empty(), 4);
          case "complex32",
              "qint8",
              "quint8",
              "qint32",
              "quint4x2",
              "quint2x4",
              "per_tensor_affine",
              "per_tensor_symmetric",
              "per_channel_affine",
              "per_channel_symmetric",
              "per_channel_affine_float_qparams",
              "strided",
              "sparse_coo",
              "sparse_csr",
              "contiguous_format",
              "channels_last",
              "preserve_format" ->
              new Plain("torch." + name);
          default -> null;
        });
  }

  private static StorageClass untyped(String name) {
    return new StorageClass(name, Optional.of(DType.UINT8), 1);
  }

  Object call(Object function, List<?> arguments) {
    if (function instanceof Function known) {
      switch (known) {
        case DICT:
          return dictionary(arguments);
        case LIST:
          return arguments.isEmpty() ? new ArrayList<>() : listOf(arguments.get(0));
        case BYTES:
          return bytesOf(arguments);
        case PLAIN, DEVICE:
          return new Plain(render(arguments));
        case TENSOR, TENSOR_OF_TYPE:
          return tensor(known, arguments);
        case FIRST_ARGUMENT:
          if (!arguments.isEmpty() && isTensor(arguments.get(0))) {
            return arguments.get(0);
          }
          break;
        case FROM_TYPE:
          if (arguments.size() >= 3
              && arguments.get(0) != Function.FROM_TYPE
              && arguments.get(2) instanceof List<?> inner) {
            return call(arguments.get(0), inner);
          }
          break;
        case UNREADABLE:
          return new Unreadable("quantized, sparse or without data");
      }
    }
    throw damaged("it calls a function with arguments that do not fit");
  }

  private static boolean isTensor(Object value) {
    return value instanceof Tensor || value instanceof Unreadable;
  }

  /** Whether attributes may be set, which are dropped. */
  boolean takesState(Object value) {
    return isTensor(value) || value instanceof Map || value instanceof Plain;
  }

  private List<?> listOf(Object value) {
    if (value instanceof List<?> list) {
      return list;
    }
    throw damaged("it builds a list from something that is none");
  }

  /** Protocol 2 writes bytes as text in Latin-1. */
  private static Plain bytesOf(List<?> arguments) {
    return bytes(
        !arguments.isEmpty() && arguments.get(0) instanceof String text
            ? text.getBytes(StandardCharsets.ISO_8859_1)
            : new byte[0]);
  }

  /** Bytes are only shown: their length, and what tells them from others as a key. */
  static Plain bytes(byte[] value) {
    CRC32 sum = new CRC32();
    sum.update(value);
    return new Plain(
        value.length <= SHORT_BYTES
            ? "bytes of %d, CRC %08x".formatted(value.length, sum.getValue())
            : "bytes of " + value.length);
  }

  private Object dictionary(List<?> arguments) {
    Map<Object, Object> map = new LinkedHashMap<>();
    // A defaultdict's first argument is what makes its missing values; a Counter's is a dictionary.
    if (!arguments.isEmpty() && arguments.get(0) instanceof Map<?, ?> given) {
      map.putAll(given);
    } else if (!arguments.isEmpty() && arguments.get(0) instanceof List<?> pairs) {
      for (Object pair : pairs) {
        if (!(pair instanceof List<?> entry) || entry.size() != 2) {
          throw damaged("it builds a dictionary from something else than pairs");
        }
        map.put(key(entry.get(0)), entry.get(1));
      }
    }
    return map;
  }

  /** A key as it is if it is plain, else as text: hashing a container could run forever. */
  Object key(Object value) {
    if (value instanceof String text) {
      budget.name(text.length(), "a key");
      return text;
    }
    return value instanceof Long || value instanceof Double || value instanceof Boolean
        ? value
        : render(value);
  }

  /** A value as Python would print it, at most as long as a name may be. */
  private String render(Object value) {
    StringBuilder text = new StringBuilder();
    render(value, text);
    return text.toString();
  }

  private void render(Object value, StringBuilder into) {
    budget.objects(1);
    if (value instanceof List<?> list) {
      budget.enter();
      into.append('(');
      for (int i = 0; i < list.size(); i++) {
        into.append(i == 0 ? "" : ", ");
        render(list.get(i), into);
      }
      into.append(list.size() == 1 ? ",)" : ")");
      budget.leave();
    } else if (value instanceof Map || isTensor(value)) {
      throw damaged("it has a key that is a dictionary or a tensor");
    } else {
      into.append(value);
    }
    budget.name(into.length(), "a key");
  }

  /** {@code ('storage', class, key, location, count[, view])}. */
  Storage persistent(Object id) {
    if (id instanceof List<?> list
        && list.size() >= 5
        && "storage".equals(list.get(0))
        && list.get(1) instanceof StorageClass type
        && list.get(2) instanceof String key
        && list.get(4) instanceof Long count
        && (list.size() == 5 || list.get(5) == NONE)) {
      if (count < 0 || count > Long.MAX_VALUE / 32) {
        throw damaged("a storage claims " + count + " elements");
      }
      Storage storage = new Storage(type.name(), type.dtype(), type.size(), key, count);
      storages.put(key, storage);
      return storage;
    }
    throw damaged("it refers to something that is no storage");
  }

  private Object tensor(Function function, List<?> arguments) {
    boolean typed = function == Function.TENSOR_OF_TYPE;
    if (arguments.size() < (typed ? 7 : 4)
        || !(arguments.get(0) instanceof Storage storage)
        || !(arguments.get(1) instanceof Long offset)
        || !(arguments.get(2) instanceof List<?> shape)
        || !(arguments.get(3) instanceof List<?> strides)
        || shape.size() != strides.size()) {
      throw damaged("it calls a function with arguments that do not fit");
    }
    Optional<DType> dtype =
        !typed
            ? storage.dtype()
            : arguments.get(6) instanceof Type type ? Optional.of(type.dtype()) : Optional.empty();
    return dtype.isEmpty()
        ? new Unreadable(typed ? render(arguments.get(6)) : storage.type())
        : tensor(storage, dtype.get(), offset, longs(shape), longs(strides));
  }

  private Tensor tensor(
      Storage storage, DType dtype, long offset, List<Long> shape, List<Long> strides) {
    long available = storage.bytes() / dtype.size();
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
      if (offset < 0 || (count > 0 && last >= available)) {
        throw new ArithmeticException();
      }
      // A view that repeats elements (stride 0) may be larger than its storage, within bounds.
      if (count > available) {
        budget.bytes(Math.multiplyExact(count, dtype.size()), "a tensor that repeats elements");
      }
      return new Tensor(storage, dtype, offset, shape, strides);
    } catch (ArithmeticException e) {
      throw damaged(
          "a tensor of shape %s, strides %s, offset %d lies outside its %d elements"
              .formatted(
                  Printable.line(shape.toString(), 100),
                  Printable.line(strides.toString(), 100),
                  offset,
                  available));
    }
  }

  private List<Long> longs(List<?> values) {
    List<Long> longs = new ArrayList<>();
    for (Object value : values) {
      if (!(value instanceof Long number)) {
        throw damaged("a shape holds something else than whole numbers");
      }
      longs.add(number);
    }
    return longs;
  }

  GpfmException damaged(String what) {
    return damaged(file, what);
  }

  static WeightsException damaged(Path file, String what) {
    return new WeightsException(
        "Weight file '" + file + "' is damaged: " + what + "; download it again.");
  }
}
