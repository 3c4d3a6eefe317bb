package io.github.gpfm.distill.run;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import io.github.gpfm.api.WeightsException;
import io.github.gpfm.distill.model.ParameterLayout;
import io.github.gpfm.distill.model.ParameterSpec;
import io.github.gpfm.encoder.script.ScriptModule;
import io.github.gpfm.encoder.script.ScriptNode;
import io.github.gpfm.encoder.script.ScriptProgram;
import io.github.gpfm.encoder.script.ScriptSource;
import io.github.gpfm.encoder.script.Tensors;
import io.github.gpfm.encoder.vit.VitProgram;
import io.github.gpfm.encoder.weights.ModelState;
import io.github.gpfm.encoder.weights.WeightFile;
import io.github.gpfm.encoder.weights.WeightTensor;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Backbone weights to start a student from, whatever prefixes and block names the file uses. */
final class InitialWeights {
  private static final String POSITIONS = "pos_embed";
  private static final String BACKBONE =
      "(blocks|patch_embed|norm)\\..*|cls_token|pos_embed|register_tokens|mask_token";

  private static final ScriptSource RESIZE =
      VitProgram.source()
          .and(
              ScriptSource.of(
                  """
                  class Positions:
                    # The class position, and the square grid of the others resized to rows x rows.
                    def resize(self, table: Tensor, rows: Tensor) -> List[Tensor]:
                      side = side_of(table.size(1) - 1)
                      grid = table[:, 1:].reshape([1, side, side, table.size(2)])
                      fitted = resampled(grid, int(rows), int(rows), "antialias")
                      return [torch.cat([table[:, :1], fitted], 1)]
                  """));

  private InitialWeights() {}

  /**
   * The student's backbone, and its DINO head where the file has one of the same shape. A position
   * table of another square grid is resized bicubically with antialiasing, as timm does.
   *
   * @throws WeightsException if a backbone tensor is missing, of another shape, or not the
   *     student's
   */
  static Map<String, WeightTensor> read(Path file, ParameterLayout layout) {
    Map<String, WeightTensor> given = given(file, layout);
    Map<String, WeightTensor> found = new LinkedHashMap<>();
    for (ParameterSpec spec : layout.student()) {
      String name = plain(spec.name());
      WeightTensor tensor = given.remove(name);
      if (tensor != null && name.equals(POSITIONS)) {
        tensor = fitted(tensor, spec);
      }
      if (tensor != null && tensor.shape().equals(spec.shape())) {
        found.put(spec.name(), tensor.renamed(spec.name()));
      } else if (spec.module().endsWith(".backbone")) {
        throw new WeightsException(
            "Weight file '%s' has %s for '%s' where the student needs %s; adapt student.* or choose another file."
                .formatted(
                    file,
                    tensor == null ? "nothing" : tensor.describe(),
                    spec.localName(),
                    spec.shape()));
      }
    }
    for (String name : given.keySet()) {
      if (name.matches(BACKBONE)) {
        throw new WeightsException(
            "Weight file '%s' has '%s', which the student has not; adapt student.* (depth, registers, feed-forward, layer-scale) or choose another file."
                .formatted(file, name));
      }
    }
    return found;
  }

  /** The position table with the student's number of positions, if both grids are square. */
  private static WeightTensor fitted(WeightTensor table, ParameterSpec spec) {
    if (table.shape().equals(spec.shape())
        || table.shape().size() != 3
        || side(table.size(1)) == 0
        || table.size(2) != spec.shape().get(2)) {
      return table;
    }
    ScriptProgram program = new ScriptProgram(RESIZE, ScriptNode.of("Positions"));
    try (ScriptModule module = program.load(Device.cpu(), ScriptProgram.Mode.INFERENCE);
        NDManager scope = module.newScope()) {
      return Tensors.toTensor(
          table.name(),
          module
              .call(
                  scope,
                  "resize",
                  Tensors.toArray(scope, table),
                  scope.create(side(spec.shape().get(1))))
              .get(0));
    }
  }

  /** Edge of the square of all positions but the first; 0 if they are none. */
  private static long side(long positions) {
    long side = Math.round(Math.sqrt(positions - 1.0));
    return side * side == positions - 1 ? side : 0;
  }

  /** The file's tensors by the student's plain names: those of one backbone, and its heads. */
  private static Map<String, WeightTensor> given(Path file, ParameterLayout layout) {
    Map<String, WeightTensor> tensors = WeightFile.open(file).tensors();
    Set<String> wanted = new HashSet<>();
    layout.student().stream()
        .filter(spec -> spec.module().endsWith(".backbone"))
        .forEach(spec -> wanted.add(plain(spec.name())));
    ModelState state =
        ModelState.in(tensors.keySet(), wanted, Set.of()).stream()
            .findFirst()
            .orElse(new ModelState(""));
    Map<String, WeightTensor> given = new LinkedHashMap<>();
    tensors.forEach(
        (name, tensor) -> {
          String bare = ModelState.bare(name);
          Optional<String> local = state.local(name);
          if (local.isPresent()) {
            given.put(local.get(), tensor);
          } else if (bare.startsWith(state.parent())) {
            given.put(bare.substring(state.parent().length()), tensor);
          }
        });
    return given;
  }

  private static String plain(String name) {
    return ModelState.bare(name).replaceFirst("^student\\.", "").replaceFirst("^backbone\\.", "");
  }
}
