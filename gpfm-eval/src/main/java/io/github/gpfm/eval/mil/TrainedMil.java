package io.github.gpfm.eval.mil;

import io.github.gpfm.encoder.weights.WeightFile;
import io.github.gpfm.eval.EvaluationException;
import io.github.gpfm.eval.data.BagCase;
import io.github.gpfm.eval.data.FeatureBag;
import io.github.gpfm.eval.head.TrainableHead;
import io.github.gpfm.eval.probe.SoftmaxRegression;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A trained network over bags. One thread at a time. To be closed. */
public final class TrainedMil implements AutoCloseable {
  private static final String FACT = "mil.fact.";

  private final MilArchitecture architecture;
  private final TrainableHead head;
  private final int epoch;
  private final double validationScore;

  private final List<String> outputNames;
  private final Map<String, double[]> facts;

  TrainedMil(
      MilArchitecture architecture,
      TrainableHead head,
      int epoch,
      double score,
      List<String> outputNames,
      Map<String, double[]> facts) {
    this.facts = Collections.unmodifiableMap(new TreeMap<>(facts));
    this.architecture = architecture;
    this.head = head;
    this.epoch = epoch;
    this.validationScore = score;
    this.outputNames = List.copyOf(outputNames);
  }

  /**
   * Loads what {@link #save} wrote.
   *
   * @throws EvaluationException if the file is no network over bags
   * @throws io.github.gpfm.api.WeightsException if it is missing or damaged
   */
  public static TrainedMil load(Path file) {
    WeightFile saved = WeightFile.open(file);
    Map<String, String> facts = saved.metadata();
    MilArchitecture architecture;
    int epoch;
    double score;
    try {
      MilKind kind = MilKind.of(facts.getOrDefault("mil.kind", ""));
      List<Integer> options =
          Arrays.stream(Numbers.parse(facts.getOrDefault("mil.options", "")))
              .mapToObj(v -> (int) v)
              .toList();
      architecture =
          new MilArchitecture(
              kind,
              Integer.parseInt(facts.getOrDefault("mil.input_dimension", "")),
              Integer.parseInt(facts.getOrDefault("mil.outputs", "")),
              Integer.parseInt(facts.getOrDefault("mil.hidden", "")),
              Integer.parseInt(facts.getOrDefault("mil.attention", "")),
              Double.parseDouble(facts.getOrDefault("mil.dropout", "")),
              MilOptions.of(kind, options));
      epoch = Integer.parseInt(facts.getOrDefault("mil.epoch", "0"));
      score = Double.parseDouble(facts.getOrDefault("mil.validation_score", "NaN"));
    } catch (NumberFormatException | EvaluationException e) {
      throw new EvaluationException(
          "'" + file + "' is no trained MIL head; give a .safetensors file of 'heads/'", e);
    }
    String names = facts.getOrDefault("mil.output_names", "");
    TrainableHead head = TrainableHead.load(architecture.program(0));
    try {
      head.restore(saved.tensors());
    } catch (RuntimeException e) {
      head.close();
      throw e;
    }
    Map<String, double[]> numbers = new TreeMap<>();
    facts.forEach(
        (key, value) -> {
          if (key.startsWith(FACT)) {
            numbers.put(key.substring(FACT.length()), Numbers.parse(value));
          }
        });
    return new TrainedMil(
        architecture,
        head,
        epoch,
        score,
        names.isEmpty() ? List.of() : List.of(names.split("\n")),
        numbers);
  }

  /** Names of the classes, in order of the outputs; empty for survival or if never named. */
  public List<String> outputNames() {
    return outputNames;
  }

  /** The same network with names for its outputs; close one of the two. */
  public TrainedMil withOutputNames(List<String> names) {
    if (names.size() != architecture.outputs()) {
      throw new EvaluationException(
          names.size() + " names do not fit " + architecture.outputs() + " outputs");
    }
    return new TrainedMil(architecture, head, epoch, validationScore, names, facts);
  }

  /** Numbers kept beside the weights, for instance the times of a survival head. */
  public Optional<double[]> fact(String name) {
    return Optional.ofNullable(facts.get(name)).map(double[]::clone);
  }

  /** The same network with numbers to keep beside the weights; close one of the two. */
  public TrainedMil withFact(String name, double... values) {
    Map<String, double[]> more = new TreeMap<>(facts);
    more.put(name, values.clone());
    return new TrainedMil(architecture, head, epoch, validationScore, outputNames, more);
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
    architecture.check(bag);
    return head.evaluate(
        "forward",
        scope -> new Object[] {head.input(scope, bag.features())},
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

  /** Risk of an output of a survival network: higher means earlier event. */
  public static double riskOf(Output output) {
    return risk(output.logits());
  }

  /** Risk of the outputs of a survival head of whatever kind: higher means earlier event. */
  public static double riskOf(double... logits) {
    return risk(logits);
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
    save(file, Map.of());
  }

  /**
   * Writes the weights as safetensors, with the architecture in the metadata.
   *
   * @param beside more metadata; this network's own stand where the names are the same
   */
  public void save(Path file, Map<String, String> beside) {
    Map<String, String> metadata = new TreeMap<>(beside);
    metadata.put("mil.kind", architecture.kind().key());
    metadata.put("mil.input_dimension", Integer.toString(architecture.inputDimension()));
    metadata.put("mil.outputs", Integer.toString(architecture.outputs()));
    metadata.put("mil.hidden", Integer.toString(architecture.hidden()));
    metadata.put("mil.attention", Integer.toString(architecture.attention()));
    metadata.put("mil.dropout", Double.toString(architecture.dropout()));
    metadata.put(
        "mil.options",
        Numbers.join(architecture.options().numbers().stream().mapToDouble(n -> n).toArray()));
    metadata.put("mil.epoch", Integer.toString(epoch));
    metadata.put("mil.validation_score", Double.toString(validationScore));
    metadata.put("mil.output_names", String.join("\n", outputNames));
    facts.forEach((name, values) -> metadata.put(FACT + name, Numbers.join(values)));
    head.save(file, metadata);
  }

  @Override
  public void close() {
    head.close();
  }
}
