package io.github.gpfm.encoder.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.gpfm.encoder.weights.WeightFile;
import io.github.gpfm.encoder.weights.WeightTensor;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Families that were run from their public code (DINOv2's repository, transformers, timm) with
 * random weights: their outputs lie in the test resources, the pictures follow from a formula.
 */
class ReferenceModelsTest {
  private static final Pattern NAME = Pattern.compile("(\\w+?)_(\\d+)x(\\d+)(?:_first\\d+)?");

  static Path folder(String name) throws URISyntaxException {
    return Path.of(
        Objects.requireNonNull(ReferenceModelsTest.class.getResource(name), name).toURI());
  }

  @AfterAll
  static void writeErrors() throws IOException {
    FamiliesParityTest.writeErrors();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "dinov2",
        "dinov2-giant",
        "dinov2-reg-giant",
        "midnight",
        "h-optimus-1",
        "kaiko-vits8",
        "kaiko-vitl14",
        "hibou-b",
        "conch-v1.5",
        "keep"
      })
  void outputsEqualThePublicCode(String name) throws URISyntaxException {
    FixtureModel model = FixtureModel.of(folder(name));
    WeightFile expected = WeightFile.open(folder(name).resolve("expected.safetensors"));
    assertEquals(FixtureModel.doubles(model.config(), "mean"), model.card().preprocessing().mean());
    assertEquals(FixtureModel.doubles(model.config(), "std"), model.card().preprocessing().std());
    try (FixtureNetwork network = new FixtureNetwork(model)) {
      for (WeightTensor tensor : expected.tensors().values()) {
        Matcher parts = NAME.matcher(tensor.name());
        assertTrue(parts.matches(), tensor.name());
        int rows = Integer.parseInt(parts.group(2));
        int columns = Integer.parseInt(parts.group(3));
        FixtureImages.Input input = FixtureImages.formula(rows, columns, model.config());
        FamiliesParityTest.assertClose(name, tensor, network.output(parts.group(1), input));
      }
    }
  }
}
