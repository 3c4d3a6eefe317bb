package io.github.gpfm.encoder.features;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import io.github.gpfm.api.GpfmException;
import io.github.gpfm.api.Provenance;
import io.github.gpfm.support.ProvenanceJson;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Safetensors: {@code coords} I64 [n, 2], then {@code features} F32 [n, d]. */
final class SafetensorsFeatures implements FeatureFormat {
  private static final int MAX_HEADER = 1 << 20;
  private static final Gson GSON = new Gson();

  @Override
  public String name() {
    return "safetensors";
  }

  @Override
  public FeatureWriter create(Path file, FeatureHeader header) {
    return RowFile.create(
        file,
        header,
        null,
        (part, current) -> {
          long[] xy = current.coords();
          ByteBuffer coords = ByteBuffer.allocate(8 * xy.length).order(ByteOrder.LITTLE_ENDIAN);
          coords.asLongBuffer().put(xy);
          ByteBuffer head = head(current);
          long start = head.remaining() + 8L * xy.length;
          RowFile.writeFully(part, head, coords);
          return start;
        });
  }

  private static ByteBuffer head(FeatureHeader header) {
    long split = 16L * header.rows();
    JsonObject metadata = new JsonObject();
    metadata.addProperty("name", header.name());
    metadata.addProperty("encoder", header.encoder());
    metadata.addProperty("provenance", ProvenanceJson.write(header.provenance()));
    header
        .coordsAttributes()
        .forEach((name, value) -> metadata.addProperty("coords." + name, GSON.toJson(text(value))));
    JsonObject json = new JsonObject();
    json.add("__metadata__", metadata);
    json.add("coords", entry("I64", List.of(header.rows(), 2), 0, split));
    long end = split + 4L * header.rows() * header.rowLength();
    json.add("features", entry("F32", header.shape(), split, end));
    byte[] text = GSON.toJson(json).getBytes(StandardCharsets.UTF_8);
    int padded = (text.length + 7) / 8 * 8;
    ByteBuffer head = ByteBuffer.allocate(8 + padded).order(ByteOrder.LITTLE_ENDIAN);
    head.putLong(padded).put(text);
    while (head.hasRemaining()) {
      head.put((byte) ' ');
    }
    return head.flip();
  }

  /** JSON knows no NaN: such a number becomes null. */
  private static Object text(Object value) {
    return value instanceof Double number && !Double.isFinite(number) ? "nan" : value;
  }

  private static JsonObject entry(String type, List<Integer> shape, long begin, long end) {
    JsonArray offsets = new JsonArray();
    offsets.add(begin);
    offsets.add(end);
    JsonObject entry = new JsonObject();
    entry.addProperty("dtype", type);
    entry.add("shape", GSON.toJsonTree(shape));
    entry.add("data_offsets", offsets);
    return entry;
  }

  @Override
  public FeatureReader open(Path file) {
    RawRows.requireFile(file);
    try {
      long length = RawRows.read(file, 0, 8).getLong();
      if (length < 2 || length > MAX_HEADER) {
        throw damaged(file, "its header has an impossible length");
      }
      byte[] text = new byte[(int) length];
      RawRows.read(file, 8, length).get(text);
      JsonObject json = GSON.fromJson(new String(text, StandardCharsets.UTF_8), JsonObject.class);
      if (json == null || !json.has("features")) {
        throw damaged(file, "it holds no tensor 'features'");
      }
      JsonObject features = json.getAsJsonObject("features");
      if (!"F32".equals(features.get("dtype").getAsString())
          || features.getAsJsonArray("shape").size() < 2
          || features.getAsJsonArray("shape").size() > 3) {
        throw damaged(file, "'features' is neither F32 [n, d] nor F32 [n, patches, d]");
      }
      JsonArray shape = features.getAsJsonArray("shape");
      boolean table = shape.size() == 2;
      int rows = shape.get(0).getAsInt();
      int patches = table ? 0 : shape.get(1).getAsInt();
      int columns = shape.get(table ? 1 : 2).getAsInt();
      long begin = features.getAsJsonArray("data_offsets").get(0).getAsLong();
      long start = Math.addExact(8 + length, begin);
      if (begin < 0 || rows < 0 || columns < 1 || patches < (table ? 0 : 1)) {
        throw damaged(file, "its shape is impossible");
      }
      long values = Math.multiplyExact((long) rows * Math.max(1, patches), columns);
      if (values > (Files.size(file) - start) / 4) {
        throw damaged(file, "it is truncated");
      }
      return new RawRows(
          file, start, rows, patches, columns, coords(file, json, 8 + length), provenance(json));
    } catch (JsonParseException
        | IllegalStateException
        | NullPointerException
        | ClassCastException
        | NumberFormatException
        | UnsupportedOperationException
        | ArithmeticException
        | IndexOutOfBoundsException e) {
      throw damaged(file, "its header is not the JSON expected");
    } catch (IOException e) {
      throw damaged(file, e.toString());
    }
  }

  private static long[] coords(Path file, JsonObject json, long data) throws IOException {
    if (!json.has("coords")) {
      return new long[0];
    }
    JsonObject entry = json.getAsJsonObject("coords");
    int rows = entry.getAsJsonArray("shape").get(0).getAsInt();
    if (!"I64".equals(entry.get("dtype").getAsString())
        || entry.getAsJsonArray("shape").get(1).getAsInt() != 2) {
      throw damaged(file, "'coords' is not I64 [n, 2]");
    }
    long begin = entry.getAsJsonArray("data_offsets").get(0).getAsLong();
    if (begin < 0 || rows < 0 || begin > Files.size(file) - data - 16L * rows) {
      throw damaged(file, "it is truncated");
    }
    long[] coords = new long[Math.multiplyExact(2, rows)];
    RawRows.read(file, data + begin, 16L * rows).asLongBuffer().get(coords);
    return coords;
  }

  private static Optional<Provenance> provenance(JsonObject json) {
    if (!json.has("__metadata__") || !json.getAsJsonObject("__metadata__").has("provenance")) {
      return Optional.empty();
    }
    return ProvenanceJson.read(
        json.getAsJsonObject("__metadata__").get("provenance").getAsString());
  }

  private static GpfmException damaged(Path file, String reason) {
    return new GpfmException(
        file + " is not a readable feature file (" + reason + "): make it again.");
  }
}
