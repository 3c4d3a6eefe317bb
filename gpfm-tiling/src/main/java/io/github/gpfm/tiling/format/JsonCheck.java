package io.github.gpfm.tiling.format;

import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import io.github.gpfm.support.Budget;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Walks through JSON without keeping any of it, and counts. */
final class JsonCheck {
  /** What a number or a short text takes once it is an object in a tree, about. */
  private static final int NODE_BYTES = 32;

  private JsonCheck() {}

  /**
   * Counts a document's values, their memory as a tree, its nesting and the length of its names.
   *
   * @throws IOException if it is not JSON
   */
  static void check(Path file, Budget budget) throws IOException {
    try (JsonReader in = new JsonReader(Files.newBufferedReader(file, StandardCharsets.UTF_8))) {
      in.setStrictness(Strictness.LENIENT);
      in.setNestingLimit(budget.limits().depth());
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
