package io.github.gpfm.eval.language;

import io.github.gpfm.api.ProgressListener;
import io.github.gpfm.encoder.weights.WeightTensor;
import io.github.gpfm.eval.head.TrainableHead;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;

/** Epochs over shuffled examples, one a step, with early stopping on a validation score. */
final class HeadFit {
  private HeadFit() {}

  /**
   * Trains a head and leaves it with its best weights.
   *
   * @param examples shuffled in place every epoch
   * @param step trains on one
   * @param score higher is better
   */
  static <T> void fit(
      TrainableHead head,
      List<T> examples,
      Consumer<T> step,
      ToDoubleFunction<TrainableHead> score,
      LanguageSettings settings,
      ProgressListener progress) {
    Random random = new Random(settings.seed());
    double best = Double.NEGATIVE_INFINITY;
    int since = 0;
    Map<String, WeightTensor> weights = head.snapshot();
    progress.started("train", settings.epochs());
    for (int epoch = 0; epoch < settings.epochs() && since < settings.patience(); epoch++) {
      Collections.shuffle(examples, random);
      examples.forEach(step);
      double reached = score.applyAsDouble(head);
      since++;
      if (reached > best) {
        best = reached;
        since = 0;
        weights = head.snapshot();
      }
      progress.advanced(epoch + 1L);
    }
    progress.finished();
    head.restore(weights);
  }
}
