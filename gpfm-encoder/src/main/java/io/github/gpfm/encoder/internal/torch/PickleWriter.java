package io.github.gpfm.encoder.internal.torch;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes the instructions of a pickle, protocol 2. */
public final class PickleWriter {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  /** Begins the pickle. */
  public PickleWriter() {
    out.write(0x80);
    out.write(2);
  }

  /** Ends the pickle and returns it. */
  public byte[] finish() {
    out.write('.');
    return out.toByteArray();
  }

  /** Pushes a class or function. */
  public void global(String module, String name) {
    out.write('c');
    out.writeBytes((module + "\n" + name + "\n").getBytes(StandardCharsets.UTF_8));
  }

  /** Begins a list of items for {@link #setItems}, {@link #appends} or {@link #tuple}. */
  public void mark() {
    out.write('(');
  }

  /** Puts the key-value pairs since the mark into the dictionary below it. */
  public void setItems() {
    out.write('u');
  }

  /** Appends the values since the mark to the list below it. */
  public void appends() {
    out.write('e');
  }

  /** Makes a tuple of the values since the mark. */
  public void tuple() {
    out.write('t');
  }

  /** Pushes an empty dictionary. */
  public void emptyDict() {
    out.write('}');
  }

  /** Pushes an empty list. */
  public void emptyList() {
    out.write(']');
  }

  /** Pushes an empty {@code collections.OrderedDict}. */
  public void orderedDict() {
    global("collections", "OrderedDict");
    out.write(')');
    out.write('R');
  }

  /** Makes an object of the class on the stack, without arguments. */
  public void newObject() {
    out.write(')');
    out.write(0x81);
  }

  /** Gives the object below the dictionary on the stack its attributes. */
  public void build() {
    out.write('b');
  }

  /** Calls the function below the tuple on the stack. */
  public void reduce() {
    out.write('R');
  }

  /** Pushes a string. */
  public void string(String value) {
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    out.write('X');
    little(bytes.length, 4);
    out.writeBytes(bytes);
  }

  /** Pushes a whole number. */
  public void integer(long value) {
    if (value == (int) value) {
      out.write('J');
      little(value, 4);
    } else {
      byte[] big = BigInteger.valueOf(value).toByteArray();
      out.write(0x8a);
      out.write(big.length);
      for (int i = big.length - 1; i >= 0; i--) {
        out.write(big[i]);
      }
    }
  }

  /**
   * Pushes a plain value.
   *
   * @param value {@code null}, a {@code String}, {@code Boolean}, {@code Integer}, {@code Long},
   *     {@code Float} or {@code Double}
   */
  public void plain(@Nullable Object value) {
    if (value == null) {
      out.write('N');
    } else if (value instanceof String text) {
      string(text);
    } else if (value instanceof Boolean flag) {
      out.write(flag ? 0x88 : 0x89);
    } else if (value instanceof Integer || value instanceof Long) {
      integer(((Number) value).longValue());
    } else if (value instanceof Float || value instanceof Double) {
      long bits = Double.doubleToLongBits(((Number) value).doubleValue());
      out.write('G');
      little(Long.reverseBytes(bits), 8);
    } else {
      throw new IllegalArgumentException("cannot be pickled: " + value.getClass().getName());
    }
  }

  /**
   * Pushes a contiguous tensor whose elements are the zip entry {@code data/KEY}.
   *
   * @param storageClass for instance {@code FloatStorage}
   * @param requiresGrad whether gradients are wanted for it
   */
  public void tensor(String storageClass, int key, List<Long> shape, boolean requiresGrad) {
    global("torch._utils", "_rebuild_tensor_v2");
    mark();
    mark();
    string("storage");
    global("torch", storageClass);
    string(Integer.toString(key));
    string("cpu");
    long count = 1;
    for (long size : shape) {
      count *= size;
    }
    integer(count);
    tuple();
    out.write('Q');
    integer(0);
    integers(shape);
    Long[] strides = new Long[shape.size()];
    long stride = 1;
    for (int i = strides.length - 1; i >= 0; i--) {
      strides[i] = stride;
      stride *= Math.max(shape.get(i), 1);
    }
    integers(List.of(strides));
    plain(requiresGrad);
    orderedDict();
    tuple();
    reduce();
  }

  /** Pushes a tuple of whole numbers. */
  public void integers(List<Long> values) {
    mark();
    values.forEach(this::integer);
    tuple();
  }

  private void little(long value, int width) {
    ByteBuffer bytes = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value);
    out.write(bytes.array(), 0, width);
  }
}
