package io.github.gpfm.distill.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.api.WeightsException;
import io.github.gpfm.distill.config.DistillConfig;
import io.github.gpfm.distill.config.DistillConfigs;
import io.github.gpfm.distill.expert.Expert;
import io.github.gpfm.encoder.weights.WeightFile;
import io.github.gpfm.encoder.weights.WeightTensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs with each recipe: killed and gone on with they are bit for bit the same. */
class RecipeRunTest {
  private static final Map<String, Expert> EXPERTS =
      Map.of("a", new GridExpert(6), "b", new GridExpert(8), "anchor", new GridExpert(10));

  private static final String A =
      "a: {kind: program, model: a, path: '', class-weight: 1.0, patch-weight: 0.5, normalize: false}";
  private static final String B =
      "b: {kind: program, model: b, path: '', class-weight: 0.5, patch-weight: 0.5, normalize: true}";
  private static final String ANCHOR =
      "anchor: {kind: program, model: c, path: '', class-weight: 0.0, patch-weight: 0.0, normalize: false}";

  @TempDir Path folder;

  private Map<String, String> changes(String recipe) {
    Map<String, String> changes = new LinkedHashMap<>();
    changes.put("experts", "{" + A + ", " + B + "}");
    changes.put("optim.epochs", "2");
    changes.put("train.checkpoint-every", "2");
    switch (recipe) {
      case "phi-s" -> {
        changes.put("recipe.standardize", "phi-s");
        changes.put("recipe.standardize-tiles", "30");
        changes.put("recipe.patch-loss", "{cosine: 0, smooth-l1: 0, squared: 1}");
        changes.put("recipe.global-sizes", "[56, 42]");
      }
      case "unic" -> {
        changes.put("recipe.ladder", "[1, 2]");
        changes.put("recipe.ladder-hidden", "12");
        changes.put("recipe.ladder-last-hidden", "20");
        changes.put("recipe.teacher-drop", "0.5");
        changes.put("recipe.class-loss", "{cosine: 0.5, smooth-l1: 0.5, squared: 0}");
        changes.put("distill.globals", "unmasked");
      }
      case "nested" -> changes.put("recipe.nested", "[4, 8, 16]");
      case "balanced" -> {
        changes.put("recipe.balance", "adaloss");
        changes.put("recipe.balance-momentum", "0.5");
        changes.put("train.shards", "2");
      }
      case "gram" -> {
        changes.put("experts", "{" + A + ", " + ANCHOR + "}");
        changes.put("recipe.gram-expert", "anchor");
        changes.put("recipe.teacher-drop", "0.0");
        changes.put("train.recompute", "true");
      }
      case "frozen" -> {
        changes.put("experts", "{}");
        changes.put("recipe.frozen-teacher", frozen().toString());
        changes.put("recipe.ibot-patches", "all");
        changes.put("masking.probability", "0.0");
      }
      default -> throw new IllegalArgumentException(recipe);
    }
    return changes;
  }

  /** A wider network with heads of as many prototypes, as a run exports it. */
  private Path frozen() {
    Path made = folder.resolve("larger");
    DistillConfig larger =
        TinyRuns.config(
            Map.of(
                "experts", "{}",
                "student.width", "48",
                "student.heads", "3",
                "student.registers", "2",
                "train.seed", "99"));
    try (Trainer trainer = new Trainer(larger, new RandomTiles(9, 64), Map.of(), made)) {
      return trainer.export("teacher").get(0);
    }
  }

  private List<Double> run(DistillConfig config, Path out, int stopAfter) {
    List<Double> objectives = new ArrayList<>();
    try (Trainer trainer = new Trainer(config, new RandomTiles(9, 64), EXPERTS, out)) {
      trainer.run(
          (done, total, result) -> {
            objectives.add(result.objective());
            if (objectives.size() == stopAfter) {
              trainer.stop();
            }
          });
    }
    return objectives;
  }

  private static Map<String, WeightTensor> last(Path out) {
    return new Checkpoints(out, 9).latest().orElseThrow().tensors();
  }

  @ParameterizedTest
  @ValueSource(strings = {"phi-s", "unic", "nested", "balanced", "gram", "frozen"})
  void stoppedAndGoneOnWithItIsBitEqual(String recipe) {
    DistillConfig config = TinyRuns.config(changes(recipe));
    Path whole = folder.resolve("whole");
    List<Double> expected = run(config, whole, -1);
    Path parts = folder.resolve("parts");
    List<Double> objectives = new ArrayList<>(run(config, parts, 3));
    objectives.addAll(run(config, parts, -1));
    assertEquals(config.totalSteps(), expected.size());
    assertEquals(expected, objectives);
    Map<String, WeightTensor> there = last(parts);
    last(whole)
        .forEach(
            (name, tensor) ->
                assertArrayEquals(
                    tensor.toBuffer().array(), there.get(name).toBuffer().array(), name));
    // What it does shows: the plain run of the same experts goes another way.
    Map<String, String> plain = changes(recipe);
    plain.keySet().removeIf(key -> key.startsWith("recipe."));
    if (recipe.equals("gram")) {
      plain.put("experts", "{" + A + "}");
    }
    assertFalse(expected.equals(run(TinyRuns.config(plain), folder.resolve("plain"), -1)), recipe);
  }

  /** The frozen teacher stays as its file is, and the momentum copy, which is exported, moves. */
  @Test
  void theExportIsTheStudentsMomentumCopy() {
    DistillConfig config = TinyRuns.config(changes("frozen"));
    Path out = folder.resolve("run");
    run(config, out, -1);
    Map<String, WeightTensor> state = last(out);
    assertEquals(
        state.get("student.backbone.norm.weight").shape(),
        state.get("teacher.backbone.norm.weight").shape());
    float[] exported =
        WeightFile.open(out.resolve("teacher.safetensors")).tensor("norm.weight").toFloats();
    assertArrayEquals(state.get("teacher.backbone.norm.weight").toFloats(), exported);
    assertEquals(config.student().width(), exported.length);
  }

  @Test
  void unfitFrozenTeachersAreRefusedByTheOptionToChange() {
    Map<String, String> changes = changes("frozen");
    changes.put("self.head.prototypes", "50");
    String prototypes =
        assertThrows(
                InvalidOptionException.class,
                () -> run(TinyRuns.config(changes), folder.resolve("a"), 1))
            .getMessage();
    assertTrue(prototypes.contains("48 prototypes and self.head.prototypes is 50"), prototypes);
    Map<String, String> headless = changes("frozen");
    headless.put(
        "recipe.frozen-teacher",
        folder.resolve("larger").resolve("teacher.safetensors").toString());
    String heads =
        assertThrows(
                WeightsException.class,
                () -> run(TinyRuns.config(headless), folder.resolve("b"), 1))
            .getMessage();
    assertTrue(heads.contains("dino_head"), heads);
  }

  /** A run whose folder has the standardization of another is not taught by that. */
  @Test
  void standardizationOfAnotherRunIsMadeAgain() throws IOException {
    DistillConfig config = TinyRuns.config(changes("phi-s"));
    Path first = folder.resolve("first");
    run(config, first, 1);
    Map<String, String> other = changes("phi-s");
    other.put("recipe.standardize", "isotropic");
    Path second = folder.resolve("second");
    Files.createDirectories(second);
    Files.copy(first.resolve(FirstPass.FILE), second.resolve(FirstPass.FILE));
    List<Double> mixed = run(TinyRuns.config(other), second, 2);
    assertEquals(run(TinyRuns.config(other), folder.resolve("third"), 2), mixed);
  }

  @ParameterizedTest
  @ValueSource(strings = {"phi-s", "unic", "shazam", "nested", "h0-mini", "gram"})
  void presetsTrainAtSmallSizes(String preset) {
    DistillConfig whole = DistillConfigs.preset(preset);
    Map<String, String> small = new LinkedHashMap<>();
    small.put("student.width", "32");
    small.put("student.depth", "4");
    small.put("student.heads", "2");
    for (String head : List.of("self.head", "self.ibot-head")) {
      small.put(head + ".prototypes", "48");
      small.put(head + ".hidden", "40");
      small.put(head + ".bottleneck", "16");
    }
    small.put("distill.head-bottleneck", "16");
    small.put("crops.global-size", "56");
    small.put("crops.local-size", "28");
    small.put("train.batch", "4");
    small.put("train.shards", "2");
    small.put("train.devices", "cpu");
    small.put("recipe.standardize-tiles", "8");
    if (!whole.recipe().ladder().isEmpty()) {
      small.put("recipe.ladder", "[1, 2, 3, 4]");
      small.put("recipe.ladder-hidden", "16");
      small.put("recipe.ladder-last-hidden", "16");
    }
    if (!whole.recipe().nested().isEmpty()) {
      small.put("recipe.nested", "[8, 16]");
    }
    if (!whole.recipe().globalSizes().isEmpty()) {
      small.put("recipe.global-sizes", "[56, 98]");
    }
    if (whole.recipe().hasFrozenTeacher()) {
      small.put("recipe.frozen-teacher", frozen().toString());
      small.put("self.separate-ibot-head", "false");
    }
    DistillConfig config = DistillConfigs.with(whole, small);
    Map<String, Expert> experts = new LinkedHashMap<>();
    config.experts().keySet().forEach(name -> experts.put(name, new GridExpert(7)));
    List<Double> objectives = new ArrayList<>();
    try (Trainer trainer =
        new Trainer(config, new RandomTiles(9, 112), experts, folder.resolve(preset))) {
      trainer.run(
          (done, total, result) -> {
            objectives.add(result.objective());
            if (done == 2) {
              trainer.stop();
            }
          });
    }
    assertEquals(2, objectives.size());
    assertTrue(objectives.stream().allMatch(Double::isFinite), objectives.toString());
  }
}
