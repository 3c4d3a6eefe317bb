package io.github.gpfm.distill.model;

import io.github.gpfm.distill.config.DistillConfig;
import io.github.gpfm.distill.config.ExpertConfig;
import io.github.gpfm.distill.config.LossMix;
import io.github.gpfm.distill.config.RecipeConfig;
import io.github.gpfm.distill.config.RecipeConfig.Balance;
import io.github.gpfm.encoder.script.ScriptNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The part of the step's program that {@code recipe.torchscript} has the methods of. */
final class RecipeProgram {
  private final DistillConfig config;
  private final Function<String, @Nullable ScriptNode> heads;

  /**
   * @param heads the head whose parameters' names begin so, {@code null} if there are none
   */
  RecipeProgram(DistillConfig config, Function<String, @Nullable ScriptNode> heads) {
    this.config = config;
    this.heads = heads;
  }

  /** The blocks of the ladder as the program takes them. */
  static @Nullable List<Long> ladder(DistillConfig config) {
    List<Integer> blocks = config.recipe().ladder();
    return blocks.isEmpty() ? null : blocks.stream().map(Integer::longValue).toList();
  }

  /** Where in the step's program a head's parameter is. */
  static String path(DistillConfig config, String module, String localName) {
    List<String> taught = List.copyOf(taught(config).keySet());
    String patchHead = ParameterLayout.PATCH_HEAD;
    for (int i = 0; i < taught.size(); i++) {
      String pupil = "recipe.pupils." + i + ".";
      String name = taught.get(i);
      List<Integer> widths = widths(config);
      for (int k = 0; k < widths.size(); k++) {
        String head = name + (k == 0 ? "" : ParameterLayout.NESTED + widths.get(k));
        if (module.equals(head)) {
          return pupil + "heads." + k + ".head." + localName;
        } else if (module.equals(head + patchHead)) {
          return pupil + "heads." + k + ".patch_head." + localName;
        }
      }
      if (module.equals(name + ParameterLayout.LADDER)) {
        String[] parts = localName.split("\\.", 3);
        int rung = config.recipe().ladder().indexOf(Integer.valueOf(parts[1]));
        return pupil + parts[0] + "_ladder.projectors." + rung + "." + parts[2];
      }
    }
    throw new IllegalStateException("no place for " + module);
  }

  ScriptNode node() {
    RecipeConfig recipe = config.recipe();
    List<ScriptNode> pupils = new ArrayList<>();
    taught(config).forEach((name, expert) -> pupils.add(pupil(name, expert)));
    return ScriptNode.of("Recipe")
        .children("pupils", pupils)
        .constant("teacher_drop", recipe.teacherDrop())
        .constant("balanced", recipe.balance() != Balance.NONE)
        .constant("gram", recipe.hasGram())
        .constant("gram_weight", recipe.gramWeight())
        .constant("gram_remove_negative", recipe.gramRemoveNegative());
  }

  /** The experts with a term of their own: the Gram term's may have none. */
  private static Map<String, ExpertConfig> taught(DistillConfig config) {
    Map<String, ExpertConfig> taught = new LinkedHashMap<>(config.experts());
    taught.values().removeIf(expert -> expert.classWeight() == 0 && expert.patchWeight() == 0);
    return taught;
  }

  /** How many values of a token each head reads, the whole first. */
  private static List<Integer> widths(DistillConfig config) {
    List<Integer> widths = new ArrayList<>();
    widths.add(config.student().width());
    widths.addAll(config.recipe().nested());
    return widths;
  }

  private ScriptNode pupil(String name, ExpertConfig expert) {
    String prefix = ParameterSpec.DISTILL_HEADS + name;
    List<ScriptNode> nested = new ArrayList<>();
    List<Integer> widths = widths(config);
    for (int k = 0; k < widths.size() && ladder(config) == null; k++) {
      String head = prefix + (k == 0 ? "" : ParameterLayout.NESTED + widths.get(k));
      nested.add(
          ScriptNode.of("NestedHead")
              .child("head", heads.apply(head + "."))
              .child("patch_head", heads.apply(head + ParameterLayout.PATCH_HEAD + "."))
              .constant("width", widths.get(k)));
    }
    ScriptNode node =
        ScriptNode.of("RecipePupil")
            .children("heads", nested)
            .child("class_ladder", projectors(prefix, ParameterLayout.CLASS_RUNG))
            .child("patch_ladder", projectors(prefix, ParameterLayout.PATCH_RUNG))
            .constant("class_weight", expert.classWeight())
            .constant("patch_weight", expert.patchWeight());
    mix(node, "class", config.recipe().classLoss());
    mix(node, "patch", config.recipe().patchLoss());
    return node;
  }

  private static void mix(ScriptNode node, String kind, LossMix mix) {
    node.constant(kind + "_cosine", mix.cosine())
        .constant(kind + "_smooth_l1", mix.smoothL1())
        .constant(kind + "_squared", mix.squared());
  }

  private @Nullable ScriptNode projectors(String prefix, String kind) {
    List<ScriptNode> projectors = new ArrayList<>();
    for (int block : config.recipe().ladder()) {
      ScriptNode projector = heads.apply(prefix + ParameterLayout.LADDER + kind + block + ".");
      if (projector != null) {
        projectors.add(projector);
      }
    }
    return projectors.isEmpty() ? null : ScriptNode.of("Ladder").children("projectors", projectors);
  }
}
