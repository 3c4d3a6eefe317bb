package io.github.gpfm.eval.language;

import io.github.gpfm.api.ProgressListener;
import io.github.gpfm.eval.EvaluationException;
import io.github.gpfm.eval.data.FeatureBag;
import io.github.gpfm.eval.linalg.TopK;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Writes a report of a slide: tile features through a transformer encoder, words by a transformer
 * decoder, greedily or by beam search. The paper uses HistGen, with its local–global hierarchical
 * encoder and cross-modal memory; this is the plain encoder–decoder underneath, small and trained
 * from random weights. To be closed.
 */
public final class ReportModel implements AutoCloseable {
  private final LanguageHead head;

  private ReportModel(LanguageHead head) {
    this.head = head;
  }

  /**
   * Trains and selects by validation loss.
   *
   * @throws io.github.gpfm.eval.EvaluationException if a side is empty
   */
  public static ReportModel train(
      List<LanguageExample> train,
      List<LanguageExample> validation,
      LanguageSettings settings,
      ProgressListener progress) {
    LanguageHead head =
        LanguageHead.create(
            "report generation",
            train,
            validation,
            LanguageExample::text,
            settings,
            LanguageArchitecture::report);
    ReportModel model = new ReportModel(head);
    head.fit(
        train,
        e -> head.step(e, scope -> new Object[] {scope.create(model.sentence(e))}),
        () -> -model.loss(validation),
        progress);
    return model;
  }

  private long[] sentence(LanguageExample example) {
    return head.tokenizer().sentence(example.text(), head.maxWords());
  }

  private double loss(List<LanguageExample> examples) {
    double sum = 0;
    for (LanguageExample example : examples) {
      sum +=
          head.evaluate(
              "validation_loss",
              example.bag().get(),
              scope -> new Object[] {scope.create(sentence(example))},
              out -> (double) out.singletonOrThrow().getFloat());
    }
    return sum / examples.size();
  }

  /** Writes a report: the likeliest token each time, until the end or the longest length. */
  public String write(FeatureBag bag) {
    return write(bag, 1);
  }

  private record Beam(long[] words, double logProbability, int tokens, boolean ended) {
    // Longer texts are less likely for their length alone: the mean over the tokens counts.
    double score() {
      return logProbability / Math.max(1, tokens);
    }
  }

  /**
   * Writes a report by beam search: of all continuations of the texts so far as many are kept as
   * there are beams, by the mean log probability of their tokens.
   *
   * @param beams texts kept; 1 takes the likeliest token each time
   * @throws EvaluationException if it is not positive
   */
  public String write(FeatureBag bag, int beams) {
    if (beams < 1) {
      throw new EvaluationException("a beam search needs one beam or more, not " + beams);
    }
    TextTokenizer tokenizer = head.tokenizer();
    List<Beam> open = List.of(new Beam(new long[] {tokenizer.begin()}, 0, 0, false));
    while (open.stream().anyMatch(b -> !b.ended)) {
      List<Beam> next = new ArrayList<>();
      for (Beam beam : open) {
        if (beam.ended) {
          next.add(beam);
        } else {
          continuations(bag, beam, beams, next);
        }
      }
      next.sort(Comparator.comparingDouble(b -> -b.score()));
      open = List.copyOf(next.subList(0, Math.min(beams, next.size())));
    }
    return tokenizer.decode(open.get(0).words);
  }

  private void continuations(FeatureBag bag, Beam beam, int beams, List<Beam> next) {
    TextTokenizer tokenizer = head.tokenizer();
    float[] logits =
        head.evaluate(
            "next_word",
            bag,
            scope -> new Object[] {scope.create(beam.words)},
            out -> out.singletonOrThrow().toFloatArray());
    // A text has begun already: its first token may not come again, unless it is the end as well.
    if (tokenizer.begin() != tokenizer.end()) {
      logits[(int) tokenizer.begin()] = Float.NEGATIVE_INFINITY;
    }
    double most = Double.NEGATIVE_INFINITY;
    for (float v : logits) {
      most = Math.max(most, v);
    }
    double sum = 0;
    for (float v : logits) {
      sum += Math.exp(v - most);
    }
    double log = most + Math.log(sum);
    for (int token : TopK.largest(logits, beams)) {
      double probability = beam.logProbability + logits[token] - log;
      if (token == tokenizer.end()) {
        next.add(new Beam(beam.words, probability, beam.tokens + 1, true));
      } else {
        long[] words = Arrays.copyOf(beam.words, beam.words.length + 1);
        words[words.length - 1] = token;
        next.add(new Beam(words, probability, beam.tokens + 1, words.length >= head.maxWords()));
      }
    }
  }

  @Override
  public void close() {
    head.close();
  }
}
