package io.github.gpfm.eval.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.gpfm.eval.EvaluationException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Figures worked out by hand from the definitions. */
class TextReportTest {
  private static final List<String> TRUTH = List.of("the cat sat on the mat");

  @Test
  void equalTextsScoreFully() {
    TextReport report = TextReport.of(TRUTH, TRUTH);
    assertEquals(1, report.bleu()[3], 1e-12);
    assertEquals(1, report.rougeL(), 1e-12);
    // One chunk of six matches: 1 - 0.5 (1/6)^3.
    assertEquals(1 - 0.5 / 216, report.meteor(), 1e-12);
  }

  @Test
  void partialMatches() {
    // 5 of 6 words, 3 of 5 pairs, 1 of 4 triples ("the cat sat" is broken: "on the mat").
    TextReport report = TextReport.of(List.of("the cat is on the mat"), TRUTH);
    assertEquals(5.0 / 6, report.bleu()[0], 1e-12);
    assertEquals(Math.sqrt(5.0 / 6 * 3 / 5), report.bleu()[1], 1e-12);
    assertEquals(Math.cbrt(5.0 / 6 * 3 / 5 * 1 / 4), report.bleu()[2], 1e-12);
    assertEquals(0, report.bleu()[3]);
    assertEquals(5.0 / 6, report.rougeL(), 1e-12);
    // Five matches in two chunks.
    assertEquals(5.0 / 6 * (1 - 0.5 * Math.pow(2.0 / 5, 3)), report.meteor(), 1e-12);
  }

  @Test
  void shortTextsPayAndStemsMatch() {
    assertEquals(Math.exp(1 - 6.0 / 3), Bleu.of(List.of("the cat sat"), TRUTH)[0], 1e-12);
    assertEquals(0.5, Meteor.of(List.of("tumours"), List.of("tumour")), 1e-12);
    assertThrows(EvaluationException.class, () -> RougeL.of(List.of(), List.of()));
  }
}
