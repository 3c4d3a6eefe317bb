package io.github.gpfm.eval.text;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * CIDEr-D with one reference a text, as the caption tools compute it (Vedantam et al., 2015): the
 * cosine of clipped, inverse-document-frequency weighted counts of 1- to 4-grams, less for another
 * length, times ten. Document frequencies are those of the reference texts given, so that a figure
 * belongs to a set of texts and not to a text.
 */
public final class Cider {
  private static final int ORDERS = 4;
  private static final double SIGMA = 6;
  private static final double SCALE = 10;

  private Cider() {}

  /** Mean of {@link #each}. */
  public static double of(List<String> candidates, List<String> references) {
    return Arrays.stream(each(candidates, references)).average().orElse(Double.NaN);
  }

  /**
   * The figure of each text, 0 to 10.
   *
   * @param candidates generated texts
   * @param references true texts, as many
   */
  public static double[] each(List<String> candidates, List<String> references) {
    TextReport.checkPaired(candidates, references);
    Map<List<String>, Integer> documents = new HashMap<>();
    for (String reference : references) {
      List<String> words = Words.of(reference);
      for (int n = 1; n <= ORDERS; n++) {
        Words.ngrams(words, n).keySet().forEach(g -> documents.merge(g, 1, Integer::sum));
      }
    }
    double logs = Math.log(references.size());
    double[] scores = new double[candidates.size()];
    for (int i = 0; i < scores.length; i++) {
      List<String> candidate = Words.of(candidates.get(i));
      List<String> reference = Words.of(references.get(i));
      // The caption tools measure length in bigrams.
      double delta = Math.max(0, candidate.size() - 1) - Math.max(0, reference.size() - 1);
      double sum = 0;
      for (int n = 1; n <= ORDERS; n++) {
        sum +=
            cosine(
                weighted(candidate, n, documents, logs), weighted(reference, n, documents, logs));
      }
      scores[i] = SCALE * sum / ORDERS * Math.exp(-delta * delta / (2 * SIGMA * SIGMA));
    }
    return scores;
  }

  private static Map<List<String>, Double> weighted(
      List<String> words, int n, Map<List<String>, Integer> documents, double logs) {
    Map<List<String>, Double> weights = new HashMap<>();
    Words.ngrams(words, n)
        .forEach(
            (gram, count) ->
                weights.put(
                    gram, count * (logs - Math.log(Math.max(1, documents.getOrDefault(gram, 0))))));
    return weights;
  }

  private static double cosine(
      Map<List<String>, Double> candidate, Map<List<String>, Double> reference) {
    double dot = 0;
    for (var entry : candidate.entrySet()) {
      double truth = reference.getOrDefault(entry.getKey(), 0.0);
      dot += Math.min(entry.getValue(), truth) * truth;
    }
    double norms = norm(candidate) * norm(reference);
    return norms == 0 ? dot : dot / norms;
  }

  private static double norm(Map<List<String>, Double> weights) {
    return Math.sqrt(weights.values().stream().mapToDouble(v -> v * v).sum());
  }
}
