package io.github.gpfm.encoder.weights;

import io.github.gpfm.api.WeightsException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An interpreter of the part of Python's pickle protocol 2 to 4 that tensors need. It knows
 * numbers, strings, lists, tuples, dictionaries, {@code collections.OrderedDict}, and what {@link
 * PickleTypes} lists; any other class or function is refused by name when it is mentioned, before
 * anything could be done with it. Nothing is ever executed.
 *
 * <p>Values: {@code String}, {@code Long}, {@code Double}, {@code Boolean}, {@link #NONE}, {@code
 * List} (list and tuple), {@code Map}, {@link PickleTypes.Storage}, {@link PickleTypes.Tensor}.
 */
final class PickleReader {
  /** Python's {@code None}. */
  static final Object NONE =
      new Object() {
        @Override
        public String toString() {
          return "None";
        }
      };

  private static final Object MARK = new Object();
  private static final int MAX_BYTES = 256 << 20;

  private final Path file;
  private final InputStream in;
  private final List<Object> stack = new ArrayList<>();
  private final Map<Long, Object> memo = new HashMap<>();
  private long consumed;

  PickleReader(Path file, InputStream in) {
    this.file = file;
    this.in = in;
  }

  /** Bytes read so far. */
  long consumed() {
    return consumed;
  }

  /** Reads one pickle, up to and including its STOP. */
  Object load() throws IOException {
    stack.clear();
    memo.clear();
    try {
      while (true) {
        int op = u1();
        if (op == '.') {
          return pop();
        }
        step(op);
      }
    } catch (EOFException e) {
      throw damaged("its pickle ends early");
    } catch (IndexOutOfBoundsException | ClassCastException | ArithmeticException e) {
      throw damaged("its pickle makes no sense");
    }
  }

  private void step(int op) throws IOException {
    switch (op) {
      case 0x80 -> u1(); // PROTO
      case 0x95 -> bytes(8); // FRAME
      case '(' -> push(MARK);
      case '0' -> pop();
      case '1' -> popToMark();
      case '2' -> push(top());
      case 'N' -> push(NONE);
      case 0x88 -> push(Boolean.TRUE);
      case 0x89 -> push(Boolean.FALSE);
      case 'K' -> push((long) u1());
      case 'M' -> push(unsigned(2));
      case 'J' -> push((long) (int) unsigned(4));
      case 0x8a -> push(bigInteger(u1())); // LONG1
      case 0x8b -> push(bigInteger(length(4))); // LONG4
      case 'G' -> push(Double.longBitsToDouble(Long.reverseBytes(unsigned(8))));
      case 'X' -> push(text(length(4)));
      case 0x8c -> push(text(u1())); // SHORT_BINUNICODE
      case 0x8d -> push(text(length(8))); // BINUNICODE8
      case 'T' -> push(text(length(4)));
      case 'U' -> push(text(u1()));
      case ']' -> push(new ArrayList<>());
      case ')' -> push(List.of());
      case '}' -> push(new LinkedHashMap<>());
      case 'a', 'e' -> append(op == 'a' ? List.of(pop()) : popToMark());
      case 's', 'u' -> setItems(op == 's' ? popPair() : popToMark());
      case 't' -> push(Collections.unmodifiableList(popToMark()));
      case 0x85, 0x86, 0x87 -> push(tuple(op - 0x84));
      case 'l' -> push(popToMark());
      case 'd' -> {
        List<Object> items = popToMark();
        push(new LinkedHashMap<>());
        setItems(items);
      }
      case 'q' -> memo.put((long) u1(), top());
      case 'r' -> memo.put(unsigned(4), top());
      case 0x94 -> memo.put((long) memo.size(), top()); // MEMOIZE
      case 'h' -> push(recall(u1()));
      case 'j' -> push(recall(unsigned(4)));
      case 'c' -> push(PickleTypes.global(file, line(), line()));
      case 0x93 -> { // STACK_GLOBAL
        String name = (String) pop();
        push(PickleTypes.global(file, (String) pop(), name));
      }
      case 'R' -> {
        List<?> arguments = (List<?>) pop();
        push(PickleTypes.call(file, pop(), arguments));
      }
      case 0x81 -> { // NEWOBJ
        List<?> arguments = (List<?>) pop();
        push(PickleTypes.call(file, pop(), arguments));
      }
      case 'b' -> build();
      case 'Q' -> push(PickleTypes.persistent(file, pop()));
      default ->
          throw damaged(
              "its pickle uses the instruction 0x"
                  + Integer.toHexString(op)
                  + ", which no checkpoint needs");
    }
  }

  /** Attributes of a dictionary, such as {@code _metadata}, carry no weights: dropped. */
  private void build() {
    pop();
    if (!(top() instanceof Map<?, ?>) && !(top() instanceof PickleTypes.Tensor)) {
      throw damaged("its pickle sets the state of something that has none");
    }
  }

  private void append(List<Object> items) {
    @SuppressWarnings("unchecked")
    List<Object> list = (List<Object>) top();
    if (!(list instanceof ArrayList)) {
      throw damaged("its pickle appends to a tuple");
    }
    list.addAll(items);
  }

  private void setItems(List<Object> items) {
    @SuppressWarnings("unchecked")
    Map<Object, Object> map = (Map<Object, Object>) top();
    if (items.size() % 2 != 0) {
      throw damaged("its pickle has a key without a value");
    }
    for (int i = 0; i < items.size(); i += 2) {
      map.put(PickleTypes.key(file, items.get(i)), items.get(i + 1));
    }
  }

  private List<Object> popPair() {
    Object value = pop();
    return List.of(pop(), value);
  }

  private List<Object> tuple(int size) {
    List<Object> values = new ArrayList<>(stack.subList(stack.size() - size, stack.size()));
    stack.subList(stack.size() - size, stack.size()).clear();
    if (values.contains(MARK)) {
      throw damaged("its pickle makes no sense");
    }
    return Collections.unmodifiableList(values);
  }

  private List<Object> popToMark() {
    int mark = stack.size() - 1;
    while (stack.get(mark) != MARK) {
      mark--;
    }
    List<Object> values = new ArrayList<>(stack.subList(mark + 1, stack.size()));
    stack.subList(mark, stack.size()).clear();
    return values;
  }

  private Object recall(long key) {
    Object value = memo.get(key);
    if (value == null) {
      throw damaged("its pickle recalls what it never stored");
    }
    return value;
  }

  private void push(Object value) {
    stack.add(value);
  }

  private Object top() {
    Object value = stack.get(stack.size() - 1);
    if (value == MARK) {
      throw damaged("its pickle makes no sense");
    }
    return value;
  }

  private Object pop() {
    Object value = top();
    stack.remove(stack.size() - 1);
    return value;
  }

  private Object bigInteger(int length) throws IOException {
    byte[] little = bytes(length);
    byte[] big = new byte[length];
    for (int i = 0; i < length; i++) {
      big[length - 1 - i] = little[i];
    }
    BigInteger value = length == 0 ? BigInteger.ZERO : new BigInteger(big);
    return value.bitLength() < 64 ? (Object) value.longValue() : value;
  }

  private int length(int width) throws IOException {
    long length = unsigned(width);
    if (length < 0 || length > MAX_BYTES) {
      throw damaged("its pickle claims a string of " + Long.toUnsignedString(length) + " bytes");
    }
    return (int) length;
  }

  private String text(int length) throws IOException {
    return new String(bytes(length), StandardCharsets.UTF_8);
  }

  private String line() throws IOException {
    StringBuilder text = new StringBuilder();
    for (int c = u1(); c != '\n'; c = u1()) {
      text.append((char) c);
      if (text.length() > 1000) {
        throw damaged("its pickle names a class of more than 1000 characters");
      }
    }
    return text.toString();
  }

  private long unsigned(int width) throws IOException {
    byte[] bytes = bytes(width);
    long value = 0;
    for (int i = width - 1; i >= 0; i--) {
      value = value << 8 | bytes[i] & 0xff;
    }
    return value;
  }

  private int u1() throws IOException {
    return bytes(1)[0] & 0xff;
  }

  private byte[] bytes(int length) throws IOException {
    consumed += length;
    if (consumed > MAX_BYTES) {
      throw damaged("its pickle is longer than 256 MB");
    }
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException();
    }
    return bytes;
  }

  private WeightsException damaged(String what) {
    return new WeightsException(
        "Weight file '" + file + "' is damaged: " + what + "; download it again.");
  }
}
