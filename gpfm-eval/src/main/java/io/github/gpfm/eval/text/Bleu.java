package io.github.gpfm.eval.text;

import io.github.gpfm.eval.EvaluationException;
import java.util.List;
import java.util.Map;

/**
 * Corpus BLEU with one reference a text (Papineni et al., ACL 2002): clipped n-gram precisions
 * pooled over the corpus, geometric mean, brevity penalty. Not smoothed: a corpus without a single
 * common n-gram scores 0.
 */
public final class Bleu {
  /** Longest n-gram of the usual report. */
  public static final int MAX_ORDER = 4;

  /** Length of {@link #counts}. */
  public static final int COUNTS = 2 + 2 * MAX_ORDER;

  private Bleu() {}

  /**
   * BLEU-1 to BLEU-{@value #MAX_ORDER}.
   *
   * @param candidates generated texts
   * @param references true texts, as many
   * @return index 0 is BLEU-1
   */
  public static double[] of(List<String> candidates, List<String> references) {
    TextReport.checkPaired(candidates, references);
    double[] sums = new double[COUNTS];
    for (int i = 0; i < candidates.size(); i++) {
      double[] one = counts(candidates.get(i), references.get(i));
      for (int k = 0; k < sums.length; k++) {
        sums[k] += one[k];
      }
    }
    if (sums[1] == 0) {
      throw new EvaluationException("the reference texts hold no word to compare with");
    }
    return ofCounts(sums);
  }

  /**
   * What one text adds to the corpus: its length, the reference's, then for each order the n-grams
   * that match and all of the candidate.
   */
  public static double[] counts(String candidateText, String referenceText) {
    List<String> candidate = Words.of(candidateText);
    List<String> reference = Words.of(referenceText);
    double[] counts = new double[COUNTS];
    counts[0] = candidate.size();
    counts[1] = reference.size();
    for (int n = 1; n <= MAX_ORDER; n++) {
      Map<List<String>, Integer> truth = Words.ngrams(reference, n);
      for (var entry : Words.ngrams(candidate, n).entrySet()) {
        counts[2 * n] += Math.min(entry.getValue(), truth.getOrDefault(entry.getKey(), 0));
        counts[2 * n + 1] += entry.getValue();
      }
    }
    return counts;
  }

  /** BLEU of summed {@link #counts}; NaN without a reference word. */
  public static double[] ofCounts(double[] sums) {
    double[] bleu = new double[MAX_ORDER];
    double penalty = sums[0] >= sums[1] || sums[0] == 0 ? 1 : Math.exp(1 - sums[1] / sums[0]);
    double logs = 0;
    for (int n = 1; n <= MAX_ORDER; n++) {
      logs +=
          sums[2 * n + 1] == 0 ? Double.NEGATIVE_INFINITY : Math.log(sums[2 * n] / sums[2 * n + 1]);
      bleu[n - 1] = sums[1] == 0 ? Double.NaN : penalty * Math.exp(logs / n);
    }
    return bleu;
  }
}
