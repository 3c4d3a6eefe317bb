package io.github.gpfm.encoder.catalog;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.gpfm.api.Embeddings;
import io.github.gpfm.api.TokenOutput;
import io.github.gpfm.api.WeightsException;
import io.github.gpfm.encoder.ComputeDevice;
import io.github.gpfm.encoder.GpfmEncoder;
import io.github.gpfm.encoder.image.Preprocessing;
import io.github.gpfm.encoder.weights.WeightFile;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From a name and a weight file to features, through the encoder that users get. */
class EncodersTest {
  @TempDir Path folder;

  /** The formula's picture as an image of the network's input size: preprocessing keeps it. */
  private static BufferedImage image(int b, int edge) {
    BufferedImage image = new BufferedImage(edge, edge, BufferedImage.TYPE_INT_RGB);
    for (int r = 0; r < edge; r++) {
      for (int c = 0; c < edge; c++) {
        int rgb = 0;
        for (int k = 0; k < 3; k++) {
          int value = 7 * r + 13 * c + 29 * k + 57 * b + r * c / 37 + 11 * (r / 16) * (c / 16);
          rgb = rgb << 8 | value % 256;
        }
        image.setRGB(c, r, rgb);
      }
    }
    return image;
  }

  private static ModelCard withInput(ModelCard card, int edge) {
    Preprocessing usual = card.preprocessing();
    return card.withPreprocessing(
        new Preprocessing(
            usual.resize(), edge, usual.interpolation(), edge, usual.mean(), usual.std()));
  }

  /** The card with the sizes of a small file. */
  private static ModelCard small(Path file) {
    return Encoders.find("midnight")
        .withSizesOf(WeightBinding.shapes(WeightFile.open(file)))
        .orElseThrow();
  }

  private Path midnight(String config) throws IOException, URISyntaxException {
    Path file = folder.resolve("model.safetensors");
    Files.copy(ReferenceModelsTest.folder("midnight").resolve("model.safetensors"), file);
    Files.writeString(folder.resolve("config.json"), config);
    return file;
  }

  @Test
  void theEncoderGivesTheAuthorsFeatureAndTokens() throws IOException, URISyntaxException {
    // The number of heads is not in the shapes; config.json beside the file states it.
    Path file = midnight("{\"num_attention_heads\": 3, \"layer_norm_eps\": 1e-6}");
    WeightFile expected =
        WeightFile.open(ReferenceModelsTest.folder("midnight").resolve("expected.safetensors"));
    float[] cls = expected.tensor("cls_140x140").toFloats();
    float[] both = expected.tensor("embedding_140x140").toFloats();
    float[] patches = expected.tensor("patch_tokens_140x140_first40").toFloats();
    ModelCard card = withInput(small(file), 140);
    List<BufferedImage> images = List.of(image(0, 140), image(1, 140));
    try (GpfmEncoder encoder = Encoders.builder(card, file).device(ComputeDevice.cpu()).build()) {
      assertEquals(24, encoder.info().dimension());
      assertEquals("midnight", encoder.info().name());
      assertArrayEquals(cls, encoder.embed(images).toArray(), 8e-6f);
      Embeddings joined = encoder.embed(images, TokenOutput.CLASS_AND_MEAN_PATCH_TOKEN);
      assertArrayEquals(both, joined.toArray(), 8e-6f);
      Embeddings all = encoder.embed(images, TokenOutput.PATCH_TOKENS);
      assertEquals(new Embeddings.PatchGrid(10, 10, 24), all.patchGrid().orElseThrow());
      float[] found = all.patchTokens(0);
      for (int i = 0; i < patches.length; i++) {
        assertEquals(patches[i], found[i], 4e-5f);
      }
    }
    ModelCard other = card.withFeature(Feature.CLASS_AND_MEAN_PATCH_TOKEN);
    try (GpfmEncoder encoder = Encoders.builder(other, file).device(ComputeDevice.cpu()).build()) {
      assertEquals(48, encoder.info().dimension());
      assertArrayEquals(both, encoder.embed(images).toArray(), 8e-6f);
      // The mean is not appended twice.
      TokenOutput joined = TokenOutput.CLASS_AND_MEAN_PATCH_TOKEN;
      assertEquals(48, encoder.dimension(joined));
      assertArrayEquals(both, encoder.embed(images, joined).toArray(), 8e-6f);
    }
  }

  @Test
  void aConfigurationThatContradictsTheFileIsNamed() throws IOException, URISyntaxException {
    Path file = midnight("{\"num_attention_heads\": 7}");
    WeightsException e =
        assertThrows(
            WeightsException.class, () -> Encoders.model(withInput(small(file), 140), file));
    assertTrue(e.getMessage().contains("config.json"), e.getMessage());
    assertTrue(e.getMessage().contains("heads 7 does not divide width 24"), e.getMessage());
  }

  @Test
  void aFileOfAnotherModelIsRefusedByTheNamesAtFault() throws URISyntaxException {
    Path file = ReferenceModelsTest.folder("h-optimus-1").resolve("model.safetensors");
    WeightsException e =
        assertThrows(WeightsException.class, () -> Encoders.model(Encoders.find("uni"), file));
    assertTrue(e.getMessage().contains(file.toString()), e.getMessage());
    assertTrue(e.getMessage().contains("reg_token"), e.getMessage());
    assertTrue(e.getMessage().contains("missing"), e.getMessage());
    assertTrue(e.getMessage().contains("of another shape"), e.getMessage());
  }
}
