package io.github.gpfm.encoder.weights;

import io.github.gpfm.api.GpfmException;
import io.github.gpfm.support.Budget;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An interpreter of the part of Python's pickle protocol 2 to 5 that checkpoints need. It knows
 * numbers, strings, bytes, lists, tuples, sets, dictionaries, and what {@link PickleTypes} lists;
 * any other class or function is refused by name when it is mentioned, before anything could be
 * done with it. Nothing is ever executed, and every instruction counts against the budget.
 *
 * <p>Values: {@code String}, {@code Long}, {@code BigInteger}, {@code Double}, {@code Boolean},
 * {@code List} (list, tuple, set, {@code torch.Size}), {@code Map}, and the records of {@link
 * PickleTypes}.
 */
final class PickleReader {
  private static final Object MARK = new Object();

  /** What a value of any kind takes in memory at least, in the stack or a container. */
  private static final int SLOT = 16;

  private static final int CONTAINER = 64;

  private final InputStream in;
  private final Budget budget;
  private final PickleTypes types;
  private final List<Object> stack = new ArrayList<>();
  private final Map<Long, Object> memo = new HashMap<>();
  private long consumed;

  PickleReader(InputStream in, Budget budget, PickleTypes types) {
    this.in = in;
    this.budget = budget;
    this.types = types;
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
        budget.objects(1);
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
      case 0x95 -> unsigned(8); // FRAME
      case '(' -> push(MARK);
      case '0' -> pop();
      case '1' -> popToMark();
      case '2' -> push(top());
      case 'N' -> push(PickleTypes.NONE);
      case 0x88 -> push(Boolean.TRUE);
      case 0x89 -> push(Boolean.FALSE);
      case 'K' -> push((long) u1());
      case 'M' -> push(unsigned(2));
      case 'J' -> push((long) (int) unsigned(4));
      case 0x8a -> push(bigInteger(u1())); // LONG1
      case 0x8b -> push(bigInteger(unsigned(4))); // LONG4
      case 'G' -> push(Double.longBitsToDouble(Long.reverseBytes(unsigned(8))));
      case 'X', 'T' -> push(text(unsigned(4)));
      case 0x8c, 'U' -> push(text(u1())); // SHORT_BINUNICODE
      case 0x8d -> push(text(unsigned(8))); // BINUNICODE8
      case 'C' -> push(PickleTypes.bytes(bytes(u1())));
      case 'B' -> push(PickleTypes.bytes(bytes(unsigned(4))));
      case 0x8e, 0x96 -> push(PickleTypes.bytes(bytes(unsigned(8)))); // BINBYTES8, BYTEARRAY8
      case ']', 0x8f -> container(new ArrayList<>()); // EMPTY_SET
      case ')' -> push(List.of());
      case '}' -> container(new LinkedHashMap<>());
      case 'a', 'e', 0x90 -> append(op == 'a' ? List.of(pop()) : popToMark()); // ADDITEMS
      case 's', 'u' -> setItems(op == 's' ? popPair() : popToMark());
      case 't', 0x91 -> container(Collections.unmodifiableList(popToMark())); // FROZENSET
      case 0x85, 0x86, 0x87 -> container(tuple(op - 0x84));
      case 'l' -> container(popToMark());
      case 'd' -> {
        List<Object> items = popToMark();
        container(new LinkedHashMap<>());
        setItems(items);
      }
      case 'q' -> memoize(u1());
      case 'r' -> memoize(unsigned(4));
      case 0x94 -> memoize(memo.size()); // MEMOIZE
      case 'h' -> push(recall(u1()));
      case 'j' -> push(recall(unsigned(4)));
      case 'c' -> push(types.global(line(), line()));
      case 0x93 -> { // STACK_GLOBAL
        String name = (String) pop();
        push(types.global((String) pop(), name));
      }
      case 'R', 0x81 -> { // REDUCE, NEWOBJ
        List<?> arguments = (List<?>) pop();
        container(types.call(pop(), arguments));
      }
      case 'b' -> build();
      case 'Q' -> push(types.persistent(pop()));
      default ->
          throw damaged(
              "its pickle uses the instruction 0x"
                  + Integer.toHexString(op)
                  + ", which no checkpoint needs");
    }
  }

  /** Attributes of a value, such as a dictionary's {@code _metadata}, carry no weights: dropped. */
  private void build() {
    pop();
    if (!types.takesState(top())) {
      throw damaged("its pickle sets the state of something that has none");
    }
  }

  private void append(List<Object> items) {
    @SuppressWarnings("unchecked")
    List<Object> list = (List<Object>) top();
    if (!(list instanceof ArrayList)) {
      throw damaged("its pickle appends to a tuple");
    }
    budget.bytes((long) SLOT * items.size(), "its pickle");
    list.addAll(items);
  }

  private void setItems(List<Object> items) {
    @SuppressWarnings("unchecked")
    Map<Object, Object> map = (Map<Object, Object>) top();
    if (items.size() % 2 != 0) {
      throw damaged("its pickle has a key without a value");
    }
    budget.bytes((long) CONTAINER * items.size() / 2, "its pickle");
    for (int i = 0; i < items.size(); i += 2) {
      map.put(types.key(items.get(i)), items.get(i + 1));
    }
  }

  private List<Object> popPair() {
    Object value = pop();
    return List.of(pop(), value);
  }

  private List<Object> tuple(int size) {
    List<Object> from = stack.subList(stack.size() - size, stack.size());
    List<Object> values = new ArrayList<>(from);
    from.clear();
    for (Object value : values) {
      if (value == MARK) {
        throw damaged("its pickle makes no sense");
      }
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

  private void memoize(long key) {
    budget.bytes(CONTAINER, "its pickle");
    memo.put(key, top());
  }

  private Object recall(long key) {
    Object value = memo.get(key);
    if (value == null) {
      throw damaged("its pickle recalls what it never stored");
    }
    return value;
  }

  private void container(Object value) {
    budget.bytes(CONTAINER, "its pickle");
    push(value);
  }

  private void push(Object value) {
    budget.bytes(SLOT, "its pickle");
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

  private Object bigInteger(long length) throws IOException {
    if (length > Integer.MAX_VALUE) {
      throw damaged("its pickle holds a number of negative length");
    }
    budget.name(length, "a whole number of it");
    byte[] little = bytes(length);
    byte[] big = new byte[little.length];
    for (int i = 0; i < big.length; i++) {
      big[big.length - 1 - i] = little[i];
    }
    BigInteger value = big.length == 0 ? BigInteger.ZERO : new BigInteger(big);
    return value.bitLength() < 64 ? (Object) value.longValue() : value;
  }

  private String text(long length) throws IOException {
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
    long value = 0;
    for (int i = 0; i < width; i++) {
      value |= (long) u1() << 8 * i;
    }
    return value;
  }

  private int u1() throws IOException {
    int value = in.read();
    if (value < 0) {
      throw new EOFException();
    }
    consumed++;
    return value;
  }

  /** At most 2 GB; counted against the budget before it is read. */
  private byte[] bytes(long length) throws IOException {
    budget.bytes(length, "a string of its pickle");
    if (length > Integer.MAX_VALUE - 8) {
      throw damaged("its pickle has a string of " + length + " bytes");
    }
    consumed += length;
    byte[] bytes = in.readNBytes((int) length);
    if (bytes.length < length) {
      throw new EOFException();
    }
    return bytes;
  }

  private GpfmException damaged(String what) {
    return types.damaged(what);
  }
}
