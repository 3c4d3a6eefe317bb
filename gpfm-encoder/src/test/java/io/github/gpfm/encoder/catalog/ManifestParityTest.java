package io.github.gpfm.encoder.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.gpfm.testkit.Fixtures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every key and shape of the full-size files is accepted, and every deviation is named. */
class ManifestParityTest {
  private static final ModelCatalog CATALOG = ModelCatalog.builtIn();

  /** A manifest's name for a model where it is not the catalogue's. */
  private static String cardName(String model) {
    return switch (model) {
      case "dinov2_vitl14_reg4" -> "dinov2-vitl14-reg";
      case "dinov2_vitg14_reg4" -> "dinov2-vitg14-reg";
      default -> model;
    };
  }

  @TestFactory
  Stream<DynamicTest> manifestsAreAcceptedExactly() throws IOException {
    List<Path> manifests;
    try (Stream<Path> files = Files.walk(Fixtures.parity("families"))) {
      manifests =
          files
              .filter(f -> f.getFileName().toString().matches("manifest.*\\.json"))
              .sorted()
              .toList();
    }
    assertFalse(manifests.isEmpty());
    return manifests.stream()
        .map(
            file ->
                DynamicTest.dynamicTest(
                    file.getParent().getFileName() + "/" + file.getFileName(),
                    () -> check(Fixtures.json(file))));
  }

  private static void check(JsonObject manifest) {
    Map<String, List<Long>> shapes = new LinkedHashMap<>();
    manifest
        .getAsJsonObject("tensors")
        .entrySet()
        .forEach(entry -> shapes.put(entry.getKey(), shape(entry.getValue())));
    ModelCard card = CATALOG.find(cardName(manifest.get("model").getAsString()));
    WeightsReport report = card.check(shapes);
    assertTrue(report.fits(), report.describe(20));
    JsonElement buffers = manifest.get("optional_buffers");
    if (buffers != null) {
      Map<String, List<Long>> more = new LinkedHashMap<>(shapes);
      buffers.getAsJsonObject().entrySet().forEach(e -> more.put(e.getKey(), shape(e.getValue())));
      assertTrue(card.check(more).fits(), card.check(more).describe(20));
    }
    identifiedForCertain(card, shapes);
    deviationsAreNamed(card, shapes, report);
  }

  private static void identifiedForCertain(ModelCard card, Map<String, List<Long>> shapes) {
    List<WeightsReport> fitting =
        CATALOG.identify(shapes).stream().takeWhile(WeightsReport::fits).toList();
    assertTrue(fitting.stream().anyMatch(report -> report.model().equals(card.name())));
    for (WeightsReport report : fitting) {
      // Two models of one structure, such as CTransPath and CHIEF, cannot be told apart by shapes.
      assertEquals(
          card.architecture().tensors(),
          CATALOG.find(report.model()).architecture().tensors(),
          report.model());
    }
  }

  /** Every used tensor is taken away, renamed and reshaped in turn. */
  private static void deviationsAreNamed(
      ModelCard card, Map<String, List<Long>> shapes, WeightsReport report) {
    List<String> used = report.sources().values().stream().flatMap(List::stream).toList();
    ModelCard fixed = card.withoutFileSizes();
    for (String key : used) {
      Map<String, List<Long>> changed = new LinkedHashMap<>(shapes);
      changed.remove(key);
      WeightsReport without = fixed.check(changed);
      assertEquals(List.of(key), without.missing(), key);
      assertEquals(1, without.problems(), key + ": " + without.describe(5));

      changed.put("unknown." + key, shapes.get(key));
      WeightsReport renamed = fixed.check(changed);
      assertEquals(List.of("unknown." + key), renamed.extra(), key);
      assertEquals(2, renamed.problems(), key + ": " + renamed.describe(5));

      Map<String, List<Long>> reshaped = new LinkedHashMap<>(shapes);
      List<Long> other = new ArrayList<>(shapes.get(key));
      other.set(other.size() - 1, other.get(other.size() - 1) + 1);
      reshaped.put(key, other);
      WeightsReport misShaped = fixed.check(reshaped);
      assertEquals(1, misShaped.problems(), key + ": " + misShaped.describe(5));
      assertEquals(key, misShaped.misShaped().get(0).name());
      assertEquals(shapes.get(key), misShaped.misShaped().get(0).expected());
    }
  }

  @Test
  void theGpfmCheckpointIsAcceptedExactly() {
    JsonObject manifest = Fixtures.json(Fixtures.parity("encoder/gpfm-vitl14-manifest.json"));
    Map<String, List<Long>> checkpoint = new LinkedHashMap<>();
    Map<String, List<Long>> flat = new LinkedHashMap<>();
    for (JsonElement element : manifest.getAsJsonArray("backbone")) {
      JsonObject tensor = element.getAsJsonObject();
      List<Long> shape = shape(tensor.get("shape"));
      checkpoint.put("teacher." + tensor.get("checkpoint_key").getAsString(), shape);
      flat.put(tensor.get("flat_key").getAsString(), shape);
    }
    ModelCard gpfm = CATALOG.find("gpfm");
    assertTrue(gpfm.check(checkpoint).fits(), gpfm.check(checkpoint).describe(20));
    assertTrue(gpfm.check(flat).fits(), gpfm.check(flat).describe(20));
  }

  private static List<Long> shape(JsonElement array) {
    List<Long> shape = new ArrayList<>();
    array.getAsJsonArray().forEach(size -> shape.add(size.getAsLong()));
    return shape;
  }
}
