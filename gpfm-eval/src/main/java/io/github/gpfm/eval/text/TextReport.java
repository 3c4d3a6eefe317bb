package io.github.gpfm.eval.text;

import io.github.gpfm.eval.EvaluationException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleBiFunction;
import java.util.stream.IntStream;

/**
 * The figures of generated texts against true ones, each 0 to 1.
 *
 * @param bleu BLEU-1 to BLEU-4
 * @param meteor METEOR, exact and stem matches
 * @param rougeL ROUGE-L
 */
public record TextReport(double[] bleu, double meteor, double rougeL) {
  /**
   * @param candidates generated texts
   * @param references true texts, as many
   */
  public static TextReport of(List<String> candidates, List<String> references) {
    return new TextReport(
        Bleu.of(candidates, references),
        Meteor.of(candidates, references),
        RougeL.of(candidates, references));
  }

  /** The figures by name. */
  public Map<String, Double> byName() {
    Map<String, Double> figures = new LinkedHashMap<>();
    for (int n = 0; n < bleu.length; n++) {
      figures.put("bleu_" + (n + 1), bleu[n]);
    }
    figures.put("meteor", meteor);
    figures.put("rouge_l", rougeL);
    return figures;
  }

  /** Mean of a figure of two texts' words over all pairs. */
  static double mean(
      List<String> candidates,
      List<String> references,
      ToDoubleBiFunction<List<String>, List<String>> score) {
    checkPaired(candidates, references);
    return IntStream.range(0, candidates.size())
        .mapToDouble(
            i -> score.applyAsDouble(Words.of(candidates.get(i)), Words.of(references.get(i))))
        .average()
        .orElseThrow();
  }

  static void checkPaired(List<String> candidates, List<String> references) {
    if (candidates.size() != references.size() || candidates.isEmpty()) {
      throw new EvaluationException(
          candidates.size()
              + " generated texts stand against "
              + references.size()
              + " references");
    }
  }
}
