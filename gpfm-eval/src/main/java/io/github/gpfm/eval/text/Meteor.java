package io.github.gpfm.eval.text;

import java.util.List;
import org.tartarus.snowball.ext.PorterStemmer;

/**
 * METEOR with its exact and stem modules (Banerjee and Lavie, 2005): recall-weighted F measure of
 * aligned words, less a penalty for fragmented order. Synonyms and paraphrases need dictionaries
 * and are not matched. The figures are those of NLTK without WordNet; METEOR 1.5, the Java tool
 * that caption benchmarks call, weighs otherwise and gives much lower ones: never mix the two.
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
    return TextReport.mean(candidates, references, Meteor::score);
  }

  private static double score(List<String> candidate, List<String> reference) {
    // Equal words have equal stems, so one alignment of stems holds the exact matches as well.
    WordAlignment aligned =
        WordAlignment.of(
            candidate.stream().map(Meteor::stem).toList(),
            reference.stream().map(Meteor::stem).toList());
    if (aligned.matches() == 0) {
      return 0;
    }
    double precision = (double) aligned.matches() / candidate.size();
    double recall = (double) aligned.matches() / reference.size();
    double f = precision * recall / (ALPHA * precision + (1 - ALPHA) * recall);
    return f * (1 - GAMMA * Math.pow((double) aligned.chunks() / aligned.matches(), BETA));
  }

  private static String stem(String word) {
    PorterStemmer stemmer = new PorterStemmer();
    stemmer.setCurrent(word);
    stemmer.stem();
    return stemmer.getCurrent();
  }
}
