package io.github.gpfm.distill.expert;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import io.github.gpfm.api.Embeddings;
import io.github.gpfm.api.Encoder;
import io.github.gpfm.api.EncoderException;
import io.github.gpfm.api.EncoderInfo;
import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.api.OutputException;
import io.github.gpfm.api.ProgressListener;
import io.github.gpfm.api.TokenOutput;
import io.github.gpfm.api.WeightsException;
import io.github.gpfm.distill.config.CropsConfig;
import io.github.gpfm.distill.config.DistillConfig;
import io.github.gpfm.distill.config.DistillConfigs;
import io.github.gpfm.distill.data.BlockMasks;
import io.github.gpfm.distill.data.CropBatch;
import io.github.gpfm.distill.data.CropGeometry;
import io.github.gpfm.tiling.dataset.TileDataset;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
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
    return batch(crops, Collections.nCopies(4, CropGeometry.WHOLE));
  }

  private static CropBatch batch(CropsConfig crops, List<CropGeometry> geometry) {
    float[] globals = new float[4 * 3 * SIZE * SIZE];
    for (int i = 0; i < globals.length; i++) {
      int plane = i / (SIZE * SIZE);
      double value = level(plane / 3, plane % 3) / 255;
      globals[i] = (float) ((value - crops.mean().get(plane % 3)) / crops.std().get(plane % 3));
    }
    BlockMasks.Collated masks =
        new BlockMasks.Collated(new boolean[4], new long[0], new float[0], 0);
    return new CropBatch(0, new int[] {5, 2}, globals, geometry, new float[0], masks);
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

  /** Ten tiles of one colour each, whose red tells the number. */
  private static TileDataset numbered(int count) {
    return new Keys("a", count) {
      @Override
      public BufferedImage image(int i) {
        BufferedImage image = new BufferedImage(SIZE, SIZE, BufferedImage.TYPE_INT_RGB);
        for (int p = 0; p < SIZE * SIZE; p++) {
          image.setRGB(p % SIZE, p / SIZE, i << 16 | 7);
        }
        return image;
      }
    };
  }

  @Test
  void cacheGivesBothCropsTheirTilesToken() {
    Path file = folder.resolve("cache.safetensors");
    int count = 70;
    TokenCache.write(file, numbered(count), new ColourEncoder(), false, ProgressListener.NONE);
    CachedExpert expert = new CachedExpert(file, new Keys("a", count));
    assertEquals(3, expert.dimension());
    assertFalse(expert.hasPatchTokens());
    assertArrayEquals(
        new float[] {5, 0, 7, 2, 0, 7, 5, 0, 7, 2, 0, 7},
        expert.tokens(batch(crops()), false).classTokens());
    for (Keys others : List.of(new Keys("b", count), new Keys("a", count - 1))) {
      String message =
          assertThrows(InvalidOptionException.class, () -> new CachedExpert(file, others))
              .getMessage();
      assertTrue(message.contains(file.toString()), message);
    }
    try (Stream<Path> left = Files.list(folder)) {
      assertEquals(List.of(file), left.toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aCacheThatDoesNotFitItsDiskIsNamedAndNothingIsLeft() throws IOException {
    Configuration small = Configuration.unix().toBuilder().setMaxSize(4096).build();
    try (FileSystem disk = Jimfs.newFileSystem(small)) {
      Path file = disk.getPath("/cache/tokens.safetensors");
      OutputException full =
          assertThrows(
              OutputException.class,
              () ->
                  TokenCache.write(
                      file, numbered(200), new ColourEncoder(), true, ProgressListener.NONE));
      assertTrue(full.getMessage().contains(file.toString()), full.getMessage());
      assertTrue(full.getMessage().contains("free space"), full.getMessage());
      try (Stream<Path> left = Files.list(file.getParent())) {
        assertEquals(List.of(), left.toList());
      }
    }
  }

  @Test
  void cachedPatchTokensAreReadWhereTheCropLies() {
    Path file = folder.resolve("cache.safetensors");
    TokenCache.write(file, numbered(7), new ColourEncoder(), true, ProgressListener.NONE);
    CachedExpert expert = new CachedExpert(file, new Keys("a", 7));
    assertTrue(expert.hasPatchTokens());
    // The encoder's grid is one row of two tokens, colour + 1 and colour + 2.
    CropGeometry mirrored = new CropGeometry(0, 0, 1, 1, true, 0);
    CropGeometry middle = new CropGeometry(0.25, 0, 0.5, 1, false, 0);
    CropGeometry turned = new CropGeometry(0, 0, 1, 1, false, 1);
    List<CropGeometry> geometry = List.of(CropGeometry.WHOLE, mirrored, middle, turned);
    ExpertTokens tokens = expert.tokens(batch(crops(), geometry), true);
    assertEquals(1, tokens.rows());
    assertEquals(2, tokens.columns());
    float[] red = new float[8];
    for (int i = 0; i < red.length; i++) {
      red[i] = tokens.patchTokens()[3 * i];
    }
    // Tiles 5, 2, 5, 2; the middle half's cells lie a quarter off the tokens, a turned row on none.
    assertArrayEquals(new float[] {6, 7, 4, 3, 6.25f, 6.75f, 3.5f, 3.5f}, red, 1e-6f);
  }

  @Test
  void cropsKnowWhereTheyLie() {
    CropGeometry quarter = new CropGeometry(0.5, 0.25, 0.5, 0.5, false, 1);
    // Turned clockwise, the crop's upper left corner is the box's lower left one.
    assertEquals(new CropGeometry.Point(0.5, 0.75), quarter.inTile(0, 0));
    assertEquals(new CropGeometry.Point(0.5, 0.25), quarter.inTile(1, 0));
    CropGeometry both = new CropGeometry(0, 0, 1, 1, true, 2);
    assertEquals(new CropGeometry.Point(0.25, 0.9), both.inTile(0.25, 0.1));
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
  private static class Keys implements TileDataset {
    private final String prefix;
    private final int size;

    Keys(String prefix, int size) {
      this.prefix = prefix;
      this.size = size;
    }

    @Override
    public int size() {
      return size;
    }

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
      return EncoderInfo.builder("colour", 3)
          .architecture("colour")
          .inputSize(SIZE)
          .patchSize(2)
          .license("none")
          .weightsSha256("00")
          .build();
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
    public void close() {
      closed = true;
    }
  }
}
