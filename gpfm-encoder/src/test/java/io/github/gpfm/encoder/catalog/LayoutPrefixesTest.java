package io.github.gpfm.encoder.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Names as training code changes them, for every model of the catalogue; shapes alone are read. */
class LayoutPrefixesTest {
  private static final List<String> PREFIXES =
      List.of(
          "module.",
          "_orig_mod.",
          "backbone.",
          "teacher.backbone.",
          "encoder.",
          "trunk.",
          "module._orig_mod.backbone.",
          "state_dict.model.trunk.encoder.",
          "model.teacher.module._orig_mod.backbone.");

  static Stream<ModelCard> models() {
    return Encoders.catalog().cards().stream();
  }

  /** The file as the model's authors name it. */
  private static Map<String, List<Long>> authors(ModelCard card) {
    Map<String, List<Long>> file = new LinkedHashMap<>();
    card.architecture()
        .tensors()
        .forEach(
            (name, shape) -> {
              List<String> parts = card.layout().spellings(name).get(0);
              parts.forEach(
                  part -> file.put(part, card.layout().authorShape(name, shape, parts.size())));
            });
    return file;
  }

  @ParameterizedTest
  @MethodSource("models")
  void aTrainingCheckpointOfEveryLayoutFits(ModelCard card) {
    Map<String, List<Long>> plain = authors(card);
    for (String prefix : PREFIXES) {
      Map<String, List<Long>> file = new LinkedHashMap<>();
      plain.forEach((name, shape) -> file.put(prefix + name, shape));
      file.put(prefix + "classifier.weight", List.of(2L, 3L));
      file.put(prefix + "dino_head.mlp.0.weight", List.of(2L, 3L));
      file.put("optimizer.state.0.exp_avg", List.of(5L));
      file.put("epoch", List.of());
      WeightsReport report = card.check(file);
      assertTrue(report.fits(), () -> prefix + " " + report.describe(5));
      assertEquals(4, report.ignored().size(), prefix);
      assertTrue(report.rivals().isEmpty(), prefix);
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void theTeacherIsTakenInEveryLayout(ModelCard card) {
    Map<String, List<Long>> file = new LinkedHashMap<>();
    authors(card)
        .forEach(
            (name, shape) -> {
              file.put("model.student.backbone." + name, shape);
              file.put("model.teacher.backbone." + name, shape);
            });
    WeightsReport report = card.check(file);
    assertTrue(report.fits(), report.describe(5));
    assertEquals("model.teacher.backbone.", report.state().prefix());
    assertEquals(
        "model.student.backbone.", card.check(file, Optional.of("student")).state().prefix());
  }

  @ParameterizedTest
  @MethodSource("models")
  void whatIsMissingOrUnknownIsNoFit(ModelCard card) {
    Map<String, List<Long>> file = authors(card);
    String first = file.keySet().iterator().next();
    Map<String, List<Long>> more = new LinkedHashMap<>(file);
    more.put("adapter.down.weight", List.of(1L));
    assertFalse(card.check(more).fits());
    file.remove(first);
    assertFalse(card.check(file).fits());
  }
}
