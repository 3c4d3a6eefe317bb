package io.github.gpfm.distill.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.gpfm.distill.config.CropsConfig;
import io.github.gpfm.distill.config.DistillConfigs;
import io.github.gpfm.encoder.weights.WeightFile;
import io.github.gpfm.encoder.weights.WeightTensor;
import io.github.gpfm.testkit.Fixtures;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MultiCropTest {
  private static CropsConfig config(String... changes) {
    Map<String, String> map = new LinkedHashMap<>();
    for (String change : changes) {
      map.put("crops." + change.split("=")[0], change.split("=")[1]);
    }
    return DistillConfigs.with(DistillConfigs.preset("tiny"), map).crops();
  }

  private static BufferedImage picture(int size) {
    BufferedImage image = new BufferedImage(size, size, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < size; y++) {
      for (int x = 0; x < size; x++) {
        image.setRGB(x, y, (x * 255 / size) << 16 | (y * 255 / size) << 8 | (x ^ y) & 255);
      }
    }
    return image;
  }

  private static float[][] crop(CropsConfig config, long seed) {
    MultiCrop crops = new MultiCrop(config);
    float[] globals = new float[2 * crops.globalLength()];
    float[] locals = new float[config.localCount() * crops.localLength()];
    crops.crop(picture(160), new SplittableRandom(seed), globals, locals, 0, 1);
    return new float[][] {globals, locals};
  }

  @Test
  void theSeedDecidesEverything() {
    assertArrayEquals(crop(config(), 5), crop(config(), 5));
    assertFalse(Arrays.equals(crop(config(), 5)[0], crop(config(), 6)[0]));
  }

  @Test
  void withoutColourAWholeCropIsTheResizedPicture() {
    CropsConfig plain =
        config(
            "blur=none",
            "colour=0.0",
            "solarize=false",
            "stain-jitter=0.0",
            "rotations=false",
            "global-scale-min=1.0",
            "global-scale-max=1.0");
    float[] globals = crop(plain, 1)[0];
    int size = plain.globalSize();
    for (int view = 0; view < 2; view++) {
      // Red rises from left to right, or falls if the crop is flipped; green rises downwards.
      int at = view * 3 * size * size;
      float rise = globals[at + size * 40 + size - 5] - globals[at + size * 40 + 4];
      assertEquals(1 / plain.std().get(0), Math.abs(rise), 0.7, "red of view " + view);
      int green = at + size * size;
      float down = globals[green + size * (size - 5) + 40] - globals[green + size * 4 + 40];
      assertEquals(1 / plain.std().get(1), down, 0.7, "green of view " + view);
    }
  }

  @Test
  void valuesStayInTheRangeOfPictures() {
    CropsConfig config = config("stain-jitter=0.5");
    for (long seed = 0; seed < 20; seed++) {
      for (float[] values : crop(config, seed)) {
        for (float value : values) {
          assertTrue(value > -2.2 && value < 2.7, "value " + value);
        }
      }
    }
  }

  /** No colour, and every crop shows the whole picture; then the given options. */
  private static CropsConfig whole(String... changes) {
    List<String> all =
        new ArrayList<>(List.of("blur=none", "colour=0.0", "solarize=false", "stain-jitter=0.0"));
    all.addAll(List.of("rotations=false", "local-size=84"));
    for (String kind : List.of("global", "local")) {
      all.addAll(List.of(kind + "-scale-min=1.0", kind + "-scale-max=1.0"));
    }
    all.addAll(List.of(changes));
    return config(all.toArray(String[]::new));
  }

  /** The picture as it is, turned and mirrored: eight forms, normalised. */
  private static List<float[]> forms(CropsConfig config) {
    int size = config.globalSize();
    PlanarImage image = PlanarImage.of(picture(160)).resizedBox(0, 0, 160, 160, size);
    float[] mean = {0.485f, 0.456f, 0.406f};
    float[] std = {0.229f, 0.224f, 0.225f};
    List<float[]> forms = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      float[] values = new float[3 * size * size];
      image.write(values, 0, mean, std);
      forms.add(values);
      image = i == 3 ? image.turned().flipped() : image.turned();
    }
    return forms;
  }

  /** Share of the first global, second global and local crops whose colours were changed. */
  private static double[] changed(String... options) {
    CropsConfig config = whole(options);
    List<float[]> forms = forms(config);
    int length = forms.get(0).length;
    double[] all = {0, 0, 0};
    double[] changed = {0, 0, 0};
    for (long seed = 0; seed < 150; seed++) {
      float[][] crops = crop(config, seed);
      for (int c = 0; c < 2 + config.localCount(); c++) {
        float[] from = c < 2 ? crops[0] : crops[1];
        int at = (c < 2 ? c : c - 2) * length;
        float[] values = Arrays.copyOfRange(from, at, at + length);
        all[Math.min(c, 2)]++;
        changed[Math.min(c, 2)] += forms.stream().anyMatch(f -> Arrays.equals(f, values)) ? 0 : 1;
      }
    }
    return new double[] {changed[0] / all[0], changed[1] / all[1], changed[2] / all[2]};
  }

  /**
   * DINOv2's chances. `code` is what the official code does: its wrapper takes one minus the
   * probability that its argument reads, which is `paper`. The slightest blurs change no float.
   */
  @ParameterizedTest
  @CsvSource({
    "blur=none, 0, 0, 0",
    "blur=code, 0, 0.9, 0.5",
    "blur=paper, 1, 0.1, 0.5",
    "solarize=true, 0, 0.2, 0",
    "colour=1.0, 0.84, 0.84, 0.84",
    "stain-jitter=0.1, 1, 1, 1",
    "rotations=true, 0, 0, 0"
  })
  void eachChangeHasItsChance(String option, double first, double second, double local) {
    double[] found = changed(option);
    assertEquals(first, found[0], first == 0 ? 0 : 0.1, "first global");
    assertEquals(second, found[1], second == 0 ? 0 : 0.1, "second global");
    assertEquals(local, found[2], local == 0 ? 0 : 0.06, "local");
  }

  @Test
  void quarterTurnsAreEquallyLikely() {
    for (boolean rotations : new boolean[] {true, false}) {
      CropsConfig config = whole("rotations=" + rotations);
      List<float[]> forms = forms(config);
      int[] count = new int[forms.size()];
      for (long seed = 0; seed < 400; seed++) {
        float[] first = Arrays.copyOf(crop(config, seed)[0], forms.get(0).length);
        for (int i = 0; i < count.length; i++) {
          count[i] += Arrays.equals(first, forms.get(i)) ? 1 : 0;
        }
      }
      int seen = 0;
      for (int n : count) {
        seen += n > 0 ? 1 : 0;
        assertTrue(n == 0 || n > (rotations ? 25 : 150), Arrays.toString(count));
      }
      assertEquals(rotations ? 8 : 2, seen, Arrays.toString(count));
    }
  }

  @Test
  void stainJitterMovesStainsAndNothingElse() {
    PlanarImage image = PlanarImage.of(picture(32));
    PlanarImage same = PlanarImage.of(picture(32));
    Colours.stainJitter(same, 1e-9, new SplittableRandom(1));
    for (int c = 0; c < 3; c++) {
      assertArrayEquals(image.planes[c], same.planes[c], 1e-2f);
    }
    // Haematoxylin alone, half its amount to all: what it becomes is haematoxylin still.
    double[] hematoxylin = {0.650, 0.704, 0.286};
    PlanarImage stained = new PlanarImage(4, 1);
    for (int i = 0; i < 4; i++) {
      for (int c = 0; c < 3; c++) {
        stained.planes[c][i] = (float) (256 * Math.exp(-hematoxylin[c] * (0.5 + 0.2 * i)) - 1);
      }
    }
    float before = stained.planes[0][1];
    Colours.stainJitter(stained, 0.2, new SplittableRandom(4));
    assertTrue(Math.abs(stained.planes[0][1] - before) > 1);
    double[] amounts = new double[4];
    for (int i = 0; i < 4; i++) {
      amounts[i] = -Math.log((stained.planes[0][i] + 1) / 256.0);
    }
    // The amounts stay equally spaced: they were scaled and shifted.
    assertEquals(amounts[1] - amounts[0], amounts[3] - amounts[2], 1e-4);
  }

  @Test
  void cropsHaveTheSharesAndRatiosAskedFor() {
    CropsConfig official = DistillConfigs.preset("official").crops();
    assertEquals(8, official.localCount());
    assertEquals(98, official.localSize());
    assertEquals(224, official.globalSize());
    MultiCrop crops = new MultiCrop(official);
    float[] globals = new float[2 * crops.globalLength()];
    float[] locals = new float[official.localCount() * crops.localLength()];
    double least = 1;
    double most = 0;
    for (long seed = 0; seed < 30; seed++) {
      for (CropGeometry crop :
          crops.crop(picture(160), new SplittableRandom(seed), globals, locals, 0, 1)) {
        double area = crop.width() * crop.height();
        double ratio = crop.width() / crop.height();
        assertTrue(area > 0.31 && area <= 1, "area " + area);
        assertTrue(ratio > 0.74 && ratio < 1.35, "ratio " + ratio);
        least = Math.min(least, area);
        most = Math.max(most, area);
      }
    }
    assertTrue(least < 0.45 && most > 0.85, least + " to " + most);
  }

  /** Pillow's antialiased resize but for its rounding to bytes after each direction. */
  @Test
  void resizingIsPillowsWithoutItsRounding() throws IOException {
    BufferedImage tile = ImageIO.read(Fixtures.parity("preprocessing/tile_512.png").toFile());
    WeightFile file = WeightFile.open(Fixtures.parity("preprocessing/expected.safetensors"));
    WeightTensor expected = file.tensor("resized_rgb_u8");
    int size = (int) expected.size(0);
    PlanarImage found =
        PlanarImage.of(tile).resizedBox(0, 0, tile.getWidth(), tile.getHeight(), size);
    float[] levels = expected.toFloats();
    double sum = 0;
    for (int i = 0; i < levels.length; i++) {
      double difference = Math.abs(levels[i] - found.planes[i % 3][i / 3]);
      assertTrue(difference < 1.6, "level " + difference);
      sum += difference;
    }
    assertTrue(sum / levels.length < 0.35, "mean " + sum / levels.length);
  }

  @Test
  void turnsAndFlipsComeBack() {
    PlanarImage image = PlanarImage.of(picture(16));
    PlanarImage turned = image.turned().turned().turned().turned();
    assertArrayEquals(image.planes, turned.planes);
    assertArrayEquals(image.planes, image.flipped().flipped().planes);
  }

  @Test
  void geometryTellsWherePixelsComeFrom() {
    CropsConfig plain =
        config("blur=none", "colour=0.0", "solarize=false", "stain-jitter=0.0", "rotations=true");
    MultiCrop crops = new MultiCrop(plain);
    int size = plain.globalSize();
    for (long seed = 0; seed < 30; seed++) {
      float[] globals = new float[2 * crops.globalLength()];
      float[] locals = new float[plain.localCount() * crops.localLength()];
      List<CropGeometry> geometry =
          crops.crop(picture(160), new SplittableRandom(seed), globals, locals, 0, 1);
      for (int view = 0; view < 2; view++) {
        for (int[] pixel : new int[][] {{20, 20}, {60, 25}, {42, 70}}) {
          CropGeometry.Point point =
              geometry.get(view).inTile((pixel[0] + 0.5) / size, (pixel[1] + 0.5) / size);
          // The picture's red is its x, its green its y.
          for (int c = 0; c < 2; c++) {
            float value = globals[(view * 3 + c) * size * size + pixel[1] * size + pixel[0]];
            double found = value * plain.std().get(c) + plain.mean().get(c);
            double share = c == 0 ? point.x() : point.y();
            assertEquals(share, found, 0.01, "seed %d view %d".formatted(seed, view));
          }
        }
      }
    }
  }
}
