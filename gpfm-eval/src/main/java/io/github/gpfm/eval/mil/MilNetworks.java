package io.github.gpfm.eval.mil;

import io.github.gpfm.encoder.script.ScriptNode;
import io.github.gpfm.encoder.weights.WeightTensor;
import io.github.gpfm.eval.head.Initializer;
import io.github.gpfm.eval.linalg.Matrix;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Builds the networks that need {@link MilOptions}. */
final class MilNetworks {
  // PANTHER's and FOCUS's constants are those of their authors' launch scripts.
  private static final int EM_ROUNDS = 1;
  private static final int FOCUS_WINDOW = 8;
  private static final int FOCUS_CHUNK = 8;
  private static final double FOCUS_SIMILARITY = 0.8;
  private static final int SHAZAM_LAYERS = 4;
  private static final int SHAZAM_GATE = 128;

  private final MilArchitecture architecture;
  private final Initializer fresh;
  private final int inputs;
  private final int outputs;
  private final int hidden;

  MilNetworks(MilArchitecture architecture, Initializer fresh) {
    this.architecture = architecture;
    this.fresh = fresh;
    this.inputs = architecture.inputDimension();
    this.outputs = architecture.outputs();
    this.hidden = architecture.hidden();
  }

  ScriptNode network() {
    MilOptions options = architecture.options();
    if (options instanceof MilOptions.PseudoBags parts) {
      return dtfd(parts.count());
    } else if (options instanceof MilOptions.Prototypes prototypes) {
      return panther(prototypes.centers());
    } else if (options instanceof MilOptions.Hierarchy hierarchy) {
      return hmil(hierarchy);
    } else if (options instanceof MilOptions.TextGuided guided) {
      return focus(guided.texts(), guided.mostTiles());
    } else if (options instanceof MilOptions.Fusion fusion) {
      return shazam(fusion.widths());
    }
    throw new IllegalStateException(architecture.kind() + " has no options");
  }

  private static WeightTensor tensor(Matrix matrix) {
    return WeightTensor.ofFloats(
        "", List.of((long) matrix.rows(), (long) matrix.columns()), matrix.values());
  }

  private ScriptNode attention(int width, int attention, int maps, double dropout) {
    return MilArchitecture.gatedAttention(fresh, width, attention, maps, dropout);
  }

  private ScriptNode dtfd(int pseudoBags) {
    return ScriptNode.of("Dtfd")
        .child("reduction", fresh.linearWithoutBias(inputs, hidden))
        .child("attention", attention(hidden, architecture.attention(), 1, 0))
        .child("classifier", fresh.linear(hidden, outputs))
        .child("second_attention", attention(hidden, architecture.attention(), 1, 0))
        .child("second_classifier", fresh.linear(hidden, outputs))
        .constant("dropout", architecture.dropout())
        .constant("pseudo_bags", (long) pseudoBags);
  }

  private ScriptNode panther(Matrix prototypes) {
    int parameters = prototypes.rows() * (1 + 2 * inputs);
    return ScriptNode.of("Panther")
        .parameter("prototypes", tensor(prototypes))
        .child("classifier", fresh.linearWithoutBias(parameters, outputs))
        .constant("variance", 1.0)
        .constant("tau", 1.0)
        .constant("rounds", (long) EM_ROUNDS);
  }

  private ScriptNode hmil(MilOptions.Hierarchy hierarchy) {
    Matrix map = Matrix.zeros(outputs, hierarchy.coarseClasses());
    for (int c = 0; c < outputs; c++) {
      map.set(c, hierarchy.coarse().get(c), 1);
    }
    int narrow = Math.max(1, hidden / 4);
    double dropout = architecture.dropout();
    return ScriptNode.of("Hmil")
        .child("feature_in", fresh.linear(inputs, hidden))
        .child("feature_out", fresh.linear(hidden, inputs))
        .child("reducer", fresh.linear(inputs, hidden))
        .child("coarse_attention", attention(inputs, hidden, hierarchy.coarseClasses(), dropout))
        .child("fine_attention", attention(hidden, narrow, outputs, dropout))
        .child("coarse_classifier", fresh.linear(inputs, 1))
        .child("fine_classifier", fresh.linear(hidden, 1))
        .buffer("hierarchy", tensor(map));
  }

  private ScriptNode focus(Matrix texts, int mostTiles) {
    int width = texts.columns();
    return ScriptNode.of("Focus")
        .parameter("texts", tensor(texts))
        .child("feature", fresh.linear(inputs, width))
        .child("norm", fresh.layerNorm(width))
        .child("query", fresh.linear(width, width))
        .child("key", fresh.linear(width, width))
        .child("value", fresh.linear(width, width))
        .child("out", fresh.linear(width, width))
        .child("classifier", fresh.linear(width, outputs))
        .constant("dropout", architecture.dropout())
        .constant("heads", (long) MilOptions.TextGuided.HEADS)
        .constant("window", (long) FOCUS_WINDOW)
        .constant("chunk", (long) FOCUS_CHUNK)
        .constant("most", (long) mostTiles)
        .constant("similarity", FOCUS_SIMILARITY);
  }

  private ScriptNode shazam(List<Integer> widths) {
    List<ScriptNode> teachers = new ArrayList<>();
    int from = 0;
    for (int width : widths) {
      teachers.add(
          ScriptNode.of("Teacher")
              .child("project", fresh.linear(width, hidden))
              .child("embed", fresh.linear(hidden, hidden))
              .child("attention_in", fresh.linear(hidden, architecture.attention()))
              .child("attention_out", fresh.linearWithoutBias(architecture.attention(), 1))
              .constant("first", (long) from)
              .constant("end", (long) from + width)
              .constant("dropout", architecture.dropout()));
      from += width;
    }
    int encoders = widths.size();
    return ScriptNode.of("Shazam")
        .children("teachers", teachers)
        .child("gate_in", fresh.linear(encoders * hidden, SHAZAM_GATE))
        .child("gate_norm", fresh.layerNorm(SHAZAM_GATE))
        .child("gate_out", fresh.linear(SHAZAM_GATE, encoders))
        .child("mixture_norm", fresh.layerNorm(hidden))
        .children(
            "blocks", IntStream.range(0, SHAZAM_LAYERS).mapToObj(i -> teacherAttention()).toList())
        .child("head_in", fresh.linear(hidden, hidden))
        .child("head_norm", fresh.layerNorm(hidden))
        .child("head_out", fresh.linear(hidden, outputs));
  }

  private ScriptNode teacherAttention() {
    return ScriptNode.of("TeacherAttention")
        .child("query", fresh.linear(hidden, hidden))
        .child("key", fresh.linear(hidden, hidden))
        .child("value", fresh.linear(hidden, hidden))
        .child("out", fresh.linear(hidden, hidden))
        .child("norm", fresh.layerNorm(hidden))
        .constant("scale", 1 / Math.sqrt(hidden));
  }
}
