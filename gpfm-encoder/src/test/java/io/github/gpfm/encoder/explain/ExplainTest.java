package io.github.gpfm.encoder.explain;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.gpfm.api.Embeddings;
import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.api.TokenOutput;
import io.github.gpfm.encoder.ComputeDevice;
import io.github.gpfm.encoder.GpfmEncoder;
import io.github.gpfm.encoder.vit.VitConfig;
import io.github.gpfm.encoder.vit.VitInitialization;
import io.github.gpfm.encoder.vit.VitWeights;
import io.github.gpfm.encoder.weights.Safetensors;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExplainTest {
  @TempDir Path folder;

  @Test
  void scoresAreThePlantedComponents() {
    int n = 400;
    int d = 20;
    Random random = new Random(3);
    double[] deviations = {5, 2, 0.7};
    float[] features = new float[n * d];
    double[][] planted = new double[n][3];
    for (int i = 0; i < n; i++) {
      for (int c = 0; c < 3; c++) {
        planted[i][c] = random.nextGaussian() * deviations[c];
        // Axis c of the plane: two entries of a 20-vector, orthogonal to the others.
        features[i * d + 2 * c] += (float) (planted[i][c] * 0.8);
        features[i * d + 2 * c + 1] += (float) (planted[i][c] * 0.6);
      }
      for (int j = 0; j < d; j++) {
        features[i * d + j] += 10;
      }
    }
    double[] scores = PrincipalColors.scores(features, d, 3);
    for (int c = 0; c < 3; c++) {
      double[] found = new double[n];
      double[] truth = new double[n];
      for (int i = 0; i < n; i++) {
        found[i] = scores[i * 3 + c];
        truth[i] = planted[i][c];
      }
      // Sample axes differ a little from the planted ones.
      assertTrue(Math.abs(correlation(found, truth)) > 0.98, "component " + c);
    }
    assertArrayEquals(scores, PrincipalColors.scores(features, d, 3));
    int[] colors = PrincipalColors.colors(features, d);
    assertTrue(Arrays.stream(colors).map(v -> v >> 16).distinct().count() > 100);
  }

  private static double correlation(double[] a, double[] b) {
    double meanA = Arrays.stream(a).average().orElseThrow();
    double meanB = Arrays.stream(b).average().orElseThrow();
    double ab = 0;
    double aa = 0;
    double bb = 0;
    for (int i = 0; i < a.length; i++) {
      ab += (a[i] - meanA) * (b[i] - meanB);
      aa += (a[i] - meanA) * (a[i] - meanA);
      bb += (b[i] - meanB) * (b[i] - meanB);
    }
    return ab / Math.sqrt(aa * bb);
  }

  @Test
  void componentsBeyondTheRankAreGray() {
    float[] line = {1, 2, 2, 4, 3, 6};
    double[] scores = PrincipalColors.scores(line, 2, 3);
    assertEquals(-Math.sqrt(5), scores[0], 1e-6);
    assertEquals(0, scores[3], 1e-6);
    assertEquals(0, scores[1], 1e-6);
    assertEquals(0x008080, PrincipalColors.colors(line, 2)[0]);
    assertEquals(0x808080, PrincipalColors.colors(new float[] {7, 7}, 2)[0]);
  }

  @Test
  void similarityIsTheCosine() {
    float[] features = {1, 0, 0, 2, -3, 0, 1, 1, 0, 0};
    assertArrayEquals(
        new float[] {1, 0, -1, (float) Math.sqrt(0.5), 0},
        Similarity.cosine(features, new float[] {4, 0}),
        1e-6f);
    assertArrayEquals(new int[] {0, 3, 1}, Similarity.nearest(features, new float[] {4, 0}, 3));
    assertThrows(IllegalArgumentException.class, () -> Similarity.cosine(features, new float[3]));
  }

  @Test
  void heatRunsFromLowToHigh() {
    assertEquals(0x440154, HeatMap.color(-1));
    assertEquals(0xfde725, HeatMap.color(2));
    BufferedImage image = new BufferedImage(4, 2, BufferedImage.TYPE_INT_RGB);
    BufferedImage heat = HeatMap.overlay(image, new float[] {3, 5}, 1, 2, 1);
    assertEquals(0x440154, heat.getRGB(0, 1) & 0xffffff);
    assertEquals(0xfde725, heat.getRGB(3, 0) & 0xffffff);
    assertEquals(0, HeatMap.overlay(image, new float[] {3, 5}, 1, 2, 0).getRGB(1, 1) & 0xffffff);
  }

  @Test
  void inspectorAgreesWithTheEncoder() {
    VitConfig config = VitConfig.of(32, 3, 2, 14, 4);
    VitWeights weights = new VitWeights(config, VitInitialization.draw(config, 5, 1), Map.of());
    Path file = folder.resolve("w.safetensors");
    Safetensors.write(file, weights.tensors().values(), Map.of("config", "{\"num_heads\": 2}"));
    BufferedImage image = new BufferedImage(50, 40, BufferedImage.TYPE_INT_RGB);
    Random random = new Random(1);
    for (int i = 0; i < 2000; i++) {
      image.setRGB(i % 50, i / 50, random.nextInt(1 << 24));
    }
    try (VitInspector inspector = VitInspector.open(file, ComputeDevice.cpu());
        GpfmEncoder encoder = GpfmEncoder.builder().weights(file).build()) {
      List<LayerTokens> layers = inspector.layers(image, true, 0, 2);
      assertEquals(List.of(0, 2), layers.stream().map(LayerTokens::layer).toList());
      var expected = encoder.embed(List.of(image), TokenOutput.PATCH_TOKENS);
      assertArrayEquals(expected.vector(0), layers.get(1).classToken(), 1e-5f);
      assertArrayEquals(expected.patchTokens(0), layers.get(1).patchTokens(), 1e-5f);
      try (GpfmEncoder taken =
          GpfmEncoder.builder().model(inspector.model().ofLayers(0, 2)).build()) {
        Embeddings both = taken.embed(List.of(image), TokenOutput.PATCH_TOKENS);
        assertEquals(2 * 32, both.dimension());
        assertEquals(2 * 32, both.patchGrid().orElseThrow().dimension());
        for (int i = 0; i < 2; i++) {
          int first = 32 * i;
          float[] vector = Arrays.copyOfRange(both.vector(0), first, first + 32);
          assertArrayEquals(layers.get(i).classToken(), vector, 1e-5f);
          float[] patch = Arrays.copyOfRange(both.patchTokens(0), first, first + 32);
          assertArrayEquals(Arrays.copyOf(layers.get(i).patchTokens(), 32), patch, 1e-5f);
        }
        assertThrows(InvalidOptionException.class, () -> inspector.model().ofLayers(3));
      }
      AttentionMap map = inspector.attention(image);
      BufferedImage picture = AttentionPicture.draw(image, map);
      assertTrue(picture.getWidth() > 2 * 448 && picture.getHeight() > 448);
      assertEquals(config.heads(), map.heads());
      float sum = 0;
      for (float weight : map.mean()) {
        assertTrue(weight > 0);
        sum += weight;
      }
      assertTrue(sum < 1 && sum > 0.5);
      assertEquals(map.mean()[3], (map.head(0)[3] + map.head(1)[3]) / 2, 1e-6f);
      assertThrows(InvalidOptionException.class, () -> inspector.layers(image, true, 3));
      assertThrows(InvalidOptionException.class, () -> inspector.layers(image, true, 1, 0));
    }
  }
}
