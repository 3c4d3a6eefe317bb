package io.github.gpfm.distill.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.testkit.Misspellings;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Impossible configurations are refused by a sentence that names the option. */
class ConfigRulesTest {
  private static String refused(String yaml) {
    String message =
        assertThrows(InvalidOptionException.class, () -> DistillConfigs.parse("here", yaml))
            .getMessage();
    assertTrue(message.startsWith("here") && message.endsWith("."), message);
    assertEquals(1, message.lines().count(), message);
    return message;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "student: {depth: 0}|student.width, student.depth and student.heads must be positive",
        "student: {heads: 5}|student.heads (5) must divide student.width (96)",
        "student: {block-chunks: 3}|student.block-chunks (3) must be 0 or divide student.depth (4)",
        "student: {drop-path: 1.0}|student.drop-path must be in [0, 1)",
        "student: {patch-size: 0}|student.patch-size must be positive",
        "crops: {global-size: 85}|crops.global-size (85) must be a multiple of student.patch-size (14)",
        "crops: {local-size: 41}|crops.local-size (41) must be a multiple of student.patch-size (14)",
        "crops: {std: [1.0, 0.0, 1.0]}|crops.mean and crops.std must have three values, std positive",
        "crops: {local-scale-min: 0.0}|the crops' scales must satisfy 0 < min <= max <= 1",
        "self: {dino-weight: 0, ibot-weight: 0}|there is nothing to learn; give self.dino-weight, self.ibot-weight or an expert's weight",
        "masking: {ratio-min: 0.6}|masking.probability and the masking ratios must lie in [0, 1], ratio-min <= ratio-max",
        "experts: {a.b: {kind: cache, model: m, path: p, class-weight: 1, patch-weight: 0, normalize: false}}|expert name 'a.b' may have letters, digits and underscores only",
        "experts: {a: {kind: cache, model: m, path: p, class-weight: 0, patch-weight: 0, normalize: false}}|experts.a has no weight; give one or leave the expert out",
        "experts: {a: {kind: cache, model: m, path: p, class-weight: -1, patch-weight: 1, normalize: false}}|experts.a.class-weight must not be negative",
        "student: {registers: -1}|student.registers must not be negative",
        "student: {mlp-ratio: 0.001}|student.mlp-ratio (0.001) is too small",
        "student: {block-chunks: -2}|student.block-chunks (-2) must be 0 or divide student.depth (4)",
        "self: {student-temperature: 0}|self.student-temperature must be positive",
        "self: {head: {prototypes: 0}}|self.head.prototypes must be positive",
        "self: {centre-momentum: 1.5}|self.centre-momentum must be in [0, 1]",
        "optim: {clip-grad: -1}|optim.clip-grad must not be negative",
        "teacher: {momentum: 99.2}|teacher.momentum must be in [0, 1]",
        "teacher: {temperature: 0}|teacher.temperature must be positive",
        "crops: {local-count: -1}|crops.local-count must not be negative",
        "student: {width: 40000, heads: 4}|student.width, student.mlp-ratio or self.head make a tensor of more than 2 GB",
        "train: {batch: 100000}|the crops of train.batch / train.shards tiles are too many for one part; raise train.shards",
        "train: {epoch-length: 2000000000}|optim.epochs x train.epoch-length must be below 2^31 steps",
        "train: {shards: 3}|train.shards (3) must divide train.batch (16)",
        "train: {epoch-length: 0}|train.epoch-length and optim.epochs must be positive",
        "optim: {warmup-epochs: 21}|optim.warmup-epochs (21) must not exceed optim.epochs (20)",
        "train: {loader-threads: 0}|train.loader-threads must be positive",
        "train: {log-every: 0}|train.checkpoint-every, train.keep-checkpoints and train.log-every must be positive",
      })
  void everyRuleHasItsSentence(String change, String rule) {
    assertEquals("here: " + rule + ".", refused("preset: tiny\n" + change));
  }

  @Test
  void wrongKeysAndValuesAreNamed() {
    String unknown = refused("preset: tiny\noptim: {baselr: 3}");
    assertTrue(
        unknown.startsWith(
            "here, line 2: unknown option optim.baselr; did you mean 'base-lr'? Known here are"),
        unknown);
    String former = refused("preset: tiny\noptim: {base_lr: 3}");
    assertTrue(former.contains("optim.base_lr; did you mean 'base-lr'?"), former);
    String kind = refused("preset: tiny\noptim: {base-lr: fast}");
    assertEquals("here, line 2: optim.base-lr must be a number, not 'fast'.", kind);
    String flag = refused("preset: tiny\ntrain: {recompute: 3}");
    assertEquals("here, line 2: train.recompute must be true or false, not '3'.", flag);
    String choice = refused("preset: tiny\ntrain: {precision: half}");
    assertTrue(choice.contains("float32, bfloat16, float16"), choice);
    String torn = refused("preset: tiny\noptim: {base-lr: 3");
    assertTrue(torn.startsWith("here is not valid YAML (line 2: "), torn);
    String preset = refused("preset: large");
    assertTrue(preset.startsWith("here, line 1: There is no preset 'large'"), preset);
    String list = refused("preset: [tiny]");
    assertEquals("here, line 1: preset must be the name of a preset, not a list.", list);
    String missing = refused("optim: {epochs: 3}");
    assertEquals("here, line 1: student is missing.", missing);
    String twice = refused("preset: tiny\noptim: {epochs: 3}\noptim: {epochs: 4}");
    assertEquals("here, line 3: 'optim' is given twice, first in line 2; leave one out.", twice);
    assertTrue(refused("just words").contains("must be a section of options"));
  }

  static List<Misspellings.Case> misspelt() {
    String complete =
        "preset: tiny\n" + DistillConfigs.write(DistillConfigs.preset("official-vitl14"));
    return Misspellings.of(complete, "experts"::equals);
  }

  @ParameterizedTest
  @MethodSource
  void misspelt(Misspellings.Case mistake) {
    String message = refused(mistake.yaml());
    assertTrue(
        message.contains(mistake.wrong() + "; did you mean '" + mistake.key() + "'?"), message);
  }

  @Test
  void everyOptionCanBeMisspelt() {
    // The sections, their options, and three experts' six.
    assertTrue(misspelt().size() > 90, "cases " + misspelt().size());
  }

  @Test
  void anExpertIsReplacedAsAWhole() {
    String message = refused("preset: official\nexperts: {uni: {patch-weight: 3.0}}");
    assertEquals("here, line 2: experts.uni.kind is missing.", message);
    assertEquals(
        1,
        DistillConfigs.parse(
                "here",
                "preset: official\nexperts: {a: {kind: cache, model: m, path: p, class-weight: 1,"
                    + " patch-weight: 1e-1, normalize: no}}")
            .experts()
            .size());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "self.head=[1",
        "optim.nope=3",
        "optim.epochs=0",
        "student=4",
        "experts.x.path=f",
        "a.b=1"
      })
  void wrongChangesAreNamed(String change) {
    DistillConfig tiny = DistillConfigs.preset("tiny");
    String[] sides = change.split("=");
    String message =
        assertThrows(
                InvalidOptionException.class,
                () -> DistillConfigs.with(tiny, Map.of(sides[0], sides[1])))
            .getMessage();
    assertTrue(message.startsWith("--set") && message.contains(sides[0]), message);
    assertTrue(!message.contains("null"), message);
  }

  @Test
  void missingFilesAndPresetsAreNamed(@TempDir Path folder) {
    String missing = folder.resolve("none.yaml").toString();
    String message =
        assertThrows(InvalidOptionException.class, () -> DistillConfigs.read(missing)).getMessage();
    assertTrue(message.contains(missing) && message.contains("tiny"), message);
    String preset =
        assertThrows(InvalidOptionException.class, () -> DistillConfigs.preset("huge"))
            .getMessage();
    assertTrue(preset.contains("'huge'") && preset.contains("tiny"), preset);
  }

  @Test
  void everyPresetIsWrittenAndReadAgain() {
    for (String name : DistillConfigs.PRESETS) {
      DistillConfig preset = DistillConfigs.preset(name);
      assertEquals(preset, DistillConfigs.parse(name, DistillConfigs.write(preset)));
    }
    assertEquals(DistillConfigs.preset("official-vitl14"), DistillConfigs.read("official"));
    DistillConfig changed =
        DistillConfigs.with(DistillConfigs.preset("tiny"), Map.of("optim.base-lr", "1e-5"));
    assertEquals(1e-5, changed.optim().baseLr());
  }
}
