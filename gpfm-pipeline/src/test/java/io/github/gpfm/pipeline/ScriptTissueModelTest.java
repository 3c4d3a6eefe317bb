package io.github.gpfm.pipeline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.api.TilingException;
import io.github.gpfm.api.WeightsException;
import io.github.gpfm.encoder.ComputeDevice;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files hold a network whose logit is 60 (red - green) - 8, written by PyTorch. */
class ScriptTissueModelTest {
  private static final ScriptTissueModel.Settings SETTINGS = ScriptTissueModel.Settings.of(32, 8);

  @TempDir Path folder;

  private static Path resource(String name) throws URISyntaxException {
    return Path.of(
        Objects.requireNonNull(ScriptTissueModelTest.class.getResource("/" + name)).toURI());
  }

  private static BufferedImage tile(int left, int right) {
    BufferedImage tile = new BufferedImage(32, 32, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < 32 * 32; i++) {
      tile.setRGB(i % 32, i / 32, i % 32 < 16 ? left : right);
    }
    return tile;
  }

  private static double expected(int rgb) {
    double logit = 60 * ((rgb >> 16 & 0xff) - (rgb >> 8 & 0xff)) / 255.0 - 8;
    return 1 / (1 + Math.exp(-logit));
  }

  @Test
  void oneChannelAndTwoClassesGiveTheSameProbabilities() throws URISyntaxException {
    List<BufferedImage> tiles = List.of(tile(0xf4f4f4, 0xc06090), tile(0xa08080, 0x402040));
    try (ScriptTissueModel one =
            ScriptTissueModel.open(resource("tissue-model.pt"), SETTINGS, ComputeDevice.cpu());
        ScriptTissueModel two =
            ScriptTissueModel.open(
                resource("tissue-model-two-classes.pt"), SETTINGS, ComputeDevice.cpu())) {
      List<float[]> answers = one.probabilities(tiles);
      assertEquals(2, answers.size());
      assertEquals(expected(0xf4f4f4), answers.get(0)[0], 1e-5);
      assertEquals(expected(0xc06090), answers.get(0)[31], 1e-5);
      assertEquals(expected(0xa08080), answers.get(1)[5 * 32], 1e-5);
      assertEquals(expected(0x402040), answers.get(1)[6 * 32 - 1], 1e-5);
      List<float[]> same = two.probabilities(tiles);
      for (int i = 0; i < 2; i++) {
        assertArrayEquals(answers.get(i), same.get(i), 1e-6f);
      }
      assertEquals("tissue-model.pt", one.name());
    }
  }

  @Test
  void whatIsNoModelIsRefused() throws IOException, URISyntaxException {
    Path text = Files.writeString(folder.resolve("model.pt"), "no model");
    for (Path bad : List.of(text, folder.resolve("none.pt"))) {
      WeightsException e =
          assertThrows(
              WeightsException.class,
              () -> ScriptTissueModel.open(bad, SETTINGS, ComputeDevice.cpu()));
      assertTrue(e.getMessage().contains(bad.toString()), e.getMessage());
    }
    assertThrows(InvalidOptionException.class, () -> ScriptTissueModel.Settings.of(32, 0));
    ScriptTissueModel.Settings third =
        new ScriptTissueModel.Settings(32, 8, SETTINGS.mean(), SETTINGS.standardDeviation(), 2);
    try (ScriptTissueModel model =
        ScriptTissueModel.open(
            resource("tissue-model-two-classes.pt"), third, ComputeDevice.cpu())) {
      List<BufferedImage> tiles = List.of(tile(0, 0));
      assertThrows(TilingException.class, () -> model.probabilities(tiles));
    }
  }
}
