package io.github.gpfm.eval.roi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.gpfm.api.Embeddings;
import io.github.gpfm.api.Encoder;
import io.github.gpfm.api.EncoderInfo;
import io.github.gpfm.api.TokenOutput;
import io.github.gpfm.eval.EvaluationException;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderProbeTest {
  @TempDir Path folder;

  /** The mean color and nothing else, or the same for every image. */
  private record MeanColor(boolean blind) implements Encoder {
    @Override
    public EncoderInfo info() {
      return EncoderInfo.builder("mean", 3)
          .architecture("mean color")
          .inputSize(8)
          .license("none")
          .weightsSha256("0".repeat(64))
          .build();
    }

    @Override
    public Embeddings embed(List<BufferedImage> images, TokenOutput output) {
      float[] values = new float[3 * images.size()];
      for (int i = 0; i < images.size(); i++) {
        BufferedImage image = images.get(i);
        for (int p = 0; p < 64; p++) {
          int rgb = blind ? 0x808080 : image.getRGB(p % 8, p / 8);
          for (int c = 0; c < 3; c++) {
            values[3 * i + c] += (rgb >> 8 * c & 255) / 64f - 2;
          }
        }
      }
      return Embeddings.of(images.size(), 3, values);
    }

    @Override
    public void close() {}
  }

  /** Noisy tiles whose mean is red in one class and blue in the other. */
  private static void tiles(Path root, int count, long seed) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    for (String name : List.of("benign", "tumor")) {
      Files.createDirectories(root.resolve(name));
      for (int i = 0; i < count; i++) {
        BufferedImage image = new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB);
        for (int p = 0; p < 64; p++) {
          int high = 150 + random.nextInt(100);
          int low = random.nextInt(150);
          image.setRGB(p % 8, p / 8, name.equals("benign") ? high << 16 | low : low << 16 | high);
        }
        ImageIO.write(image, "png", root.resolve(name).resolve(i + ".png").toFile());
      }
    }
  }

  @Test
  void featuresThatTellTheClassesApartScoreOneAndBlindOnesAHalf() throws IOException {
    tiles(folder, 40, 1);
    FolderProbe probe = FolderProbe.of(folder, 7);
    Map<String, Double> figures = probe.evaluate(new MeanColor(false));
    assertEquals(Map.of("knn20_balanced_accuracy", 1.0, "linear_balanced_accuracy", 1.0), figures);
    assertEquals(figures, probe.evaluate(new MeanColor(false)));
    probe
        .evaluate(new MeanColor(true))
        .forEach((name, value) -> assertEquals(0.5, value, 1e-12, name));
  }

  @Test
  void aGivenDivisionIsKept() throws IOException {
    tiles(folder.resolve("train"), 30, 1);
    tiles(folder.resolve("test"), 5, 2);
    FolderProbe probe = FolderProbe.of(folder, 7);
    assertEquals(70, probe.size());
    assertEquals(1.0, probe.evaluate(new MeanColor(false)).get("linear_balanced_accuracy"));
  }

  @Test
  void foldersThatCannotBeComparedAreRefused() throws IOException {
    tiles(folder.resolve("train"), 10, 1);
    tiles(folder.resolve("test"), 10, 2);
    Files.move(folder.resolve("test/tumor"), folder.resolve("test/tumour"));
    String other =
        assertThrows(EvaluationException.class, () -> FolderProbe.of(folder, 1)).getMessage();
    assertTrue(other.contains("tumour") && other.contains("both must have the same"), other);
    tiles(folder.resolve("few"), 2, 3);
    String few =
        assertThrows(EvaluationException.class, () -> FolderProbe.of(folder.resolve("few"), 1))
            .getMessage();
    assertTrue(few.contains("each class needs at least 10"), few);
  }
}
