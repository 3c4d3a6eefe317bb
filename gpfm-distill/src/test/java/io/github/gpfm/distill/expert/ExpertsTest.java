package io.github.gpfm.distill.expert;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import io.github.gpfm.api.Embeddings;
import io.github.gpfm.api.Encoder;
import io.github.gpfm.api.EncoderException;
import io.github.gpfm.api.EncoderInfo;
import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.api.TokenOutput;
import io.github.gpfm.api.WeightsException;
import io.github.gpfm.distill.config.CropsConfig;
import io.github.gpfm.distill.config.DistillConfig;
import io.github.gpfm.distill.config.DistillConfigs;
import io.github.gpfm.distill.data.BlockMasks;
import io.github.gpfm.distill.data.CropBatch;
import io.github.gpfm.tiling.dataset.TileDataset;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The experts' tokens, in the order of the crops. */
class ExpertsTest {
  private static final int SIZE = 4;

  @TempDir Path folder;

  /** Value of every pixel of a channel of a crop; levels of 255 that survive rounding. */
  private static double level(int crop, int channel) {
    return 10 + 40 * crop + 7 * channel;
  }

  /** Two tiles, 5 and 2, whose crops are of one colour each, normalised. */
  private static CropBatch batch(CropsConfig crops) {
    float[] globals = new float[4 * 3 * SIZE * SIZE];
    for (int i = 0; i < globals.length; i++) {
      int plane = i / (SIZE * SIZE);
      double value = level(plane / 3, plane % 3) / 255;
      globals[i] = (float) ((value - crops.mean().get(plane % 3)) / crops.std().get(plane % 3));
    }
    BlockMasks.Collated masks =
        new BlockMasks.Collated(new boolean[4], new long[0], new float[0], 0);
    return new CropBatch(0, new int[] {5, 2}, globals, new float[0], masks);
  }

  private static CropsConfig crops() {
    String crops = "crops: {global-size: 4, local-size: 2}";
    return DistillConfigs.parse("test", "preset: tiny\nstudent: {patch-size: 2}\n" + crops).crops();
  }

  private Path script(String name) throws IOException {
    Path file = folder.resolve(name);
    try (InputStream in = ExpertsTest.class.getResourceAsStream(name)) {
      Files.copy(in, file);
    }
    return file;
  }

  @ParameterizedTest
  @ValueSource(strings = {"grid.pt", "rows.pt"})
  void scriptGivesClassAndPatchTokens(String name) throws IOException {
    CropBatch batch = batch(crops());
    try (ScriptExpert expert = new ScriptExpert(script(name), SIZE, Device.cpu())) {
      assertEquals(3, expert.dimension());
      assertTrue(expert.hasPatchTokens());
      ExpertTokens tokens = expert.tokens(batch, true);
      assertEquals(2, tokens.rows());
      assertEquals(2, tokens.columns());
      assertEquals(4 * 4 * 3, tokens.patchTokens().length);
      for (int crop = 0; crop < 4; crop++) {
        for (int channel = 0; channel < 3; channel++) {
          float mean = batch.globals()[(crop * 3 + channel) * SIZE * SIZE];
          assertEquals(mean, tokens.classTokens()[crop * 3 + channel], 1e-6f);
          // Patch tokens are twice the mean colour, plus the number of the patch.
          for (int patch = 0; patch < 4; patch++) {
            float found = tokens.patchTokens()[(crop * 4 + patch) * 3 + channel];
            assertEquals(2 * mean + patch, found, 1e-5f);
          }
        }
      }
      assertEquals(0, expert.tokens(batch, false).patchTokens().length);
    }
  }

  @Test
  void scriptsThatDoNotFitAreRefused() throws IOException {
    Path wrong = script("wrong.pt");
    String shape =
        assertThrows(EncoderException.class, () -> new ScriptExpert(wrong, SIZE, Device.cpu()))
            .getMessage();
    assertTrue(shape.contains(wrong.toString()) && shape.contains("class tokens"), shape);
    Path text = Files.writeString(folder.resolve("text.pt"), "no program");
    String damaged =
        assertThrows(WeightsException.class, () -> new ScriptExpert(text, SIZE, Device.cpu()))
            .getMessage();
    assertTrue(damaged.contains(text.toString()), damaged);
    Path none = folder.resolve("none.pt");
    String missing =
        assertThrows(WeightsException.class, () -> new ScriptExpert(none, SIZE, Device.cpu()))
            .getMessage();
    assertTrue(missing.contains(none.toString()), missing);
  }

  @Test
  void cacheGivesBothCropsTheirTilesToken() {
    Path file = folder.resolve("cache.safetensors");
    float[] tokens = new float[7 * 2];
    IntStream.range(0, tokens.length).forEach(i -> tokens[i] = i);
    CachedExpert.write(file, new Keys("a", 7), 2, tokens);
    CachedExpert expert = new CachedExpert(file, new Keys("a", 7));
    assertEquals(2, expert.dimension());
    assertFalse(expert.hasPatchTokens());
    assertArrayEquals(
        new float[] {10, 11, 4, 5, 10, 11, 4, 5},
        expert.tokens(batch(crops()), false).classTokens());
    for (Keys others : List.of(new Keys("b", 7), new Keys("a", 6))) {
      String message =
          assertThrows(InvalidOptionException.class, () -> new CachedExpert(file, others))
              .getMessage();
      assertTrue(message.contains(file.toString()), message);
    }
  }

  @Test
  void encoderSeesTheCropsAsPictures() {
    CropsConfig crops = crops();
    ColourEncoder encoder = new ColourEncoder();
    try (EncoderExpert expert = new EncoderExpert(encoder, crops)) {
      assertEquals(3, expert.dimension());
      assertTrue(expert.hasPatchTokens());
      ExpertTokens tokens = expert.tokens(batch(crops), true);
      float[] expected = new float[12];
      for (int i = 0; i < 12; i++) {
        expected[i] = (float) level(i / 3, i % 3);
      }
      assertArrayEquals(expected, tokens.classTokens());
      assertEquals(1, tokens.rows());
      assertEquals(2, tokens.columns());
      for (int i = 0; i < 24; i++) {
        assertEquals(expected[i / 6 * 3 + i % 3] + 1 + i / 3 % 2, tokens.patchTokens()[i]);
      }
      assertArrayEquals(expected, expert.tokens(batch(crops), false).classTokens());
    }
    assertTrue(encoder.closed);
  }

  @Test
  void expertsThatCannotBeOpenedAreNamed() {
    String yaml =
        """
        preset: tiny
        experts:
          mine: {kind: %s, model: mine, path: "%s", class-weight: 1, patch-weight: 0, normalize: false}
        """;
    for (Map.Entry<String, String> expert :
        List.of(Map.entry("catalogue", ""), Map.entry("program", "x"))) {
      DistillConfig config =
          DistillConfigs.parse("test", yaml.formatted(expert.getKey(), expert.getValue()));
      String message =
          assertThrows(InvalidOptionException.class, () -> Experts.open(config, new Keys("a", 1)))
              .getMessage();
      assertTrue(message.contains("'mine'"), message);
    }
  }

  /** A dataset of keys alone. */
  private record Keys(String prefix, int size) implements TileDataset {
    @Override
    public BufferedImage image(int i) {
      throw new UnsupportedOperationException();
    }

    @Override
    public String key(int i) {
      return prefix + i;
    }

    @Override
    public void close() {}
  }

  /** Class token: colour of the first pixel; two patch tokens: the same plus 1 and plus 2. */
  private static final class ColourEncoder implements Encoder {
    private boolean closed;

    @Override
    public EncoderInfo info() {
      return new EncoderInfo("colour", "colour", 3, SIZE, 2, SIZE, 0.5, "none", "00");
    }

    @Override
    public Embeddings embed(List<BufferedImage> images, TokenOutput output) {
      float[] classes = new float[images.size() * 3];
      float[] patches = new float[images.size() * 6];
      for (int i = 0; i < classes.length; i++) {
        classes[i] = images.get(i / 3).getRGB(0, 0) >> (16 - 8 * (i % 3)) & 255;
      }
      for (int i = 0; i < patches.length; i++) {
        patches[i] = classes[i / 6 * 3 + i % 3] + 1 + i / 3 % 2;
      }
      return output == TokenOutput.PATCH_TOKENS
          ? Embeddings.withPatchTokens(
              images.size(), 3, classes, new Embeddings.PatchGrid(1, 2, 3), patches)
          : Embeddings.of(images.size(), 3, classes);
    }

    @Override
    public CompletableFuture<Embeddings> embedAsync(List<BufferedImage> images) {
      return CompletableFuture.completedFuture(embed(images));
    }

    @Override
    public void close() {
      closed = true;
    }
  }
}
