package io.github.gpfm.eval.text;

import java.util.ArrayList;
import java.util.List;
import org.tartarus.snowball.ext.PorterStemmer;

/**
 * METEOR with its exact and stem modules, and that of synonyms where a table of them is given
 * (Banerjee and Lavie, 2005): recall-weighted F measure of aligned words, less a penalty for
 * fragmented order. The figures without a table are those of NLTK without WordNet; METEOR 1.5, the
 * Java tool that caption benchmarks call, weighs otherwise and gives much lower ones: never mix the
 * two. Paraphrases are not matched.
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
    return of(candidates, references, Synonyms.none());
  }

  /**
   * Mean over the texts, with synonyms.
   *
   * @param candidates generated texts
   * @param references true texts, as many
   * @param synonyms words that match as equal ones do
   */
  public static double of(List<String> candidates, List<String> references, Synonyms synonyms) {
    return TextReport.mean(candidates, references, (c, r) -> score(c, r, synonyms));
  }

  private static double score(List<String> candidate, List<String> reference, Synonyms synonyms) {
    // Equal words have equal stems, so one alignment of stems holds the exact matches as well.
    WordAlignment aligned =
        WordAlignment.of(
            candidate.stream().map(w -> marks(w, synonyms)).toList(),
            reference.stream().map(w -> marks(w, synonyms)).toList());
    if (aligned.matches() == 0) {
      return 0;
    }
    double precision = (double) aligned.matches() / candidate.size();
    double recall = (double) aligned.matches() / reference.size();
    double f = precision * recall / (ALPHA * precision + (1 - ALPHA) * recall);
    return f * (1 - GAMMA * Math.pow((double) aligned.chunks() / aligned.matches(), BETA));
  }

  private static List<String> marks(String word, Synonyms synonyms) {
    List<String> marks = new ArrayList<>(List.of(stem(word)));
    synonyms.setsOf(word).forEach(set -> marks.add("#" + set));
    return marks;
  }

  private static String stem(String word) {
    PorterStemmer stemmer = new PorterStemmer();
    stemmer.setCurrent(word);
    stemmer.stem();
    return stemmer.getCurrent();
  }
}
