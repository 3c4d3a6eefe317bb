package io.github.gpfm.eval.bench;

import io.github.gpfm.eval.EvaluationException;
import io.github.gpfm.eval.data.BagCase;
import io.github.gpfm.eval.data.FeatureBag;
import io.github.gpfm.eval.mil.TrainedMil;
import io.github.gpfm.eval.probe.LinearHead;
import io.github.gpfm.eval.probe.SoftmaxRegression;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A trained head of slides, of whatever kind, that only answers. To be closed. */
final class FrozenHead implements AutoCloseable {
  private final Function<FeatureBag, double[]> output;
  private final Function<String, double[]> facts;
  private final List<String> outputNames;
  private final int outputs;
  private final @Nullable TrainedMil network;

  private FrozenHead(
      Function<FeatureBag, double[]> output,
      Function<String, double[]> facts,
      List<String> outputNames,
      int outputs,
      @Nullable TrainedMil network) {
    this.output = output;
    this.facts = facts;
    this.outputNames = outputNames;
    this.outputs = outputs;
    this.network = network;
  }

  /** A network over bags, closed with this. */
  static FrozenHead of(TrainedMil network) {
    return new FrozenHead(
        bag -> network.output(bag).logits(),
        name -> network.fact(name).orElse(new double[0]),
        network.outputNames(),
        network.architecture().outputs(),
        network);
  }

  /** A linear model on the mean of a bag. */
  static FrozenHead of(LinearHead head) {
    return new FrozenHead(head::output, head::fact, head.outputNames(), head.bias().length, null);
  }

  /**
   * Reads a head that a benchmark kept.
   *
   * @throws EvaluationException if the file holds none
   */
  static FrozenHead load(Path file) {
    return LinearHead.isIn(file) ? of(LinearHead.load(file)) : of(TrainedMil.load(file));
  }

  /** Names of classes or targets; empty for survival. */
  List<String> outputNames() {
    return outputNames;
  }

  /** Number of outputs. */
  int outputs() {
    return outputs;
  }

  /** Numbers kept beside the head; empty if there are none of that name. */
  double[] fact(String name) {
    return facts.apply(name);
  }

  /** One value an output. */
  double[] output(FeatureBag bag) {
    return output.apply(bag);
  }

  /** Class probabilities of each case. */
  double[][] probabilities(List<BagCase> cases) {
    return cases.stream()
        .map(c -> SoftmaxRegression.softmax(output(c.bag().get())))
        .toArray(double[][]::new);
  }

  @Override
  public void close() {
    if (network != null) {
      network.close();
    }
  }
}
