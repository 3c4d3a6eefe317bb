package io.github.gpfm.encoder.catalog;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.github.gpfm.api.GpfmException;
import io.github.gpfm.api.WeightsException;
import io.github.gpfm.support.Printable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;

/** The JSON files that libraries save beside weights. */
final class ModelFolder {
  /** What transformers and timm say of a network; timm of the preprocessing too. */
  static final String CONFIG = "config.json";

  /** What transformers says of the preprocessing. */
  static final String PREPROCESSOR = "preprocessor_config.json";

  private static final long MAX_BYTES = 1 << 20;

  private ModelFolder() {}

  /**
   * What a file beside weights says.
   *
   * @param use turns its content into a value; may throw {@link IllegalStateException} with the
   *     reason why it cannot be used
   * @return empty if there is no such file
   * @throws WeightsException if it cannot be read or used
   */
  static <T> Optional<T> read(Path folder, String name, Function<JsonObject, T> use) {
    Path file = folder.resolve(name);
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw new IllegalStateException("it is too long for a model's configuration");
      }
      return Optional.of(
          use.apply(JsonParser.parseString(Files.readString(file)).getAsJsonObject()));
    } catch (IOException
        | JsonParseException
        | IllegalStateException
        | UnsupportedOperationException
        | ArithmeticException
        | GpfmException e) {
      throw new WeightsException(
          "'%s' beside the weight file cannot be used (%s); correct it or move it away."
              .formatted(file, Printable.line(String.valueOf(e.getMessage()), 200)),
          e);
    }
  }

  /** A number of an object; {@code otherwise} if it is not there or null. */
  static double number(JsonObject object, String name, double otherwise) {
    JsonElement value = object.get(name);
    if (value == null || value.isJsonNull()) {
      return otherwise;
    }
    if (!value.isJsonPrimitive() || !value.getAsJsonPrimitive().isNumber()) {
      throw new IllegalStateException(name + " is not a number");
    }
    return value.getAsDouble();
  }

  /** As {@link #number}, of a whole number. */
  static int whole(JsonObject object, String name, int otherwise) {
    double value = number(object, name, otherwise);
    if (value != Math.rint(value)) {
      throw new IllegalStateException(name + " is not a whole number");
    }
    return (int) value;
  }

  /** A truth value of an object; {@code otherwise} if it is not there or null. */
  static boolean flag(JsonObject object, String name, boolean otherwise) {
    JsonElement value = object.get(name);
    return value == null || value.isJsonNull() ? otherwise : value.getAsBoolean();
  }

  /** A text of an object; empty if it is not there or null. */
  static Optional<String> text(JsonObject object, String name) {
    JsonElement value = object.get(name);
    return value == null || value.isJsonNull()
        ? Optional.empty()
        : Optional.of(value.getAsString());
  }
}
