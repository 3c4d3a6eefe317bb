package io.github.gpfm.eval.mil;

import io.github.gpfm.eval.EvaluationException;
import io.github.gpfm.eval.data.BagCase;
import io.github.gpfm.eval.data.FeatureBag;
import io.github.gpfm.eval.head.TrainableHead;
import io.github.gpfm.eval.probe.SoftmaxRegression;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A trained network over bags. One thread at a time. To be closed. */
public final class TrainedMil implements AutoCloseable {
  private final MilArchitecture architecture;
  private final TrainableHead head;
  private final int epoch;
  private final double validationScore;

  TrainedMil(MilArchitecture architecture, TrainableHead head, int epoch, double score) {
    this.architecture = architecture;
    this.head = head;
    this.epoch = epoch;
    this.validationScore = score;
  }

  /**
   * What the network says of a bag.
   *
   * @param logits one value an output
   * @param attention raw attention of each tile, before the softmax
   */
  public record Output(double[] logits, float[] attention) {}

  /** The network. */
  public MilArchitecture architecture() {
    return architecture;
  }

  /** Kept epoch, 0-based. */
  public int epoch() {
    return epoch;
  }

  /** What the epoch was selected by: accuracy, or C-index for survival. */
  public double validationScore() {
    return validationScore;
  }

  /** Runs the network on a bag. */
  public Output output(FeatureBag bag) {
    return output(head, architecture, bag);
  }

  static Output output(TrainableHead head, MilArchitecture architecture, FeatureBag bag) {
    if (bag.features().columns() != architecture.inputDimension()) {
      throw new EvaluationException(
          "the bag of '"
              + bag.id()
              + "' has features of "
              + bag.features().columns()
              + " dimensions; the network takes "
              + architecture.inputDimension());
    }
    return head.evaluate(
        "forward",
        scope -> new Object[] {TrainableHead.array(scope, bag.features())},
        out -> {
          float[] logits = out.get(0).toFloatArray();
          double[] wide = new double[logits.length];
          for (int i = 0; i < wide.length; i++) {
            wide[i] = logits[i];
          }
          return new Output(wide, out.get(1).toFloatArray());
        });
  }

  /** Class probabilities of each case. */
  public double[][] probabilities(List<BagCase> cases) {
    return cases.stream()
        .map(c -> SoftmaxRegression.softmax(output(c.bag().get()).logits()))
        .toArray(double[][]::new);
  }

  /** Risk of each case: higher means earlier event. */
  public double[] risks(List<BagCase> cases) {
    return cases.stream().mapToDouble(c -> risk(output(c.bag().get()).logits())).toArray();
  }

  /** Minus the sum of discrete survival; the log risk itself for one output. */
  static double risk(double[] logits) {
    if (logits.length == 1) {
      return logits[0];
    }
    double survival = 1;
    double sum = 0;
    for (double logit : logits) {
      survival *= 1 - 1 / (1 + Math.exp(-logit));
      sum += survival;
    }
    return -sum;
  }

  /** Writes the weights as safetensors, with the architecture in the metadata. */
  public void save(Path file) {
    head.save(
        file,
        Map.of(
            "mil.kind", architecture.kind().key(),
            "mil.input_dimension", Integer.toString(architecture.inputDimension()),
            "mil.outputs", Integer.toString(architecture.outputs()),
            "mil.hidden", Integer.toString(architecture.hidden()),
            "mil.attention", Integer.toString(architecture.attention()),
            "mil.dropout", Double.toString(architecture.dropout()),
            "mil.epoch", Integer.toString(epoch),
            "mil.validation_score", Double.toString(validationScore)));
  }

  @Override
  public void close() {
    head.close();
  }
}
