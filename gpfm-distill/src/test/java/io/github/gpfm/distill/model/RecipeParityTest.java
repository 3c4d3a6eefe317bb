package io.github.gpfm.distill.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.github.gpfm.distill.config.DistillConfig;
import io.github.gpfm.distill.config.DistillConfigs;
import io.github.gpfm.encoder.weights.WeightTensor;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A step of each recipe: terms, objective and gradients are those of the reference. */
class RecipeParityTest {
  /** Sums of some thousand float32 values in another order. */
  private static final double TOLERANCE = 2e-5;

  private static final String GRAM =
      "{anchor: {kind: program, model: anchor, path: '', class-weight: 0.0, patch-weight: 0.0, normalize: false}}";

  private final RecipeFixture fixture = new RecipeFixture();

  @TempDir Path folder;

  private DistillConfig config(String name) {
    Map<String, String> changes = new HashMap<>();
    switch (name) {
      case "nested" ->
          changes.put("recipe.nested", fixture.expected(name).get("nested").toString());
      case "shazam" -> {
        changes.put("recipe.class-loss", "{cosine: 1.0, smooth-l1: 1.0, squared: 0.0}");
        changes.put("experts.a.patch-weight", "0.0");
        changes.put("experts.b.patch-weight", "0.0");
      }
      case "gram", "gram-positive" -> {
        changes.put("experts", GRAM);
        changes.put("recipe.gram-expert", "anchor");
        changes.put("recipe.gram-weight", "2.0");
        changes.put(
            "recipe.gram-remove-negative",
            fixture.expected(name).get("remove_negative").getAsString());
      }
      case "unic" -> {
        JsonObject expected = fixture.expected(name);
        changes.put("recipe.class-loss", "{cosine: 0.5, smooth-l1: 0.5, squared: 0.0}");
        changes.put("recipe.patch-loss", "{cosine: 0.5, smooth-l1: 0.5, squared: 0.0}");
        changes.put("recipe.ladder", expected.get("ladder").toString());
        changes.put("recipe.ladder-hidden", expected.get("hidden").getAsString());
        changes.put("recipe.ladder-last-hidden", expected.get("last_hidden").getAsString());
        changes.put("recipe.teacher-drop", expected.get("drop").getAsString());
        for (String weight : new String[] {"a.class", "a.patch", "b.class", "b.patch"}) {
          changes.put("experts." + weight + "-weight", "0.5");
        }
      }
      case "h0mini" -> {
        String head = "{prototypes: 40, layers: 3, hidden: 36, bottleneck: 16}";
        changes.put("experts", "{}");
        changes.put("self.dino-weight", "1.0");
        changes.put("self.ibot-weight", "1.0");
        changes.put("self.head", head);
        changes.put("self.separate-ibot-head", "true");
        changes.put("self.ibot-head", head);
        changes.put("recipe.frozen-teacher", fixture.writeFrozenTeacher(folder).toString());
        changes.put("recipe.ibot-patches", "all");
      }
      default -> throw new IllegalArgumentException(name);
    }
    return fixture.config(changes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"nested", "shazam", "gram", "gram-positive", "unic", "h0mini"})
  void stepIsTheReference(String name) {
    JsonObject expected = fixture.expected(name);
    RecipeFixture.Outcome outcome = fixture.run(name, config(name), false);
    JsonObject terms = expected.getAsJsonObject("terms");
    if (terms.has("total")) {
      double sum = outcome.terms().values().stream().mapToDouble(Double::doubleValue).sum();
      assertEquals(terms.get("total").getAsDouble(), sum, TOLERANCE);
    } else {
      assertEquals(terms.keySet(), outcome.terms().keySet());
      // What is logged of iBOT is half of what is differentiated.
      outcome
          .terms()
          .forEach(
              (term, value) ->
                  assertEquals(
                      terms.get(term).getAsDouble(),
                      term.equals("ibot_loss") ? 2 * value : value,
                      TOLERANCE,
                      term));
    }
    assertEquals(expected.get("objective").getAsDouble(), outcome.objective(), TOLERANCE);
    JsonObject norms = expected.getAsJsonObject("norms");
    for (String module : norms.keySet()) {
      double norm = norms.get(module).getAsDouble();
      assertEquals(norm, outcome.norm(module), TOLERANCE * (1 + norm), module);
    }
    int checked = 0;
    for (Map.Entry<String, WeightTensor> entry : fixture.data.tensors().entrySet()) {
      if (entry.getKey().startsWith(name + "/g/")) {
        String parameter = entry.getKey().substring(name.length() + 3);
        float[] gradient = outcome.gradients().get(parameter);
        assertArrayEquals(entry.getValue().toFloats(), gradient, (float) TOLERANCE, parameter);
        checked++;
      }
    }
    assertTrue(checked > 0 || name.startsWith("gram"), "gradients " + checked);
  }

  /** Each deliberate mistake must fail the check that the right step passes. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "nested|recipe.nested=[]",
        "nested|recipe.nested=[4]",
        "shazam|recipe.class-loss={cosine: 1.0, smooth-l1: 0.0, squared: 0.0}",
        "shazam|recipe.class-loss={cosine: 1.0, smooth-l1: 0.0, squared: 1.0}",
        "gram|recipe.gram-remove-negative=true",
        "gram|recipe.gram-weight=1.0",
        "unic|recipe.teacher-drop=0.0",
        "unic|recipe.teacher-drop=1.0",
        "unic|recipe.ladder=[3]",
        "unic|recipe.ladder=[2, 3]",
        "h0mini|recipe.frozen-teacher=",
        "h0mini|self.pairing=same",
      })
  void mistakesAreSeen(String name, String mistake) {
    String[] parts = mistake.split("=", 2);
    Map<String, String> change = new HashMap<>();
    change.put(parts[0], parts[1].isEmpty() ? "''" : parts[1]);
    if (parts[0].equals("recipe.frozen-teacher")) {
      change.put("recipe.ibot-patches", "masked");
    }
    DistillConfig wrong = DistillConfigs.with(config(name), change);
    double objective = fixture.run(name, wrong, false).objective();
    double right = fixture.expected(name).get("objective").getAsDouble();
    assertTrue(Math.abs(right - objective) > 10 * TOLERANCE, mistake + " goes unnoticed");
  }

  /** The other expert is dropped. */
  @Test
  void droppingTheWrongTermIsSeen() {
    double objective = fixture.run("unic", config("unic"), true).objective();
    double right = fixture.expected("unic").get("objective").getAsDouble();
    assertTrue(Math.abs(right - objective) > 10 * TOLERANCE);
  }
}
