package io.github.gpfm.eval.mil;

import io.github.gpfm.encoder.script.ScriptNode;
import io.github.gpfm.encoder.script.ScriptProgram;
import io.github.gpfm.encoder.script.ScriptSource;
import io.github.gpfm.eval.EvaluationException;
import io.github.gpfm.eval.data.FeatureBag;
import io.github.gpfm.eval.head.Initializer;
import io.github.gpfm.eval.head.TrainableHead;
import io.github.gpfm.eval.survival.SurvivalLosses;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A network over bags, before it has weights.
 *
 * @param kind which network
 * @param inputDimension length of a tile's feature
 * @param outputs classes, survival bins, or 1 for a Cox risk
 * @param hidden width behind the first layer, 512 in the paper
 * @param attention width of the attention layer, 128 in the paper (256 for CLAM)
 * @param dropout share of hidden values dropped in training
 * @param options what the kind must know beside
 */
public record MilArchitecture(
    MilKind kind,
    int inputDimension,
    int outputs,
    int hidden,
    int attention,
    double dropout,
    MilOptions options) {
  private static final int CLAM_SAMPLES = 8;
  private static final double CLAM_BAG_WEIGHT = 0.7;
  private static final double DSMIL_BAG_WEIGHT = 0.5;
  private static final double SHAZAM_DISTILLATION = 0.01;
  private static final int TRANSMIL_HEADS = 8;
  private static final int TRANSMIL_RESIDUAL = 33;

  /** Checks that the sizes are positive. */
  public MilArchitecture {
    if (inputDimension < 1 || outputs < 1 || hidden < 1 || attention < 1) {
      throw new EvaluationException(
          "a MIL network of "
              + inputDimension
              + " inputs, "
              + hidden
              + " hidden units and "
              + outputs
              + " outputs cannot be built");
    }
    if (kind == MilKind.TRANSMIL && hidden % (2 * TRANSMIL_HEADS) != 0) {
      throw new EvaluationException(
          "TransMIL's width must be a multiple of " + 2 * TRANSMIL_HEADS + "; it is " + hidden);
    }
    checkOptions(kind, inputDimension, outputs, options);
  }

  /** A network that needs no more, or the usual number of pseudo bags. */
  public MilArchitecture(
      MilKind kind, int inputDimension, int outputs, int hidden, int attention, double dropout) {
    this(kind, inputDimension, outputs, hidden, attention, dropout, MilOptions.usual(kind));
  }

  private static void checkOptions(MilKind kind, int input, int outputs, MilOptions options) {
    boolean fits =
        switch (kind) {
          case DTFD -> options instanceof MilOptions.PseudoBags;
          case PANTHER ->
              options instanceof MilOptions.Prototypes p && p.centers().columns() == input;
          case HMIL -> options instanceof MilOptions.Hierarchy h && h.coarse().size() == outputs;
          case FOCUS -> options instanceof MilOptions.TextGuided;
          case SHAZAM -> options instanceof MilOptions.Fusion f && f.total() == input;
          default -> options instanceof MilOptions.None;
        };
    if (!fits) {
      throw new EvaluationException(
          "'%s' of %d inputs and %d outputs cannot be built with %s"
              .formatted(
                  kind.key(),
                  input,
                  outputs,
                  options.getClass().getSimpleName() + options.numbers()));
    }
  }

  /**
   * The sizes the paper's reference, or the authors' program, uses.
   *
   * @throws EvaluationException if the kind must be told more than its sizes
   */
  public static MilArchitecture paper(MilKind kind, int inputDimension, int outputs) {
    return paper(kind, inputDimension, outputs, MilOptions.usual(kind));
  }

  /** The sizes the paper's reference, or the authors' program, uses. */
  public static MilArchitecture paper(
      MilKind kind, int inputDimension, int outputs, MilOptions options) {
    int hidden =
        switch (kind) {
          case HMIL -> 256;
          case SHAZAM -> 128;
          default -> 512;
        };
    int attention = kind == MilKind.CLAM_SB ? 256 : 128;
    double dropout = kind == MilKind.DTFD || kind == MilKind.HMIL ? 0 : 0.25;
    return new MilArchitecture(kind, inputDimension, outputs, hidden, attention, dropout, options);
  }

  /**
   * Checks that a bag's features are as long as the network's input.
   *
   * @throws EvaluationException naming the bag and both lengths
   */
  void check(FeatureBag bag) {
    if (bag.features().columns() != inputDimension) {
      throw new EvaluationException(
          "the bag of '"
              + bag.id()
              + "' has features of "
              + bag.features().columns()
              + " dimensions; the network takes "
              + inputDimension);
    }
  }

  /**
   * The program with fresh weights.
   *
   * @param seed seed of the weights
   */
  public ScriptProgram program(long seed) {
    Initializer fresh = new Initializer(seed);
    ScriptNode root =
        ScriptNode.of(kind == MilKind.HMIL ? "HierarchicalHead" : "MilHead")
            .child("net", network(fresh))
            .constant("bag_weight", bagWeight())
            .constant("auxiliary_weight", auxiliaryWeight());
    ScriptSource source =
        ScriptSource.resources(TrainableHead.class, "layers.torchscript", "optimizers.torchscript")
            .and(ScriptSource.resources(SurvivalLosses.class, "losses.torchscript"))
            .and(
                ScriptSource.resources(
                    MilArchitecture.class,
                    "mil.torchscript",
                    "dtfd.torchscript",
                    "panther.torchscript",
                    "hmil.torchscript",
                    "focus.torchscript",
                    "shazam.torchscript"));
    return new ScriptProgram(source, root);
  }

  private double bagWeight() {
    return switch (kind) {
      case CLAM_SB -> CLAM_BAG_WEIGHT;
      case DSMIL -> DSMIL_BAG_WEIGHT;
      default -> 1;
    };
  }

  private double auxiliaryWeight() {
    return switch (kind) {
      case DTFD -> 1;
      case SHAZAM -> SHAZAM_DISTILLATION;
      default -> 1 - bagWeight();
    };
  }

  private ScriptNode network(Initializer fresh) {
    return switch (kind) {
      case ABMIL ->
          ScriptNode.of("AbMil")
              .children("feature", List.of(fresh.linear(inputDimension, hidden)))
              .children(
                  "attention",
                  List.of(
                      fresh.linear(hidden, attention),
                      ScriptNode.of("Tanh"),
                      fresh.linear(attention, 1)))
              .children("classifier", List.of(fresh.linear(hidden, outputs)))
              .constant("dropout", dropout);
      case GATED_ABMIL ->
          ScriptNode.of("GatedAbMil")
              .child("feature", fresh.linear(inputDimension, hidden))
              .child("attention", gated(fresh))
              .child("classifier", fresh.linear(hidden, outputs))
              .constant("dropout", dropout);
      case MEAN, MAX ->
          ScriptNode.of("PoolMil")
              .child("feature", fresh.linear(inputDimension, hidden))
              .child("classifier", fresh.linear(hidden, outputs))
              .constant("dropout", dropout)
              .constant("maximum", kind == MilKind.MAX);
      case CLAM_SB ->
          ScriptNode.of("ClamSb")
              .child("feature", fresh.linear(inputDimension, hidden))
              .child("attention", gated(fresh))
              .child("classifier", fresh.linear(hidden, outputs))
              .children(
                  "instance_classifiers",
                  IntStream.range(0, outputs).mapToObj(i -> fresh.linear(hidden, 2)).toList())
              .constant("dropout", dropout)
              .constant("samples", (long) CLAM_SAMPLES)
              .constant("classes", (long) outputs)
              .constant("subtyping", outputs > 2);
      case DSMIL ->
          ScriptNode.of("DsMil")
              .child("instance", fresh.linear(inputDimension, outputs))
              .child("query_in", fresh.linear(inputDimension, attention))
              .child("query_out", fresh.linear(attention, attention))
              .parameter("fcc_weight", fresh.uniform(fccBound(), outputs, outputs, inputDimension))
              .parameter("fcc_bias", fresh.uniform(fccBound(), outputs))
              .constant("scale", Math.sqrt(attention));
      case TRANSMIL -> transMil(fresh);
      case DTFD, PANTHER, HMIL, FOCUS, SHAZAM -> new MilNetworks(this, fresh).network();
    };
  }

  private double fccBound() {
    return 1 / Math.sqrt((double) outputs * inputDimension);
  }

  private ScriptNode gated(Initializer fresh) {
    return gatedAttention(fresh, hidden, attention, 1, dropout);
  }

  /** The gated attention alone, as CLAM names its layers. */
  static ScriptNode gatedAttention(
      Initializer fresh, int width, int attention, int maps, double dropout) {
    return ScriptNode.of("GatedAttention")
        .children("attention_a", List.of(fresh.linear(width, attention)))
        .children("attention_b", List.of(fresh.linear(width, attention)))
        .child("attention_c", fresh.linear(attention, maps))
        .constant("dropout", dropout);
  }

  private ScriptNode transMil(Initializer fresh) {
    return ScriptNode.of("TransMil")
        .child("feature", fresh.linear(inputDimension, hidden))
        .parameter("cls_token", fresh.normal(1, 1, 1, hidden))
        .child("norm1", fresh.layerNorm(hidden))
        .child("attention1", nystrom(fresh))
        .children(
            "position_convolutions",
            List.of(convolution(fresh, 7), convolution(fresh, 5), convolution(fresh, 3)))
        .child("norm2", fresh.layerNorm(hidden))
        .child("attention2", nystrom(fresh))
        .child("norm", fresh.layerNorm(hidden))
        .child("classifier", fresh.linear(hidden, outputs));
  }

  private ScriptNode nystrom(Initializer fresh) {
    int headDim = hidden / TRANSMIL_HEADS;
    return ScriptNode.of("NystromAttention")
        .child("to_qkv", fresh.linearWithoutBias(hidden, 3 * hidden))
        .child("to_out", fresh.linear(hidden, hidden))
        .parameter(
            "residual",
            fresh.uniform(
                1 / Math.sqrt(TRANSMIL_RESIDUAL), TRANSMIL_HEADS, 1, TRANSMIL_RESIDUAL, 1))
        .constant("padding", (long) TRANSMIL_RESIDUAL / 2)
        .constant("heads", (long) TRANSMIL_HEADS)
        .constant("head_dim", (long) headDim)
        .constant("scale", 1 / Math.sqrt(headDim))
        .constant("landmarks", (long) hidden / 2)
        .constant("dropout", 0.1);
  }

  private ScriptNode convolution(Initializer fresh, int kernel) {
    double bound = 1.0 / kernel;
    return ScriptNode.of("DepthwiseConv")
        .parameter("weight", fresh.uniform(bound, hidden, 1, kernel, kernel))
        .parameter("bias", fresh.uniform(bound, hidden))
        .constant("padding", (long) kernel / 2)
        .constant("groups", (long) hidden);
  }
}
