package io.github.gpfm.encoder.weights;

import io.github.gpfm.api.WeightsException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * How the tensors of a file differ from those a model needs.
 *
 * @param missing names the file lacks
 * @param extra names the model has no use for
 * @param misshaped one clause each, naming the tensor, its shape and the one needed
 */
public record WeightsCheck(List<String> missing, List<String> extra, List<String> misshaped) {
  /** Copies the lists. */
  public WeightsCheck {
    missing = List.copyOf(missing);
    extra = List.copyOf(extra);
    misshaped = List.copyOf(misshaped);
  }

  /**
   * Compares.
   *
   * @param expected shapes by name
   * @param found tensors by name
   */
  public static WeightsCheck compare(
      Map<String, List<Long>> expected, Map<String, WeightTensor> found) {
    List<String> missing = new ArrayList<>();
    List<String> misshaped = new ArrayList<>();
    expected.forEach(
        (name, shape) -> {
          WeightTensor tensor = found.get(name);
          if (tensor == null) {
            missing.add(name);
          } else if (!tensor.shape().equals(shape)) {
            misshaped.add("%s has shape %s, not %s".formatted(name, tensor.shape(), shape));
          }
        });
    List<String> extra = found.keySet().stream().filter(n -> !expected.containsKey(n)).toList();
    return new WeightsCheck(missing, extra, misshaped);
  }

  /** Whether nothing differs. */
  public boolean ok() {
    return missing.isEmpty() && extra.isEmpty() && misshaped.isEmpty();
  }

  /**
   * Does nothing if {@link #ok()}.
   *
   * @param file the weight file, for the message
   * @param model what it should be, for the message
   * @throws WeightsException naming every tensor that is missing, extra or of another shape
   */
  public void require(Object file, String model) {
    if (!ok()) {
      throw new WeightsException(
          "Weight file '%s' does not fit %s (%s); give the file of this model or name another model."
              .formatted(file, model, this));
    }
  }

  @Override
  public String toString() {
    List<String> parts = new ArrayList<>();
    add(parts, "missing", missing);
    add(parts, "extra", extra);
    add(parts, "wrong shape", misshaped);
    return parts.isEmpty() ? "all tensors as expected" : String.join("; ", parts);
  }

  private static void add(List<String> parts, String what, Collection<String> names) {
    if (!names.isEmpty()) {
      parts.add(what + ": " + String.join(", ", names));
    }
  }
}
