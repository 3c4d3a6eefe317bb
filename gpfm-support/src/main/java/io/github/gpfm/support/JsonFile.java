package io.github.gpfm.support;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The one door to JSON files from strangers: counted in a first pass that keeps nothing. */
public final class JsonFile {
  /** What a number or a short text takes once it is an object in a tree, about. */
  private static final int NODE_BYTES = 32;

  private JsonFile() {}

  /**
   * The tree of a file whose size, nesting, names and numbers have been counted.
   *
   * @param kind for messages, for instance {@code GeoJSON}
   * @param budget pays for it; its kind of exception is thrown for what is not JSON
   */
  public static JsonElement read(Path file, String kind, Budget budget) {
    return budget.open(
        kind,
        () -> {
          check(file, budget);
          try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            return JsonParser.parseReader(reader);
          }
        });
  }

  /** {@link #read} of a file that must hold an object. */
  public static JsonObject object(Path file, String kind, Budget budget) {
    JsonElement all = read(file, kind, budget);
    return budget.open(
        kind,
        () -> {
          if (!all.isJsonObject()) {
            throw new IOException("it is not a JSON object");
          }
          return all.getAsJsonObject();
        });
  }

  /** What Gson found wrong, without its advice to the programmer: that a reader be more lenient. */
  public static String finding(String message) {
    return message.replaceFirst("^Use JsonReader\\.set\\w+\\(.*\\) to accept ", "");
  }

  // The newer ways to say so are missing from Gson 2.10, which other frameworks pin.
  @SuppressWarnings("deprecation")
  private static void lenient(JsonReader in) {
    in.setLenient(true);
  }

  private static void check(Path file, Budget budget) throws IOException {
    try (JsonReader in = new JsonReader(Files.newBufferedReader(file, StandardCharsets.UTF_8))) {
      lenient(in);
      for (JsonToken token = in.peek(); token != JsonToken.END_DOCUMENT; token = in.peek()) {
        switch (token) {
          case BEGIN_OBJECT -> {
            budget.enter();
            in.beginObject();
          }
          case BEGIN_ARRAY -> {
            budget.enter();
            in.beginArray();
          }
          case END_OBJECT -> {
            budget.leave();
            in.endObject();
          }
          case END_ARRAY -> {
            budget.leave();
            in.endArray();
          }
          case NAME -> budget.name(in.nextName().length(), "a name");
          case NULL, BOOLEAN -> in.skipValue();
          default -> budget.bytes(2L * in.nextString().length(), "its text");
        }
        budget.objects(1);
        budget.bytes(NODE_BYTES, "its values");
      }
    }
  }
}
