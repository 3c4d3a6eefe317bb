package io.github.gpfm.distill.model;

import static io.github.gpfm.distill.model.RandomSteps.config;
import static io.github.gpfm.distill.model.RandomSteps.train;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.gpfm.distill.config.DistillConfig;
import io.github.gpfm.distill.config.DistillConfigs;
import io.github.gpfm.distill.config.ExpertConfig;
import io.github.gpfm.distill.model.RandomSteps.Outcome;
import io.github.gpfm.encoder.weights.WeightTensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the official presets do, and that each option for another behaviour changes it. */
class OptionsTest {
  private static final DistillConfig OFFICIAL = DistillConfigs.preset("official");

  @Test
  void theOfficialWeightsAreThePapers() {
    Map<String, List<Double>> weights = new LinkedHashMap<>();
    for (Map.Entry<String, ExpertConfig> e : OFFICIAL.experts().entrySet()) {
      weights.put(e.getKey(), List.of(e.getValue().classWeight(), e.getValue().patchWeight()));
    }
    assertEquals(
        Map.of(
            "uni", List.of(1.0, 0.25),
            "phikon", List.of(0.5, 0.125),
            "conch", List.of(1.0, 0.0)),
        weights);
    assertTrue(OFFICIAL.experts().get("conch").normalize());
  }

  @Test
  void conchsPatchTokensAreATermOnlyIfAsked() {
    String term = "distill_conch_patch_loss";
    assertTrue(!Terms.of(OFFICIAL).contains(term));
    Map<String, String> change = Map.of("experts.conch.patch-weight", "0.1");
    List<String> official = new ArrayList<>(Terms.of(OFFICIAL));
    List<String> asked = new ArrayList<>(Terms.of(DistillConfigs.with(OFFICIAL, change)));
    assertTrue(asked.remove(term));
    assertEquals(official, asked);
  }

  @Test
  void aPatchWeightScalesItsTerm() {
    String term = "distill_e_patch_loss";
    double half = first(config()).terms().get(term);
    double whole = first(config("experts.e.patch-weight=1.0")).terms().get(term);
    assertEquals(2 * half, whole, 1e-6);
    assertTrue(!first(config("experts.e.patch-weight=0.0")).terms().containsKey(term));
  }

  @Test
  void unmaskedExpertsAreAnotherObjective() {
    StepResult masked = train(config(), 1, 1).results().get(0);
    StepResult open = train(config("distill.globals=unmasked"), 1, 1).results().get(0);
    String patches = "distill_e_patch_loss";
    assertTrue(Math.abs(masked.terms().get(patches) - open.terms().get(patches)) > 1e-4);
    assertEquals(masked.terms().get("ibot_loss"), open.terms().get("ibot_loss"), 1e-6);
  }

  @Test
  void klIsAnotherLossOfTheClassTokensOnly() {
    StepResult cosine = first(config());
    StepResult kl = first(config("distill.class-loss=kl"));
    for (String term : cosine.terms().keySet()) {
      double difference = Math.abs(cosine.terms().get(term) - kl.terms().get(term));
      assertEquals(term.equals("distill_e_cls_loss"), difference > 1e-3, term);
    }
  }

  /** With a large epsilon AdamW's step follows the gradient's length, else only its direction. */
  @Test
  void theExpertsHeadsAreClippedOnlyIfAsked() {
    String[] tight = {"optim.clip-grad=0.001", "optim.epsilon=1.0"};
    String[] asked = {"optim.clip-grad=0.001", "optim.epsilon=1.0", "distill.clip-heads=true"};
    Outcome loose = train(config("optim.clip-grad=0.0", "optim.epsilon=1.0"), 1, 1);
    Outcome official = train(config(tight), 1, 1);
    Outcome clipped = train(config(asked), 1, 1);
    String head = "optim.exp_avg.distill_heads.e.mlp.weight";
    String backbone = "optim.exp_avg.student.backbone.blocks.0.attn.proj.weight";
    assertTrue(length(official, head) > 0.5 * length(loose, head));
    assertTrue(length(clipped, head) < 0.1 * length(official, head));
    assertTrue(length(official, backbone) < 0.1 * length(loose, backbone));
    assertEquals(length(official, backbone), length(clipped, backbone), 1e-6);
    assertEquals(
        official.results().get(0).gradientNorms(), clipped.results().get(0).gradientNorms());
  }

  @Test
  void koLeoSeeksItsNeighboursWithinAShard() {
    DistillConfig config = config("self.koleo-weight=0.1");
    Map<String, Double> whole = train(config, 1, 1).results().get(0).terms();
    Map<String, Double> shards = train(config, 2, 1).results().get(0).terms();
    for (String term : whole.keySet()) {
      double difference = Math.abs(whole.get(term) - shards.get(term));
      assertEquals(term.equals("koleo_loss"), difference > 1e-4, term);
    }
  }

  @Test
  void theLogHalvesKoLeoAndIbot() {
    StepResult result = first(config("self.koleo-weight=0.1"));
    double twice = result.terms().get("koleo_loss") + result.terms().get("ibot_loss");
    assertEquals(result.totalReported() + twice, result.objective(), 1e-5);
  }

  @Test
  void theLearningRateFollowsTheBatchUnlessToldNot() {
    int batch = OFFICIAL.train().batch();
    assertEquals(4e-4 * Math.sqrt(batch / 1024.0), OFFICIAL.optim().lr(batch), 1e-12);
    DistillConfig plain = DistillConfigs.with(OFFICIAL, Map.of("optim.scaling", "none"));
    assertEquals(4e-4, plain.optim().lr(batch));
  }

  /** CONCH's patch tokens are longer than its class token: they have a head of their own then. */
  @Test
  void patchTokensOfAnotherLengthHaveTheirOwnHead() {
    Map<String, Integer> classes = Map.of("uni", 1024, "phikon", 768, "conch", 512);
    Map<String, Integer> patches = Map.of("uni", 1024, "phikon", 768, "conch", 768);
    assertEquals(
        ParameterLayout.of(OFFICIAL, classes), ParameterLayout.of(OFFICIAL, classes, patches));
    DistillConfig asked =
        DistillConfigs.with(OFFICIAL, Map.of("experts.conch.patch-weight", "0.1"));
    ParameterLayout layout = ParameterLayout.of(asked, classes, patches);
    assertTrue(
        layout.modules().containsAll(List.of("distill_heads.conch", "distill_heads.conch_patch")));
    ParameterSpec last = layout.student().get(layout.student().size() - 1);
    assertEquals("distill_heads.conch_patch.last_layer.weight_v", last.name());
    assertEquals(List.of(768L, 256L), last.shape());
    DistillConfig only = DistillConfigs.with(asked, Map.of("experts.conch.class-weight", "0.0"));
    ParameterLayout patchOnly = ParameterLayout.of(only, classes, patches);
    assertTrue(!patchOnly.modules().contains("distill_heads.conch_patch"));
    last = patchOnly.student().get(patchOnly.student().size() - 1);
    assertEquals(List.of(768L, 256L), last.shape());
  }

  private static StepResult first(DistillConfig config) {
    return train(config, 1, 1).results().get(0);
  }

  private static double length(Outcome outcome, String name) {
    WeightTensor tensor = outcome.tensors().get(name);
    double sum = 0;
    for (float value : tensor.toFloats()) {
      sum += (double) value * value;
    }
    return Math.sqrt(sum);
  }
}
