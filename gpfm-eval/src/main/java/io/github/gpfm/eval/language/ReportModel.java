package io.github.gpfm.eval.language;

import io.github.gpfm.api.ProgressListener;
import io.github.gpfm.eval.data.FeatureBag;
import java.util.Arrays;
import java.util.List;

/**
 * Writes a report of a slide: tile features through a transformer encoder, words by a transformer
 * decoder, greedily. The paper uses HistGen, with its local–global hierarchical encoder and
 * cross-modal memory; this is the plain encoder–decoder underneath, small and trained from random
 * weights. To be closed.
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
    long[] words = {head.tokenizer().begin()};
    while (words.length < head.maxWords()) {
      long[] sofar = words;
      float[] logits =
          head.evaluate(
              "next_word",
              bag,
              scope -> new Object[] {scope.create(sofar)},
              out -> out.singletonOrThrow().toFloatArray());
      int best = likeliest(logits);
      if (best == head.tokenizer().end()) {
        break;
      }
      words = Arrays.copyOf(words, words.length + 1);
      words[words.length - 1] = best;
    }
    return head.tokenizer().decode(words);
  }

  // A text has begun already: its first token may not come again, unless it is the end as well.
  private int likeliest(float[] logits) {
    TextTokenizer tokenizer = head.tokenizer();
    int best = (int) tokenizer.end();
    for (int i = 0; i < logits.length; i++) {
      if (i != tokenizer.begin() && logits[i] > logits[best]) {
        best = i;
      }
    }
    return best;
  }

  @Override
  public void close() {
    head.close();
  }
}
