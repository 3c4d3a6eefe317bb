package io.github.gpfm.eval.text;

import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.tartarus.snowball.ext.PorterStemmer;

/**
 * METEOR with its exact and stem modules (Banerjee and Lavie, 2005): recall-weighted F measure of
 * aligned words, less a penalty for fragmented order. The synonym and paraphrase modules need
 * dictionaries and are not part of it, so figures lie slightly below those of the Java tool of
 * METEOR's authors.
 */
public final class Meteor {
  private static final double ALPHA = 0.9;
  private static final double BETA = 3;
  private static final double GAMMA = 0.5;

  private Meteor() {}

  /**
   * Mean over the texts.
   *
   * @param candidates generated texts
   * @param references true texts, as many
   */
  public static double of(List<String> candidates, List<String> references) {
    TextReport.checkPaired(candidates, references);
    double sum = 0;
    for (int i = 0; i < candidates.size(); i++) {
      sum += score(Words.of(candidates.get(i)), Words.of(references.get(i)));
    }
    return sum / candidates.size();
  }

  private static double score(List<String> candidate, List<String> reference) {
    int[] partner = new int[candidate.size()];
    Arrays.fill(partner, -1);
    boolean[] taken = new boolean[reference.size()];
    align(candidate, reference, partner, taken, UnaryOperator.identity());
    align(candidate, reference, partner, taken, Meteor::stem);
    int matches = 0;
    int chunks = 0;
    int before = -2;
    for (int p : partner) {
      if (p >= 0) {
        matches++;
        chunks += p == before + 1 ? 0 : 1;
      }
      before = p < 0 ? -2 : p;
    }
    if (matches == 0) {
      return 0;
    }
    double precision = (double) matches / candidate.size();
    double recall = (double) matches / reference.size();
    double f = precision * recall / (ALPHA * precision + (1 - ALPHA) * recall);
    return f * (1 - GAMMA * Math.pow((double) chunks / matches, BETA));
  }

  // Left to right; a word that continues the current chunk is preferred to the first free one.
  private static void align(
      List<String> candidate,
      List<String> reference,
      int[] partner,
      boolean[] taken,
      UnaryOperator<String> form) {
    for (int i = 0; i < partner.length; i++) {
      if (partner[i] >= 0) {
        continue;
      }
      String word = form.apply(candidate.get(i));
      int next = i > 0 && partner[i - 1] >= 0 ? partner[i - 1] + 1 : -1;
      int found = -1;
      for (int j = 0; j < taken.length && (found < 0 || found != next); j++) {
        if (!taken[j] && word.equals(form.apply(reference.get(j))) && (found < 0 || j == next)) {
          found = j;
        }
      }
      if (found >= 0) {
        partner[i] = found;
        taken[found] = true;
      }
    }
  }

  private static String stem(String word) {
    PorterStemmer stemmer = new PorterStemmer();
    stemmer.setCurrent(word);
    stemmer.stem();
    return stemmer.getCurrent();
  }
}
