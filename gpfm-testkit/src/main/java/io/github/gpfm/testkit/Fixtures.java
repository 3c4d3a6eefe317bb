package io.github.gpfm.testkit;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/**
 * The folders of fixtures. {@code -Dgpfm.parity=DIR} and {@code -Dgpfm.data=DIR} name them; the
 * build sets both to {@code ../shared} beside the project.
 *
 * <p>A folder that is absent skips the test with a reason, so that a user's clone stays green and
 * says what it did not check. In CI ({@code CI=true}) the absence of a whole root is a failure.
 */
public final class Fixtures {
  private Fixtures() {}

  /** The numeric fixtures' folder or file {@code relative}; skips the test if it is not there. */
  public static Path parity(String relative) {
    return resolve("gpfm.parity", "../shared/parity", relative);
  }

  /** The slides' and images' folder or file {@code relative}; skips the test if it is not there. */
  public static Path data(String relative) {
    return resolve("gpfm.data", "../shared/data", relative);
  }

  /** The failing inputs' folder or file {@code relative}; skips the test if it is not there. */
  public static Path cases(String relative) {
    return resolve("gpfm.cases", "../shared/cases", relative);
  }

  /** Parses a JSON object. */
  public static JsonObject json(Path file) {
    try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      return new Gson().fromJson(reader, JsonObject.class);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path resolve(String property, String fallback, String relative) {
    String value = System.getProperty(property, "");
    Path root = Path.of(value.isBlank() ? fallback : value).normalize();
    if (!Files.isDirectory(root) && "true".equals(System.getenv("CI"))) {
      throw new AssertionError("CI needs the fixtures, but there is no " + root.toAbsolutePath());
    }
    Path path = root.resolve(relative);
    Assumptions.assumeTrue(
        Files.exists(path),
        () -> "no fixture '" + relative + "' in " + root + " (set -D" + property + "=DIR)");
    return path;
  }
}
