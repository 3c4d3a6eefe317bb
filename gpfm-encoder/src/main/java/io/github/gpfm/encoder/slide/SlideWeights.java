package io.github.gpfm.encoder.slide;

import io.github.gpfm.api.WeightsException;
import io.github.gpfm.encoder.script.ScriptNode;
import io.github.gpfm.encoder.vit.VitProgram;
import io.github.gpfm.encoder.weights.DType;
import io.github.gpfm.encoder.weights.WeightFile;
import io.github.gpfm.encoder.weights.WeightTensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.LongStream;

/**
 * The tensors of a slide encoder's file, taken one by one: a tensor that is missing, of another
 * shape, or left over is an error that names it.
 */
final class SlideWeights {
  private static final List<String> WRAPPERS = List.of("state_dict.", "model.", "module.");
  private static final int NAMES_SHOWN = 5;

  private final String label;
  private final String model;
  private final Map<String, WeightTensor> tensors = new LinkedHashMap<>();
  private final Map<String, WeightTensor> used = new LinkedHashMap<>();

  /**
   * @param roots what stands before the slide encoder's names where the file holds more than that;
   *     everything beside it is then of no concern
   */
  SlideWeights(String model, WeightFile file, List<String> roots) {
    this.label = file.path().toString();
    this.model = model;
    Map<String, WeightTensor> bare = new LinkedHashMap<>();
    file.tensors().forEach((name, tensor) -> bare.put(bare(name), tensor));
    String root =
        roots.stream()
            .filter(r -> bare.keySet().stream().anyMatch(name -> name.startsWith(r)))
            .findFirst()
            .orElse("");
    bare.forEach(
        (name, tensor) -> {
          if (name.startsWith(root)) {
            tensors.put(name.substring(root.length()), tensor);
          }
        });
  }

  private static String bare(String name) {
    for (String wrapper : WRAPPERS) {
      if (name.startsWith(wrapper)) {
        return bare(name.substring(wrapper.length()));
      }
    }
    return name;
  }

  /** The tensor of that name in float32. */
  WeightTensor take(String name, long... shape) {
    WeightTensor tensor = tensors.get(name);
    if (tensor == null) {
      throw unfit("it has no tensor '" + name + "'");
    }
    List<Long> expected = LongStream.of(shape).boxed().toList();
    if (!tensor.shape().equals(expected)) {
      throw unfit("'%s' is %s instead of %s".formatted(name, tensor.shape(), expected));
    }
    used.put(name, tensor);
    return tensor.cast(DType.FLOAT32);
  }

  boolean has(String name) {
    return tensors.containsKey(name);
  }

  /** A linear layer of {@code name.weight} and {@code name.bias}. */
  ScriptNode linear(String name, long out, long in) {
    return VitProgram.linear(
        Map.of(
            name + ".weight", take(name + ".weight", out, in),
            name + ".bias", take(name + ".bias", out)),
        name);
  }

  /** A linear layer that has no bias. */
  ScriptNode linearWithoutBias(String name, long out, long in) {
    return VitProgram.linear(Map.of(name + ".weight", take(name + ".weight", out, in)), name);
  }

  /** A layer norm of {@code name.weight} and {@code name.bias}. */
  ScriptNode norm(String name, long width, double eps) {
    return VitProgram.norm(
        Map.of(
            name + ".weight", take(name + ".weight", width),
            name + ".bias", take(name + ".bias", width)),
        name,
        eps);
  }

  /** Gated attention of one score a tile. */
  ScriptNode gatedAttention(String name, long width, long hidden) {
    return ScriptNode.of("GatedAttention")
        .child("a", linear(name + "attention_a.0", hidden, width))
        .child("b", linear(name + "attention_b.0", hidden, width))
        .child("c", linear(name + "attention_c", 1, hidden));
  }

  /**
   * To be called last.
   *
   * @param ignored beginnings of the names of tensors that the slide's feature does not need
   */
  void requireNoOthers(List<String> ignored) {
    TreeSet<String> left = new TreeSet<>(tensors.keySet());
    left.removeAll(used.keySet());
    left.removeIf(name -> ignored.stream().anyMatch(name::startsWith));
    if (!left.isEmpty()) {
      String shown = String.join(", ", left.stream().limit(NAMES_SHOWN).toList());
      throw unfit(
          "it has %d tensors more (%s%s)"
              .formatted(left.size(), shown, left.size() > NAMES_SHOWN ? ", …" : ""));
    }
  }

  private WeightsException unfit(String what) {
    return new WeightsException(
        "Weight file '%s' is not of slide encoder '%s': %s; give the authors' file."
            .formatted(label, model, what));
  }
}
