package io.github.gpfm.eval.text;

import java.util.List;

/**
 * ROUGE-L: F measure of the longest common subsequence (Lin, 2004), with the beta of 1.2 that
 * caption evaluation uses, mean over the texts.
 */
public final class RougeL {
  private static final double BETA = 1.2;

  private RougeL() {}

  /**
   * @param candidates generated texts
   * @param references true texts, as many
   */
  public static double of(List<String> candidates, List<String> references) {
    return TextReport.mean(candidates, references, RougeL::score);
  }

  private static double of(double precision, double recall) {
    return precision == 0 || recall == 0
        ? 0
        : (1 + BETA * BETA) * precision * recall / (recall + BETA * BETA * precision);
  }

  private static double score(List<String> candidate, List<String> reference) {
    int[] previous = new int[reference.size() + 1];
    for (String word : candidate) {
      int[] current = new int[previous.length];
      for (int j = 1; j < current.length; j++) {
        current[j] =
            word.equals(reference.get(j - 1))
                ? previous[j - 1] + 1
                : Math.max(previous[j], current[j - 1]);
      }
      previous = current;
    }
    double common = previous[previous.length - 1];
    return candidate.isEmpty() || reference.isEmpty()
        ? 0
        : of(common / candidate.size(), common / reference.size());
  }
}
