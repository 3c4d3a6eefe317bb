package io.github.gpfm.distill.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.gpfm.distill.config.CropsConfig;
import io.github.gpfm.distill.config.DistillConfigs;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

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

  @Test
  void blurFollowsTheNamedProbabilities() {
    // Edges of a checkerboard soften under blur: with `code` the first view is never blurred.
    CropsConfig code = config("blur=code", "colour=0.0", "solarize=false", "stain-jitter=0.0");
    CropsConfig none = config("blur=none", "colour=0.0", "solarize=false", "stain-jitter=0.0");
    int half = crop(code, 0)[0].length / 2;
    int softened = 0;
    for (long seed = 0; seed < 40; seed++) {
      float[] a = crop(code, seed)[0];
      float[] b = crop(none, seed)[0];
      assertArrayEquals(Arrays.copyOf(a, half), Arrays.copyOf(b, half));
      softened += Arrays.equals(a, b) ? 0 : 1;
    }
    assertTrue(softened >= 28, "second view blurred in " + softened + " of 40");
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
