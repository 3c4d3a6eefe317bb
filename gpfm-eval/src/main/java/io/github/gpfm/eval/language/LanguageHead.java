package io.github.gpfm.eval.language;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.github.gpfm.api.ProgressListener;
import io.github.gpfm.encoder.script.ScriptProgram;
import io.github.gpfm.encoder.weights.WeightTensor;
import io.github.gpfm.eval.EvaluationException;
import io.github.gpfm.eval.data.FeatureBag;
import io.github.gpfm.eval.head.TrainableHead;
import io.github.gpfm.eval.linalg.Matrix;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.function.Function;

/** What the language models share: tokenizer, network, and training with early stopping. */
final class LanguageHead implements AutoCloseable {
  private static final int MOST_WORDS = 20_000;

  private final LanguageSettings settings;
  private final TextTokenizer tokenizer;
  private final TrainableHead head;

  /** Builds a network for features of a length and for a number of tokens. */
  @FunctionalInterface
  interface Architecture {
    ScriptProgram program(LanguageArchitecture architecture, int dimension, int tokens);
  }

  private LanguageHead(LanguageSettings settings, TextTokenizer tokenizer, TrainableHead head) {
    this.settings = settings;
    this.tokenizer = tokenizer;
    this.head = head;
  }

  /**
   * Makes an untrained head.
   *
   * @param task name for messages
   * @param texts what the tokenizer must know
   * @throws EvaluationException if a side is empty
   */
  static LanguageHead create(
      String task,
      List<LanguageExample> train,
      List<LanguageExample> validation,
      Function<LanguageExample, String> texts,
      LanguageSettings settings,
      Architecture architecture) {
    if (train.isEmpty() || validation.isEmpty()) {
      throw new EvaluationException(
          task
              + " needs examples on both sides: "
              + train.size()
              + " train, "
              + validation.size()
              + " select");
    }
    TextTokenizer tokenizer =
        settings
            .tokenizer()
            .map(TextTokenizer::load)
            .orElseGet(() -> TextTokenizer.train(train.stream().map(texts).toList(), MOST_WORDS));
    TrainableHead.seed(settings.seed());
    int dimension = train.get(0).bag().get().features().columns();
    return new LanguageHead(
        settings,
        tokenizer,
        TrainableHead.load(
            architecture.program(new LanguageArchitecture(settings), dimension, tokenizer.size())));
  }

  /**
   * Trains, one example a step, and keeps the weights of the best epoch; closes itself on failure.
   *
   * @param step trains on one
   * @param score higher is better
   */
  void fit(
      List<LanguageExample> train,
      Consumer<LanguageExample> step,
      DoubleSupplier score,
      ProgressListener progress) {
    List<LanguageExample> examples = new ArrayList<>(train);
    Random random = new Random(settings.seed());
    double best = Double.NEGATIVE_INFINITY;
    int since = 0;
    Map<String, WeightTensor> weights = head.snapshot();
    progress.started("train", settings.epochs());
    try {
      for (int epoch = 0; epoch < settings.epochs() && since < settings.patience(); epoch++) {
        Collections.shuffle(examples, random);
        examples.forEach(step);
        double reached = score.getAsDouble();
        since++;
        if (reached > best) {
          best = reached;
          since = 0;
          weights = head.snapshot();
        }
        progress.advanced(epoch + 1L);
      }
      head.restore(weights);
    } catch (RuntimeException e) {
      close();
      throw e;
    } finally {
      progress.finished();
    }
  }

  TextTokenizer tokenizer() {
    return tokenizer;
  }

  int maxWords() {
    return settings.maxWords();
  }

  /** One training step on the loss of an example. */
  void step(LanguageExample example, Function<NDManager, Object[]> rest) {
    head.step("loss", arguments(example.bag().get(), rest), settings.learningRate(), 0);
  }

  /** Runs a method on a bag and further arguments. */
  <T> T evaluate(
      String method,
      FeatureBag bag,
      Function<NDManager, Object[]> rest,
      Function<NDList, T> result) {
    return head.evaluate(method, arguments(bag, rest), result);
  }

  private Function<NDManager, Object[]> arguments(
      FeatureBag bag, Function<NDManager, Object[]> rest) {
    Matrix visual = LanguageArchitecture.condensed(bag.features(), settings.maxTiles());
    return scope -> {
      Object[] further = rest.apply(scope);
      Object[] all = new Object[further.length + 1];
      all[0] = head.input(scope, visual);
      System.arraycopy(further, 0, all, 1, further.length);
      return all;
    };
  }

  @Override
  public void close() {
    tokenizer.close();
    head.close();
  }
}
