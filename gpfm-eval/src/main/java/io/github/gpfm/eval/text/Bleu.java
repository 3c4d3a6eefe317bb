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
    long[] matched = new long[MAX_ORDER];
    long[] total = new long[MAX_ORDER];
    long length = 0;
    long referenceLength = 0;
    for (int i = 0; i < candidates.size(); i++) {
      List<String> candidate = Words.of(candidates.get(i));
      List<String> reference = Words.of(references.get(i));
      length += candidate.size();
      referenceLength += reference.size();
      for (int n = 1; n <= MAX_ORDER; n++) {
        Map<List<String>, Integer> truth = Words.ngrams(reference, n);
        for (var entry : Words.ngrams(candidate, n).entrySet()) {
          total[n - 1] += entry.getValue();
          matched[n - 1] += Math.min(entry.getValue(), truth.getOrDefault(entry.getKey(), 0));
        }
      }
    }
    if (referenceLength == 0) {
      throw new EvaluationException("the reference texts hold no word to compare with");
    }
    double[] bleu = new double[MAX_ORDER];
    double penalty =
        length >= referenceLength || length == 0
            ? 1
            : Math.exp(1 - (double) referenceLength / length);
    double logs = 0;
    for (int n = 1; n <= MAX_ORDER; n++) {
      logs +=
          total[n - 1] == 0
              ? Double.NEGATIVE_INFINITY
              : Math.log((double) matched[n - 1] / total[n - 1]);
      bleu[n - 1] = penalty * Math.exp(logs / n);
    }
    return bleu;
  }
}
