package io.github.gpfm.eval.language;

import io.github.gpfm.api.ProgressListener;
import io.github.gpfm.eval.EvaluationException;
import io.github.gpfm.eval.data.FeatureBag;
import io.github.gpfm.eval.head.TrainableHead;
import io.github.gpfm.eval.linalg.Matrix;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Writes a report of a slide: tile features through a transformer encoder, words by a transformer
 * decoder, greedily. The paper uses HistGen, with its local–global hierarchical encoder and
 * cross-modal memory; this is the plain encoder–decoder underneath, small and trained from random
 * weights. To be closed.
 */
public final class ReportModel implements AutoCloseable {
  private static final int MOST_WORDS = 20_000;

  private final LanguageSettings settings;
  private final WordTokenizer tokenizer;
  private final TrainableHead head;

  private ReportModel(LanguageSettings settings, WordTokenizer tokenizer, TrainableHead head) {
    this.settings = settings;
    this.tokenizer = tokenizer;
    this.head = head;
  }

  /**
   * Trains and selects by validation loss.
   *
   * @throws EvaluationException if a side is empty
   */
  public static ReportModel train(
      List<LanguageExample> train,
      List<LanguageExample> validation,
      LanguageSettings settings,
      ProgressListener progress) {
    if (train.isEmpty() || validation.isEmpty()) {
      throw new EvaluationException(
          "report generation needs reports on both sides: "
              + train.size()
              + " train, "
              + validation.size()
              + " select");
    }
    WordTokenizer tokenizer =
        WordTokenizer.train(train.stream().map(LanguageExample::text).toList(), MOST_WORDS);
    TrainableHead.seed(settings.seed());
    int dimension = train.get(0).bag().get().features().columns();
    TrainableHead head =
        TrainableHead.load(new LanguageArchitecture(settings).report(dimension, tokenizer.size()));
    ReportModel model = new ReportModel(settings, tokenizer, head);
    HeadFit.fit(
        head,
        new ArrayList<>(train),
        model::step,
        h -> -model.loss(validation),
        settings,
        progress);
    return model;
  }

  private Matrix visual(FeatureBag bag) {
    return LanguageArchitecture.condensed(bag.features(), settings.maxTiles());
  }

  private void step(LanguageExample example) {
    Matrix visual = visual(example.bag().get());
    long[] words = tokenizer.sentence(example.text(), settings.maxWords());
    head.step(
        "loss",
        scope -> new Object[] {TrainableHead.array(scope, visual), scope.create(words)},
        settings.learningRate(),
        0);
  }

  private double loss(List<LanguageExample> examples) {
    double sum = 0;
    for (LanguageExample example : examples) {
      Matrix visual = visual(example.bag().get());
      long[] words = tokenizer.sentence(example.text(), settings.maxWords());
      sum +=
          head.evaluate(
              "validation_loss",
              scope -> new Object[] {TrainableHead.array(scope, visual), scope.create(words)},
              out -> (double) out.singletonOrThrow().getFloat());
    }
    return sum / examples.size();
  }

  /** Writes a report: the likeliest word each time, until the end or the longest length. */
  public String write(FeatureBag bag) {
    Matrix visual = visual(bag);
    long[] words = {WordTokenizer.BEGIN};
    while (words.length < settings.maxWords()) {
      long[] sofar = words;
      float[] logits =
          head.evaluate(
              "next_word",
              scope -> new Object[] {TrainableHead.array(scope, visual), scope.create(sofar)},
              out -> out.singletonOrThrow().toFloatArray());
      int best = (int) WordTokenizer.END;
      for (int i = best + 1; i < logits.length; i++) {
        best = logits[i] > logits[best] ? i : best;
      }
      if (best == WordTokenizer.END) {
        break;
      }
      words = Arrays.copyOf(words, words.length + 1);
      words[words.length - 1] = best;
    }
    return tokenizer.decode(words);
  }

  @Override
  public void close() {
    tokenizer.close();
    head.close();
  }
}
