package io.github.gpfm.eval.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.gpfm.eval.EvaluationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** METEOR by its formula: F = PR / (0.9 P + 0.1 R), less half the cube of chunks a match. */
class SynonymsTest {
  @TempDir private Path folder;

  private Synonyms table(String text) throws IOException {
    return Synonyms.read(Files.writeString(folder.resolve("synonyms.txt"), text));
  }

  private static double meteor(String candidate, String reference, Synonyms synonyms) {
    return Meteor.of(List.of(candidate), List.of(reference), synonyms);
  }

  @Test
  void synonymsMatchAsEqualWordsDo() throws IOException {
    Synonyms synonyms = table("# organs\n\nTumor, neoplasm,growth\nlarge, big\nbig, important\n");
    // Four of four words in one run.
    double all = 1 - 0.5 / 64;
    assertEquals(all, meteor("a big neoplasm grows", "A large tumor growing.", synonyms), 1e-12);
    // Two of four, in two runs: the words between them are no synonyms without a table.
    assertEquals(
        0.5 * 0.5, meteor("a big neoplasm grows", "a large tumor growing", Synonyms.none()), 1e-12);
    // A word of two sets links neither to the other: large is not important.
    assertEquals(0, meteor("large", "important", synonyms));
    assertEquals(0.5, meteor("big", "important", synonyms), 1e-12);
    // One word of the reference matches once, whichever way.
    assertEquals(
        0.5 / (0.9 * 0.5 + 0.1) * 0.5, meteor("tumor growth", "neoplasm", synonyms), 1e-12);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "tumor | line 1: a set has two words",
        "tumor,lymph node | line 1: 'lymph node' is not one word",
        "tumor,, | line 1: '' is not one word",
        "# none | holds no synonyms"
      })
  void whatIsNoTableIsRefused(String text, String reason) {
    EvaluationException e = assertThrows(EvaluationException.class, () -> table(text));
    assertTrue(e.getMessage().contains(reason), e.getMessage());
  }
}
