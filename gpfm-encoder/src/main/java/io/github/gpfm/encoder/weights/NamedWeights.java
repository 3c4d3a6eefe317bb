package io.github.gpfm.encoder.weights;

import io.github.gpfm.api.WeightsException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.LongStream;

/**
 * The tensors of a network's file, taken one by one: a tensor that is missing, of another shape, or
 * left over is an error that names it. Not thread-safe.
 */
public final class NamedWeights {
  private static final List<String> WRAPPERS = List.of("state_dict.", "model.", "module.");
  private static final String COUNTER = ".num_batches_tracked";
  private static final int NAMES_SHOWN = 5;

  private final String label;
  private final String network;
  private final Map<String, WeightTensor> tensors = new LinkedHashMap<>();
  private final TreeSet<String> left = new TreeSet<>();

  /**
   * @param network what the file is to be of, for messages, for instance {@code slide encoder
   *     'titan'}
   * @param roots what stands before the network's names where the file holds more than that;
   *     everything beside it is then of no concern. The first that is found counts; empty where the
   *     file is the network's alone
   */
  public NamedWeights(String network, WeightFile file, List<String> roots) {
    this.label = file.path().toString();
    this.network = network;
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
    left.addAll(tensors.keySet());
    left.removeIf(name -> name.endsWith(COUNTER));
  }

  private static String bare(String name) {
    for (String wrapper : WRAPPERS) {
      if (name.startsWith(wrapper)) {
        return bare(name.substring(wrapper.length()));
      }
    }
    return name;
  }

  /**
   * The tensor of that name in float32.
   *
   * @throws WeightsException if it is missing or of another shape
   */
  public WeightTensor take(String name, long... shape) {
    WeightTensor tensor = tensors.get(name);
    if (tensor == null) {
      throw unfit("it has no tensor '" + name + "'");
    }
    List<Long> expected = LongStream.of(shape).boxed().toList();
    if (!tensor.shape().equals(expected)) {
      throw unfit("'%s' is %s instead of %s".formatted(name, tensor.shape(), expected));
    }
    left.remove(name);
    return tensor.cast(DType.FLOAT32);
  }

  /**
   * To be called last.
   *
   * @param ignored beginnings of the names of tensors that the network does not need
   * @throws WeightsException if tensors are left over
   */
  public void requireNoOthers(List<String> ignored) {
    TreeSet<String> others = new TreeSet<>(left);
    others.removeIf(name -> ignored.stream().anyMatch(name::startsWith));
    if (!others.isEmpty()) {
      String shown = String.join(", ", others.stream().limit(NAMES_SHOWN).toList());
      throw unfit(
          "it has %d tensors more (%s%s)"
              .formatted(others.size(), shown, others.size() > NAMES_SHOWN ? ", …" : ""));
    }
  }

  private WeightsException unfit(String what) {
    return new WeightsException(
        "Weight file '%s' is not of %s: %s; give the authors' file."
            .formatted(label, network, what));
  }
}
