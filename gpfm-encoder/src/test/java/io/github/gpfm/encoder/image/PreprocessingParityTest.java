package io.github.gpfm.encoder.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.github.gpfm.encoder.weights.WeightFile;
import io.github.gpfm.encoder.weights.WeightTensor;
import io.github.gpfm.testkit.Fixtures;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class PreprocessingParityTest {
  private final Path folder = Fixtures.parity("preprocessing");

  private BufferedImage tile() throws IOException {
    JsonObject facts = Fixtures.json(folder.resolve("facts.json"));
    BufferedImage tile = ImageIO.read(folder.resolve(facts.get("png").getAsString()).toFile());
    long sum = 0;
    for (byte value : Pixels.of(tile).rgb()) {
      sum += value & 255;
    }
    assertEquals(facts.get("png_sum_of_rgb_bytes").getAsLong(), sum, "the picture itself");
    return tile;
  }

  @Test
  void resizedPixelsAreEqualForEveryImageType() throws IOException {
    WeightTensor expected =
        WeightFile.open(folder.resolve("expected.safetensors")).tensor("resized_rgb_u8");
    int size = (int) expected.size(0);
    Preprocessor preprocessor = new Preprocessor(Preprocessing.exact(size));
    BufferedImage tile = tile();
    assertArrayEquals(expected.toBuffer().array(), preprocessor.apply(tile));
    for (int type :
        new int[] {
          BufferedImage.TYPE_INT_RGB,
          BufferedImage.TYPE_INT_ARGB,
          BufferedImage.TYPE_3BYTE_BGR,
          BufferedImage.TYPE_4BYTE_ABGR,
          BufferedImage.TYPE_INT_BGR
        }) {
      BufferedImage copy = new BufferedImage(tile.getWidth() + 7, tile.getHeight() + 5, type);
      Graphics2D graphics = copy.createGraphics();
      graphics.drawImage(tile, 3, 2, null);
      graphics.dispose();
      // A view into a larger image, and the same as an image of its own.
      BufferedImage view = copy.getSubimage(3, 2, tile.getWidth(), tile.getHeight());
      assertArrayEquals(expected.toBuffer().array(), preprocessor.apply(view));
      BufferedImage own = new BufferedImage(tile.getWidth(), tile.getHeight(), type);
      Graphics2D plain = own.createGraphics();
      plain.drawImage(tile, 0, 0, null);
      plain.dispose();
      assertArrayEquals(expected.toBuffer().array(), preprocessor.apply(own));
    }
  }

  @Test
  void normalisedValuesAreEqual() throws IOException {
    WeightFile file = WeightFile.open(folder.resolve("expected.safetensors"));
    WeightTensor expected = file.tensor("normalized");
    int size = (int) expected.size(-1);
    Preprocessing preprocessing = Preprocessing.exact(size);
    byte[] rgb = new Preprocessor(preprocessing).apply(tile());
    float[] values = expected.toFloats();
    for (int channel = 0; channel < 3; channel++) {
      float mean = preprocessing.mean().get(channel).floatValue();
      float std = preprocessing.std().get(channel).floatValue();
      for (int i = 0; i < size * size; i++) {
        float value = ((rgb[i * 3 + channel] & 255) / 255f - mean) / std;
        assertTrue(Math.abs(value - values[channel * size * size + i]) <= 1e-6f);
      }
    }
  }
}
