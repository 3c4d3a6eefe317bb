package io.github.gpfm.examples.samples;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.gpfm.encoder.GpfmEncoder;
import io.github.gpfm.encoder.weights.WeightFile;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SamplesTest {
  @TempDir Path folder;

  private Path image(String name, int color) throws IOException {
    BufferedImage image = new BufferedImage(32, 32, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < 1024; i++) {
      image.setRGB(i % 32, i / 32, i % 7 < 3 ? color : 0xffffff);
    }
    Path file = folder.resolve(name);
    ImageIO.write(image, "png", file.toFile());
    return file;
  }

  @Test
  void aFolderBecomesFeaturesAndAnImageFindsItself() throws IOException {
    image("a.png", 0xaa2288);
    Path blue = image("b.png", 0x1122cc);
    image("c.png", 0x22aa33);
    Path out = folder.resolve("out.safetensors");
    EmbedFolder.main(new String[] {folder.toString(), out.toString()});
    WeightFile file = WeightFile.open(out);
    assertEquals("a.png\nb.png\nc.png", file.metadata().get("names"));
    float[] features = file.tensor("features").toFloats();
    int dimension = features.length / 3;
    try (GpfmEncoder encoder = GpfmEncoder.builder().build()) {
      assertArrayEquals(
          encoder.embed(EmbedFolder.read(blue)),
          Arrays.copyOfRange(features, dimension, 2 * dimension),
          1e-5f);
    }
    PrintStream before = System.out;
    ByteArrayOutputStream shown = new ByteArrayOutputStream();
    System.setOut(new PrintStream(shown, true, StandardCharsets.UTF_8));
    try {
      FindSimilar.main(new String[] {blue.toString(), folder.toString()});
    } finally {
      System.setOut(before);
    }
    String first = shown.toString(StandardCharsets.UTF_8).lines().findFirst().orElseThrow();
    assertTrue(first.startsWith("1.0000") && first.endsWith("b.png"), first);
  }
}
