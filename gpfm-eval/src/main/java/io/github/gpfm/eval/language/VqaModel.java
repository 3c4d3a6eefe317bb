package io.github.gpfm.eval.language;

import io.github.gpfm.api.ProgressListener;
import io.github.gpfm.eval.EvaluationException;
import io.github.gpfm.eval.data.FeatureBag;
import io.github.gpfm.eval.head.TrainableHead;
import io.github.gpfm.eval.linalg.Matrix;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Answers questions on an image or slide. As in the paper the visual features are frozen and a
 * multimodal transformer is trained on question–answer pairs; simplified against it, the
 * transformer is small and starts from random weights, words are not sub-words, and open answers
 * are chosen among those of the training set instead of being generated. To be closed.
 */
public final class VqaModel implements AutoCloseable {
  private static final int MOST_WORDS = 20_000;

  private final LanguageSettings settings;
  private final WordTokenizer tokenizer;
  private final List<String> answers;
  private final TrainableHead head;

  private VqaModel(
      LanguageSettings settings,
      WordTokenizer tokenizer,
      List<String> answers,
      TrainableHead head) {
    this.settings = settings;
    this.tokenizer = tokenizer;
    this.answers = answers;
    this.head = head;
  }

  /**
   * Trains and selects by validation accuracy.
   *
   * @throws EvaluationException if a side is empty
   */
  public static VqaModel train(
      List<LanguageExample> train,
      List<LanguageExample> validation,
      LanguageSettings settings,
      ProgressListener progress) {
    if (train.isEmpty() || validation.isEmpty()) {
      throw new EvaluationException(
          "question answering needs pairs on both sides: "
              + train.size()
              + " train, "
              + validation.size()
              + " select");
    }
    WordTokenizer tokenizer =
        WordTokenizer.train(train.stream().map(LanguageExample::question).toList(), MOST_WORDS);
    List<String> answers = train.stream().map(e -> plain(e.text())).distinct().sorted().toList();
    TrainableHead.seed(settings.seed());
    int dimension = train.get(0).bag().get().features().columns();
    TrainableHead head =
        TrainableHead.load(
            new LanguageArchitecture(settings).vqa(dimension, tokenizer.size(), answers.size()));
    VqaModel model = new VqaModel(settings, tokenizer, answers, head);
    HeadFit.fit(
        head,
        new ArrayList<>(train),
        model::step,
        h -> model.accuracy(validation),
        settings,
        progress);
    return model;
  }

  private static String plain(String answer) {
    return answer.strip().toLowerCase(Locale.ROOT);
  }

  private void step(LanguageExample example) {
    Matrix visual =
        LanguageArchitecture.condensed(example.bag().get().features(), settings.maxTiles());
    long[] words = words(example.question());
    long label = answers.indexOf(plain(example.text()));
    head.step(
        "loss",
        scope ->
            new Object[] {
              TrainableHead.array(scope, visual),
              scope.create(words),
              scope.create(new long[] {label})
            },
        settings.learningRate(),
        0);
  }

  private long[] words(String question) {
    long[] ids = tokenizer.encode(question);
    if (ids.length == 0) {
      return new long[] {WordTokenizer.UNKNOWN};
    }
    return Arrays.copyOf(ids, Math.min(ids.length, settings.maxWords()));
  }

  /** The most likely answer, in lower case. */
  public String answer(FeatureBag bag, String question) {
    Matrix visual = LanguageArchitecture.condensed(bag.features(), settings.maxTiles());
    long[] words = words(question);
    float[] logits =
        head.evaluate(
            "answer",
            scope -> new Object[] {TrainableHead.array(scope, visual), scope.create(words)},
            out -> out.singletonOrThrow().toFloatArray());
    int best = 0;
    for (int i = 1; i < logits.length; i++) {
      best = logits[i] > logits[best] ? i : best;
    }
    return answers.get(best);
  }

  /** Whether each example is answered exactly, apart from case. */
  public boolean[] hits(List<LanguageExample> examples) {
    boolean[] hits = new boolean[examples.size()];
    for (int i = 0; i < hits.length; i++) {
      LanguageExample e = examples.get(i);
      hits[i] = answer(e.bag().get(), e.question()).equals(plain(e.text()));
    }
    return hits;
  }

  private double accuracy(List<LanguageExample> examples) {
    int right = 0;
    for (boolean hit : hits(examples)) {
      right += hit ? 1 : 0;
    }
    return (double) right / examples.size();
  }

  @Override
  public void close() {
    tokenizer.close();
    head.close();
  }
}
