package io.github.gpfm.support;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.api.TilingException;
import io.github.gpfm.support.yaml.YamlReader;
import io.github.gpfm.testkit.Mutator;
import io.github.gpfm.testkit.ReaderFuzz;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** JSON and YAML from strangers. */
class HostileTextTest {
  private static final String JSON =
      "{\"groups\": {\"a\": {\"ranks\": {\"x\": [1, 2.5e3, -7], \"y\": [null, true]}}},\n"
          + "\"names\": [\"one\", \"tw\\u00f6\", \"\\n\"], \"deep\": [[[[{\"a\": []}]]]]}";

  private static final String YAML =
      """
      # a configuration
      encoders: &all
        - {name: one, weights: a.pth, batch: 8}
        - name: "two \\u00fc"
          weights: 'b.safetensors'
      tasks:
        survival: {folds: 5, seeds: [1, 2, 3], rate: 1.0e-3}
        again: *all
        text: |
          several
          lines
        folded: >-
          one
          line
      """;

  @TempDir private Path folder;

  private static void readJson(Path file) {
    JsonFile.object(file, "a table", Budget.of(file, TilingException::new));
  }

  @Test
  void jsonIsCountedBeforeItIsKept() throws IOException {
    for (String text :
        List.of(
            "[".repeat(100_000),
            "{\"a\":".repeat(1000) + "1" + "}".repeat(1000),
            "{\"" + "n".repeat(1 << 17) + "\": 1}",
            "7",
            "[]",
            "",
            "{\"a\" 1}",
            "{\"a\": ")) {
      Path file = Files.writeString(folder.resolve("bad.json"), text);
      TilingException e = assertThrows(TilingException.class, () -> readJson(file));
      String message = String.valueOf(e.getMessage());
      assertTrue(message.contains("bad.json") && !message.contains("JsonReader"), message);
    }
    Path good = Files.writeString(folder.resolve("good.json"), JSON);
    assertEquals(3, JsonFile.object(good, "a table", Budget.of(good, TilingException::new)).size());
  }

  @Test
  void damagedJsonIsRefusedInASentence() throws Exception {
    new ReaderFuzz(folder.resolve("mutant.json"), TilingException.class, HostileTextTest::readJson)
        .run(
            List.of(JSON.getBytes(StandardCharsets.UTF_8)),
            Mutator::mutate,
            ReaderFuzz.seed(51),
            ReaderFuzz.rounds())
        .requireSound();
  }

  @Test
  void damagedYamlIsRefusedInASentence() throws Exception {
    new ReaderFuzz(folder.resolve("mutant.yaml"), InvalidOptionException.class, YamlReader::file)
        .run(
            List.of(YAML.getBytes(StandardCharsets.UTF_8)),
            Mutator::mutate,
            ReaderFuzz.seed(53),
            ReaderFuzz.rounds())
        .requireSound();
  }
}
