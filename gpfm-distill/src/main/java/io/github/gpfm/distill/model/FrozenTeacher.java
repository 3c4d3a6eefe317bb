package io.github.gpfm.distill.model;

import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.api.WeightsException;
import io.github.gpfm.distill.config.DistillConfig;
import io.github.gpfm.distill.config.HeadConfig;
import io.github.gpfm.encoder.script.ScriptNode;
import io.github.gpfm.encoder.vit.VitProgram;
import io.github.gpfm.encoder.vit.VitWeights;
import io.github.gpfm.encoder.weights.WeightFile;
import io.github.gpfm.encoder.weights.WeightTensor;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A pretrained network with its projection heads, usually larger than the student, that teaches the
 * DINO and iBOT terms and never changes (DINOv2's distillation, Oquab et al., section 5; H0-mini).
 * The momentum copy of the student goes on beside it: it is what is exported.
 */
final class FrozenTeacher {
  private static final Pattern IBOT = Pattern.compile("(?:teacher\\.)?ibot_head\\.(.+)");

  private final VitWeights weights;
  private final Map<String, WeightTensor> ibotHead;

  private FrozenTeacher(VitWeights weights, Map<String, WeightTensor> ibotHead) {
    this.weights = weights;
    this.ibotHead = ibotHead;
  }

  /**
   * Reads the teacher that a configuration names.
   *
   * @throws WeightsException if the file has no network in DINOv2's layout, or no head
   * @throws InvalidOptionException if the student's patches or prototypes are others
   */
  static FrozenTeacher open(DistillConfig config) {
    Path path = Path.of(config.recipe().frozenTeacher());
    WeightFile file = WeightFile.open(path);
    Map<String, WeightTensor> ibotHead = new LinkedHashMap<>();
    file.tensors()
        .forEach(
            (name, tensor) -> {
              Matcher matcher = IBOT.matcher(name);
              if (matcher.matches()) {
                ibotHead.put(matcher.group(1), tensor);
              }
            });
    FrozenTeacher teacher =
        new FrozenTeacher(VitWeights.of(file, OptionalInt.empty()), Map.copyOf(ibotHead));
    teacher.check(path, config);
    return teacher;
  }

  private void check(Path path, DistillConfig config) {
    int patch = config.student().patchSize();
    if (weights.config().patchSize() != patch) {
      throw new InvalidOptionException(
          "recipe.frozen-teacher '%s' has patches of %d pixels and the student of %d; set student.patch-size to %d."
              .formatted(path, weights.config().patchSize(), patch, weights.config().patchSize()));
    }
    if (weights.head().isEmpty()) {
      throw new WeightsException(
          "recipe.frozen-teacher '%s' has no tensors dino_head.*; give the checkpoint of its training, which has the heads."
              .formatted(path));
    }
    requirePrototypes(path, "self.head", config.self().head(), weights.head());
    if (config.self().ibotWeight() > 0) {
      boolean separate = config.self().separateIbotHead();
      if (separate && ibotHead.isEmpty()) {
        throw new WeightsException(
            "recipe.frozen-teacher '%s' has no tensors ibot_head.*; set self.separate-ibot-head to false."
                .formatted(path));
      }
      HeadConfig wanted = separate ? config.self().ibotHead() : config.self().head();
      if (!ibotHead.isEmpty()) {
        requirePrototypes(path, separate ? "self.ibot-head" : "self.head", wanted, ibotHead);
      }
    }
  }

  private static void requirePrototypes(
      Path path, String option, HeadConfig wanted, Map<String, WeightTensor> head) {
    @Nullable WeightTensor last = head.get("last_layer.weight_v");
    if (last == null || last.size(0) != wanted.prototypes()) {
      throw new InvalidOptionException(
          "recipe.frozen-teacher '%s' has a head of %s prototypes and %s.prototypes is %d; they must be equal."
              .formatted(path, last == null ? "no" : last.size(0), option, wanted.prototypes()));
    }
  }

  /** The network as a part of the step's program. */
  ScriptNode network() {
    return ScriptNode.of("Network")
        .child("backbone", VitProgram.node(weights.config(), weights.tensors()))
        .child("dino_head", VitProgram.head(weights.head()))
        .child("ibot_head", ibotHead.isEmpty() ? null : VitProgram.head(ibotHead));
  }
}
