package io.github.gpfm.distill.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.distill.config.DistillConfig;
import io.github.gpfm.distill.config.DistillConfigs;
import io.github.gpfm.distill.expert.Expert;
import io.github.gpfm.encoder.weights.WeightFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Self-distillation, the experts, larger crops: one file, stopped anywhere, bit for bit the same.
 */
class PhasesTest {
  private static final String PHASES =
      """
      phases:
        - name: self
          experts: {}
        - name: experts
          optim: {base-lr: 0.005}
        - name: large
          experts:
            anchor: {kind: weights, model: anchor, path: previous, class-weight: 0.0, patch-weight: 0.0, normalize: false}
          crops: {global-size: 84}
          recipe: {gram-expert: anchor}
      """;

  @TempDir Path folder;

  private Phases phases(Path out) throws IOException {
    Path file = folder.resolve("run.yaml");
    Files.writeString(file, TinyRuns.YAML + PHASES);
    Map<String, String> shorter = Map.of("optim.epochs", "1", "optim.warmup-epochs", "0");
    return new Phases(DistillConfigs.phases(file.toString(), shorter), out);
  }

  /** Trains phase after phase until {@code stopAfter} steps in all have been done here. */
  private List<Double> run(Path out, int stopAfter) throws IOException {
    Phases phases = phases(out);
    List<Double> objectives = new ArrayList<>();
    for (int i = 0; i < phases.size(); i++) {
      DistillConfig config = phases.config(i);
      Map<String, Expert> experts = new HashMap<>(TinyRuns.experts());
      if (config.experts().containsKey("anchor")) {
        experts.put("anchor", new GridExpert(9));
      }
      try (Trainer trainer =
          new Trainer(config, new RandomTiles(9, 96), experts, phases.folder(i))) {
        trainer.run(
            (done, total, result) -> {
              objectives.add(result.objective());
              if (objectives.size() == stopAfter) {
                trainer.stop();
              }
            });
        if (trainer.done() < config.totalSteps()) {
          break;
        }
      }
    }
    return objectives;
  }

  @Test
  void goOnBitForBitFromAnyPhase() throws IOException {
    Path whole = folder.resolve("whole");
    List<Double> expected = run(whole, -1);
    assertEquals(12, expected.size());
    Path parts = folder.resolve("parts");
    List<Double> objectives = new ArrayList<>(run(parts, 2));
    objectives.addAll(run(parts, 4));
    objectives.addAll(run(parts, 4));
    objectives.addAll(run(parts, -1));
    assertEquals(expected, objectives);
    String last = "3-large/teacher.safetensors";
    assertArrayEquals(
        Files.readAllBytes(whole.resolve(last)), Files.readAllBytes(parts.resolve(last)));
  }

  /** A phase starts from the teacher of the one before, its heads included. */
  @Test
  void startFromTheTeacherBefore() throws IOException {
    Path out = folder.resolve("out");
    run(out, 4);
    Phases phases = phases(out);
    assertEquals(out.resolve("2-experts"), phases.folder(1));
    try (Trainer second =
        new Trainer(
            phases.config(1),
            new RandomTiles(9, 96),
            TinyRuns.experts(),
            folder.resolve("second"))) {
      second.export("start");
    }
    WeightFile before = WeightFile.open(out.resolve("1-self/teacher.pth"));
    WeightFile start = WeightFile.open(folder.resolve("second/start.pth"));
    assertTrue(before.tensors().keySet().stream().anyMatch(name -> name.contains("dino_head")));
    before
        .tensors()
        .forEach(
            (name, tensor) ->
                assertArrayEquals(tensor.toFloats(), start.tensor(name).toFloats(), name));
    Phases all = phases(out);
    assertEquals(
        out.resolve("2-experts").resolve("teacher.safetensors").toString(),
        all.config(2).experts().get("anchor").path());
  }

  @Test
  void aFileWithoutPhasesIsARunInTheFolder() throws IOException {
    Path file = folder.resolve("plain.yaml");
    Files.writeString(file, TinyRuns.YAML);
    Phases phases = new Phases(DistillConfigs.phases(file.toString(), Map.of()), folder);
    assertEquals(1, phases.size());
    assertEquals(folder, phases.folder(0));
    assertEquals(TinyRuns.config(), phases.config(0));
    assertEquals(1, DistillConfigs.phases("tiny", Map.of()).size());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "phases: []|a list of phases",
        "phases: {a: 1}|a list of phases",
        "phases: [{experts: {}}]|a name of their own",
        "phases: [{name: a}, {name: a}]|a name of their own",
        "phases: [{name: a/b}]|a name of their own",
        "phases: [{name: a, preset: tiny}]|the file's own preset",
        "phases: [{name: a, optim: {epocs: 1}}]|epocs"
      })
  void wrongPhasesAreRefusedByTheirPlace(String yaml, String said) throws IOException {
    Path file = folder.resolve("wrong.yaml");
    Files.writeString(file, "preset: tiny\n" + yaml + "\n");
    String message =
        assertThrows(
                InvalidOptionException.class,
                () -> DistillConfigs.phases(file.toString(), Map.of()))
            .getMessage();
    assertTrue(message.contains(said) && message.contains("wrong.yaml"), message);
  }
}
