package io.github.gpfm.encoder.weights;

import com.google.gson.JsonParseException;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.JsonWriter;
import io.github.gpfm.api.WeightsException;
import io.github.gpfm.support.Budget;
import io.github.gpfm.support.JsonFile;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The safetensors format: an 8-byte little-endian header length, a JSON header, the tensors' bytes.
 * Read strictly: header at most 100 MB, no duplicate names, offsets in bounds, without overlap and
 * without holes.
 */
public final class Safetensors {
  private static final long MAX_HEADER = 100_000_000;

  private Safetensors() {}

  /** Whether the first bytes look like a safetensors file. */
  static boolean matches(byte[] head) {
    if (head.length < 9 || head[8] != '{') {
      return false;
    }
    long length = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN).getLong();
    return length > 0;
  }

  static WeightFile read(Path path, TensorData file) throws IOException {
    Budget budget = PickleBudget.of(path);
    ByteBuffer prefix = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
    file.read(0, prefix);
    long length = prefix.getLong(0);
    if (length > MAX_HEADER) {
      throw damaged(path, "its header claims " + length + " bytes, more than 100 MB");
    }
    if (8 + length > file.size()) {
      throw damaged(path, "it ends inside its header");
    }
    budget.bytes(3 * length, "its header");
    ByteBuffer header = ByteBuffer.allocate((int) length);
    file.read(8, header);
    String json;
    try {
      json = StandardCharsets.UTF_8.newDecoder().decode(header.flip()).toString();
    } catch (CharacterCodingException e) {
      throw damaged(path, "its header is not UTF-8");
    }
    Map<String, Entry> entries = new LinkedHashMap<>();
    Map<String, String> metadata = new LinkedHashMap<>();
    try (JsonReader reader = new JsonReader(new StringReader(json))) {
      StrictJson.requirePlainStrings(json);
      readHeader(path, reader, budget, entries, metadata);
    } catch (NumberFormatException e) {
      throw damaged(path, "its header holds a number that is no length (" + firstLine(e) + ")");
    } catch (JsonParseException | IllegalStateException | IOException e) {
      throw damaged(path, "its header is not the JSON expected (" + firstLine(e) + ")");
    }
    Map<String, String> unreadable = new LinkedHashMap<>();
    entries.forEach(
        (name, entry) -> {
          if (entry.dtype.isEmpty()) {
            unreadable.put(name, entry.type);
          }
        });
    return new WeightFile(
        path,
        WeightFile.Kind.SAFETENSORS,
        tensors(path, file, 8 + length, entries),
        metadata,
        unreadable,
        List.of(path));
  }

  /** One with an element type that is not known keeps its bytes' place only. */
  private record Entry(
      String type, Optional<DType> dtype, List<Long> shape, long begin, long end) {}

  private static void readHeader(
      Path path,
      JsonReader reader,
      Budget budget,
      Map<String, Entry> entries,
      Map<String, String> metadata)
      throws IOException {
    reader.beginObject();
    while (reader.hasNext()) {
      String name = reader.nextName();
      budget.objects(1);
      budget.name(name.length(), "a name");
      if (name.equals("__metadata__")) {
        reader.beginObject();
        while (reader.hasNext()) {
          metadata.put(reader.nextName(), reader.nextString());
        }
        reader.endObject();
      } else if (entries.put(name, readEntry(path, name, reader)) != null) {
        throw damaged(path, "tensor '" + name + "' is there twice");
      }
    }
    reader.endObject();
  }

  private static Entry readEntry(Path path, String name, JsonReader reader) throws IOException {
    String type = "";
    List<Long> shape = null;
    List<Long> offsets = null;
    reader.beginObject();
    while (reader.hasNext()) {
      switch (reader.nextName()) {
        case "dtype" -> type = reader.nextString();
        case "shape" -> shape = longs(reader);
        case "data_offsets" -> offsets = longs(reader);
        default -> reader.skipValue();
      }
    }
    reader.endObject();
    if (shape == null || offsets == null || offsets.size() != 2) {
      throw damaged(path, "tensor '" + name + "' lacks dtype, shape or data_offsets");
    }
    Optional<DType> dtype = DType.fromSafetensors(type);
    Entry entry = new Entry(type, dtype, shape, offsets.get(0), offsets.get(1));
    if (entry.begin > entry.end) {
      throw damaged(path, "tensor '" + name + "' ends before it begins");
    }
    if (dtype.isEmpty()) {
      return entry;
    }
    long bytes = dtype.get().size();
    try {
      for (long size : shape) {
        bytes = Math.multiplyExact(bytes, size);
      }
    } catch (ArithmeticException e) {
      throw damaged(path, "tensor '" + name + "' claims the impossible shape " + shape);
    }
    if (entry.end - entry.begin != bytes) {
      throw damaged(
          path,
          "tensor '%s' of %s %s needs %d bytes, but its offsets are %s"
              .formatted(name, dtype.get(), shape, bytes, offsets));
    }
    return entry;
  }

  private static List<Long> longs(JsonReader reader) throws IOException {
    List<Long> values = new ArrayList<>();
    reader.beginArray();
    while (reader.peek() != JsonToken.END_ARRAY) {
      long value = reader.nextLong();
      if (value < 0) {
        throw new NumberFormatException("negative: " + value);
      }
      values.add(value);
    }
    reader.endArray();
    return values;
  }

  private static Map<String, WeightTensor> tensors(
      Path path, TensorData file, long start, Map<String, Entry> entries) {
    List<Map.Entry<String, Entry>> ordered = new ArrayList<>(entries.entrySet());
    ordered.sort(
        Comparator.comparingLong((Map.Entry<String, Entry> e) -> e.getValue().begin)
            .thenComparingLong(e -> e.getValue().end));
    long length = file.size() - start;
    long expected = 0;
    for (Map.Entry<String, Entry> e : ordered) {
      Entry entry = e.getValue();
      if (entry.end > length) {
        throw damaged(
            path,
            "tensor '%s' ends at byte %d of %d: the file is truncated"
                .formatted(e.getKey(), entry.end, length));
      }
      if (entry.begin != expected) {
        throw damaged(
            path,
            "tensor '%s' %s"
                .formatted(
                    e.getKey(), entry.begin < expected ? "overlaps another" : "follows a hole"));
      }
      expected = entry.end;
    }
    if (expected != length) {
      throw damaged(path, (length - expected) + " bytes after the last tensor");
    }
    Map<String, WeightTensor> tensors = new LinkedHashMap<>();
    entries.forEach(
        (name, entry) ->
            entry.dtype.ifPresent(
                dtype ->
                    tensors.put(
                        name,
                        new WeightTensor(
                            name,
                            dtype,
                            entry.shape,
                            new SlicedData(file, start + entry.begin, entry.end - entry.begin)))));
    return tensors;
  }

  /**
   * Writes a file, under a temporary name first.
   *
   * @param path the file; replaced if it exists, its folder is made if need be
   * @param tensors in the order they are to lie in the file; names must differ
   * @param metadata strings for {@code __metadata__}; may be empty
   * @throws io.github.gpfm.api.OutputException if it cannot be written; then nothing is left
   */
  public static void write(
      Path path, Collection<WeightTensor> tensors, Map<String, String> metadata) {
    byte[] header = header(tensors, metadata);
    AtomicOutput.write(
        path,
        channel -> {
          ByteBuffer head = ByteBuffer.allocate(8 + header.length).order(ByteOrder.LITTLE_ENDIAN);
          head.putLong(header.length).put(header).flip();
          while (head.hasRemaining()) {
            channel.write(head);
          }
          for (WeightTensor tensor : tensors) {
            tensor.data().writeTo(channel);
          }
        });
  }

  private static byte[] header(Collection<WeightTensor> tensors, Map<String, String> metadata) {
    StringWriter text = new StringWriter();
    try (JsonWriter json = new JsonWriter(text)) {
      json.beginObject();
      if (!metadata.isEmpty()) {
        json.name("__metadata__").beginObject();
        for (Map.Entry<String, String> e : metadata.entrySet()) {
          json.name(e.getKey()).value(e.getValue());
        }
        json.endObject();
      }
      long offset = 0;
      for (WeightTensor tensor : tensors) {
        json.name(tensor.name()).beginObject();
        json.name("dtype").value(tensor.dtype().safetensorsName());
        json.name("shape").beginArray();
        for (long size : tensor.shape()) {
          json.value(size);
        }
        json.endArray();
        json.name("data_offsets").beginArray().value(offset);
        offset = Math.addExact(offset, tensor.byteSize());
        json.value(offset).endArray().endObject();
      }
      json.endObject();
    } catch (IOException e) {
      throw new IllegalStateException("a string cannot fail to be written", e);
    }
    // The data shall begin at a multiple of eight bytes; the format allows trailing spaces.
    int length = text.toString().getBytes(StandardCharsets.UTF_8).length;
    text.write(" ".repeat((8 - length % 8) % 8));
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static WeightsException damaged(Path path, String what) {
    return new WeightsException(
        "Weight file '" + path + "' is damaged: " + what + "; download it again.");
  }

  private static String firstLine(Exception e) {
    return JsonFile.finding(String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
  }
}
