package io.github.gpfm.encoder.catalog;

import io.github.gpfm.api.WeightsException;
import io.github.gpfm.encoder.weights.DType;
import io.github.gpfm.encoder.weights.ModelState;
import io.github.gpfm.encoder.weights.TensorData;
import io.github.gpfm.encoder.weights.WeightFile;
import io.github.gpfm.encoder.weights.WeightTensor;
import io.github.gpfm.support.Printable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The tensors of a file under the program's names, in the precision the program runs in. */
final class WeightBinding {
  /** So many names of each kind stand in an error message. */
  private static final int NAMES_SHOWN = 5;

  private static final String WRONG_TYPE =
      "Weight file '%s' holds tensor '%s' as %s, which networks do not compute with here; convert"
          + " the weights to F32, F16 or BF16.";
  private static final Logger LOG = LoggerFactory.getLogger(WeightBinding.class);

  private final Map<String, WeightTensor> tensors;

  WeightBinding(Map<String, WeightTensor> tensors) {
    this.tensors = Collections.unmodifiableMap(tensors);
  }

  /** Names and shapes of a file's tensors. */
  static Map<String, List<Long>> shapes(WeightFile file) {
    Map<String, List<Long>> shapes = new LinkedHashMap<>();
    file.tensors().forEach((name, tensor) -> shapes.put(name, tensor.shape()));
    return shapes;
  }

  /**
   * Binds a file to a model.
   *
   * @param state which of the networks in the file; empty for the preferred
   * @throws WeightsException naming the tensors at fault if the file is not exactly of the model
   */
  static WeightBinding of(ModelCard card, WeightFile file, Optional<String> state, DType dtype) {
    Map<String, List<Long>> fileShapes = shapes(file);
    WeightsReport report = card.check(fileShapes, state);
    Map<String, List<Long>> wanted = card.fittedTo(fileShapes, state).architecture().tensors();
    requireTypes(card, file, report);
    if (!report.fits()) {
      throw new WeightsException(
          "Weight file '%s' is not of model '%s': %s; 'gpfm models check' names the model a file is of."
              .formatted(file.path(), card.name(), Printable.of(report.describe(NAMES_SHOWN))));
    }
    if (!report.rivals().isEmpty()) {
      throw new WeightsException(
          "Weight file '%s' holds model '%s' more than once, as %s and %s; choose one of them (state)."
              .formatted(
                  file.path(),
                  card.name(),
                  report.state().describe(),
                  String.join(", ", report.rivals().stream().map(ModelState::describe).toList())));
    }
    say(card, file, report);
    Map<String, WeightTensor> tensors = new LinkedHashMap<>();
    report
        .sources()
        .forEach(
            (name, sources) -> {
              List<WeightTensor> parts =
                  sources.stream().map(source -> file.tensor(source).cast(dtype)).toList();
              WeightTensor whole = parts.size() == 1 ? parts.get(0) : concatenated(name, parts);
              Long[] shape = wanted.getOrDefault(name, whole.shape()).toArray(Long[]::new);
              tensors.put(name, whole.reshaped(shape));
            });
    return new WeightBinding(tensors);
  }

  /** Networks compute with floating-point weights of 16 bits or more. */
  private static void requireTypes(ModelCard card, WeightFile file, WeightsReport report) {
    for (List<String> names : report.sources().values()) {
      for (String name : names) {
        DType type = file.tensor(name).dtype();
        if (!type.isFloating()) {
          throw new WeightsException(WRONG_TYPE.formatted(file.path(), Printable.of(name), type));
        }
      }
    }
    file.unreadable()
        .forEach(
            (name, type) -> {
              if (report.state().local(name).filter(report.missing()::contains).isPresent()) {
                throw new WeightsException(
                    WRONG_TYPE.formatted(
                        file.path(), Printable.of(name), Printable.line(type, 100)));
              }
            });
  }

  /** Which of the file's networks was taken, and what of it the authors' own file has not. */
  private static void say(ModelCard card, WeightFile file, WeightsReport report) {
    ModelState state = report.state();
    if (state.kind() != ModelState.Kind.MODEL) {
      LOG.warn("Weights '{}': {} is taken.", file.path(), state.describe());
    } else if (!state.prefix().isEmpty()) {
      LOG.info("Weights '{}': {} is taken.", file.path(), state.describe());
    }
    List<String> names =
        report.ignored().stream()
            .filter(name -> !card.layout().isPublished(state.local(name).orElse(name)))
            .toList();
    if (!names.isEmpty()) {
      LOG.warn(
          "Weights '{}': {} tensors are not used: {}{}.",
          file.path(),
          names.size(),
          Printable.line(
              String.join(", ", names.subList(0, Math.min(NAMES_SHOWN, names.size()))), 400),
          names.size() > NAMES_SHOWN ? ", ..." : "");
    }
  }

  /** All tensors by program name. */
  Map<String, WeightTensor> tensors() {
    return tensors;
  }

  /** The tensors whose names begin with a prefix, by the rest of their names. */
  Map<String, WeightTensor> under(String prefix) {
    Map<String, WeightTensor> found = new LinkedHashMap<>();
    tensors.forEach(
        (name, tensor) -> {
          if (name.startsWith(prefix)) {
            found.put(name.substring(prefix.length()), tensor);
          }
        });
    return found;
  }

  /** The tensor with that program name in the shape the program wants. */
  WeightTensor get(String name) {
    WeightTensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new IllegalStateException("the architecture does not list " + name);
    }
    return tensor;
  }

  /** The tensor with that program name, or {@code null} if the architecture has none. */
  @Nullable WeightTensor optional(String name) {
    return tensors.get(name);
  }

  /** Tensors of equal type and row shape joined along the first axis, without copying. */
  private static WeightTensor concatenated(String name, List<WeightTensor> parts) {
    List<Long> shape = new ArrayList<>(parts.get(0).shape());
    shape.set(0, parts.stream().mapToLong(part -> part.size(0)).sum());
    long bytes = parts.stream().mapToLong(WeightTensor::byteSize).sum();
    TensorData data =
        new TensorData() {
          @Override
          public long size() {
            return bytes;
          }

          @Override
          public void read(long position, ByteBuffer target) throws IOException {
            long start = 0;
            long at = position;
            int end = target.limit();
            for (WeightTensor part : parts) {
              long within = at - start;
              if (within < part.byteSize() && target.position() < end) {
                int count = (int) Math.min(part.byteSize() - within, end - target.position());
                target.limit(target.position() + count);
                part.data().read(within, target);
                target.limit(end);
                at += count;
              }
              start += part.byteSize();
            }
          }
        };
    return new WeightTensor(name, parts.get(0).dtype(), shape, data);
  }
}
