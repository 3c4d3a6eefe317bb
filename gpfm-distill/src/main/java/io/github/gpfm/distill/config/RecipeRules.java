package io.github.gpfm.distill.config;

import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.distill.config.DistillTermsConfig.ClassLoss;
import io.github.gpfm.distill.config.RecipeConfig.IbotPatches;
import java.util.List;
import java.util.TreeSet;

/** What the section {@code recipe} must satisfy beyond its types. */
final class RecipeRules {
  private static final String MADE_UP_NAME = ".*_(nested\\d+|ladder)(_patch)?";

  private final String source;
  private final DistillConfig config;
  private final RecipeConfig recipe;

  private RecipeRules(String source, DistillConfig config) {
    this.source = source;
    this.config = config;
    this.recipe = config.recipe();
  }

  static void check(String source, DistillConfig config) {
    RecipeRules rules = new RecipeRules(source, config);
    rules.checkTerms();
    rules.checkProjectors();
    rules.checkTeachers();
    rules.checkSizes();
  }

  private void checkTerms() {
    require(recipe.standardizeTiles() > 0, "recipe.standardize-tiles must be positive");
    require(
        recipe.balanceMomentum() >= 0 && recipe.balanceMomentum() < 1,
        "recipe.balance-momentum must be in [0, 1)");
    require(
        recipe.teacherDrop() >= 0 && recipe.teacherDrop() <= 1,
        "recipe.teacher-drop must be in [0, 1]");
    checkMix("recipe.class-loss", recipe.classLoss());
    checkMix("recipe.patch-loss", recipe.patchLoss());
    require(
        !recipe.changesTerms() || config.distill().classLoss() == ClassLoss.COSINE,
        "distill.class-loss: kl goes with GPFM's own recipe only; set it to cosine and give recipe.class-loss");
    require(
        recipe.teacherDrop() == 0 || config.experts().size() > 1,
        "recipe.teacher-drop needs two experts or more");
  }

  private void checkMix(String option, LossMix mix) {
    require(
        mix.cosine() >= 0 && mix.smoothL1() >= 0 && mix.squared() >= 0,
        option + " must not have a negative weight");
    require(
        mix.cosine() + mix.smoothL1() + mix.squared() > 0,
        option + " has no weight; give cosine, smooth-l1 or squared one");
  }

  private void checkProjectors() {
    int depth = config.student().depth();
    rising("recipe.ladder", recipe.ladder(), depth);
    rising("recipe.nested", recipe.nested(), config.student().width() - 1);
    require(
        recipe.ladder().isEmpty() || recipe.ladder().contains(depth),
        "recipe.ladder must have the last block (%d), the one that is kept".formatted(depth));
    require(
        recipe.ladder().isEmpty() || !config.train().recompute(),
        "recipe.ladder needs the blocks' activations; set train.recompute to false");
    require(
        recipe.ladder().isEmpty() || recipe.nested().isEmpty(),
        "recipe.ladder and recipe.nested do not go together; leave one empty");
    require(
        recipe.ladderHidden() > 0 && recipe.ladderLastHidden() > 0,
        "recipe.ladder-hidden and recipe.ladder-last-hidden must be positive");
    for (String name : config.experts().keySet()) {
      require(
          !name.matches(MADE_UP_NAME),
          "expert name '%s' ends as the names of recipe heads do; choose another".formatted(name));
    }
  }

  private void rising(String option, List<Integer> values, int most) {
    require(
        values.equals(List.copyOf(new TreeSet<>(values)))
            && values.stream().allMatch(value -> value > 0 && value <= most),
        "%s must be rising numbers from 1 to %d".formatted(option, most));
  }

  private void checkTeachers() {
    require(recipe.gramWeight() > 0, "recipe.gram-weight must be positive");
    require(
        !recipe.hasGram() || config.experts().containsKey(recipe.gramExpert()),
        "recipe.gram-expert names '%s', which is not among the experts"
            .formatted(recipe.gramExpert()));
    require(
        !recipe.hasFrozenTeacher() || config.usesSelfDistillation(),
        "recipe.frozen-teacher teaches the DINO and iBOT terms; give self.dino-weight or self.ibot-weight");
    require(
        recipe.ibotPatches() == IbotPatches.MASKED || recipe.hasFrozenTeacher(),
        "recipe.ibot-patches: all needs recipe.frozen-teacher: a momentum teacher would see what the student sees");
  }

  private void checkSizes() {
    int patch = config.student().patchSize();
    for (int size : recipe.globalSizes()) {
      require(
          size > 0 && size % patch == 0,
          "recipe.global-sizes (%d) must be multiples of student.patch-size (%d)"
              .formatted(size, patch));
    }
  }

  private void require(boolean holds, String rule) {
    if (!holds) {
      throw new InvalidOptionException("%s: %s.".formatted(source, rule));
    }
  }
}
