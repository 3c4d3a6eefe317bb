package io.github.gpfm.eval.language;

import io.github.gpfm.api.ProgressListener;
import io.github.gpfm.eval.data.FeatureBag;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Answers questions on an image or slide. As in the paper the visual features are frozen and a
 * multimodal transformer is trained on question–answer pairs; simplified against it, the
 * transformer is small and starts from random weights, and open answers are chosen among those of
 * the training set instead of being generated. To be closed.
 */
public final class VqaModel implements AutoCloseable {
  private final LanguageHead head;
  private final List<String> answers;

  private VqaModel(LanguageHead head, List<String> answers) {
    this.head = head;
    this.answers = answers;
  }

  /**
   * Trains and selects by validation accuracy.
   *
   * @throws io.github.gpfm.eval.EvaluationException if a side is empty
   */
  public static VqaModel train(
      List<LanguageExample> train,
      List<LanguageExample> validation,
      LanguageSettings settings,
      ProgressListener progress) {
    List<String> answers = train.stream().map(e -> plain(e.text())).distinct().sorted().toList();
    LanguageHead head =
        LanguageHead.create(
            "question answering",
            train,
            validation,
            LanguageExample::question,
            settings,
            (architecture, dimension, tokens) ->
                architecture.vqa(dimension, tokens, answers.size()));
    VqaModel model = new VqaModel(head, answers);
    head.fit(train, model::step, () -> model.accuracy(validation), progress);
    return model;
  }

  private static String plain(String answer) {
    return answer.strip().toLowerCase(Locale.ROOT);
  }

  private void step(LanguageExample example) {
    long[] words = words(example.question());
    long label = answers.indexOf(plain(example.text()));
    head.step(
        example, scope -> new Object[] {scope.create(words), scope.create(new long[] {label})});
  }

  private long[] words(String question) {
    long[] ids = head.tokenizer().encode(question);
    return ids.length == 0
        ? new long[] {head.tokenizer().begin()}
        : Arrays.copyOf(ids, Math.min(ids.length, head.maxWords()));
  }

  /** The most likely answer, in lower case. */
  public String answer(FeatureBag bag, String question) {
    long[] words = words(question);
    float[] logits =
        head.evaluate(
            "answer",
            bag,
            scope -> new Object[] {scope.create(words)},
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
    head.close();
  }
}
