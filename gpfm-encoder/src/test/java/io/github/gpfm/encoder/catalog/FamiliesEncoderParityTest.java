package io.github.gpfm.encoder.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.gpfm.api.Embeddings;
import io.github.gpfm.api.TokenOutput;
import io.github.gpfm.encoder.ComputeDevice;
import io.github.gpfm.encoder.GpfmEncoder;
import io.github.gpfm.encoder.Precision;
import io.github.gpfm.encoder.weights.WeightFile;
import io.github.gpfm.encoder.weights.WeightTensor;
import io.github.gpfm.testkit.Fixtures;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every family through the encoder that users get: all outputs, batches, and half precision. */
class FamiliesEncoderParityTest {
  /** bfloat16 keeps 8 bits of a number: the direction of a feature stays. */
  private static final double HALF_PRECISION_COSINE = 0.995;

  @TestFactory
  Stream<DynamicTest> outputsAgreeWithEachOther() throws IOException {
    Path root = Fixtures.parity("families");
    WeightFile images = WeightFile.open(root.resolve("inputs/images.safetensors"));
    List<BufferedImage> pictures = pictures(images.tensors().values().iterator().next());
    try (Stream<Path> folders = Files.list(root)) {
      List<Path> families =
          folders
              .filter(folder -> Files.exists(folder.resolve("expected.safetensors")))
              .sorted()
              .toList();
      return families.stream()
          .map(
              folder ->
                  DynamicTest.dynamicTest(
                      folder.getFileName().toString(), () -> check(folder, pictures)));
    }
  }

  private static void check(Path folder, List<BufferedImage> images) {
    ModelCard card = FixtureModel.of(folder).card();
    Path weights = folder.resolve("model.safetensors");
    float[] features;
    try (GpfmEncoder encoder =
        Encoders.builder(card, weights).device(ComputeDevice.cpu()).batchSize(1).build()) {
      features = encoder.embed(images).toArray();
      assertEquals(images.size() * encoder.info().dimension(), features.length);
      Embeddings all = encoder.embed(images, TokenOutput.PATCH_TOKENS);
      assertClose(features, all.toArray(), 5e-6);
      Embeddings.PatchGrid grid = all.patchGrid().orElseThrow();
      int side = encoder.info().inputSize() / encoder.info().patchSize();
      assertEquals(
          new Embeddings.PatchGrid(side, side, card.architecture().patchDimension()), grid);
      float[] mean = encoder.embed(images, TokenOutput.MEAN_PATCH_TOKEN).toArray();
      assertClose(means(all), mean, 1e-5);
      TokenOutput both = TokenOutput.CLASS_AND_MEAN_PATCH_TOKEN;
      Embeddings joined = encoder.embed(images, both);
      assertEquals(encoder.dimension(both), joined.dimension());
      float[] tail = joined.vector(0);
      for (int i = 0; i < grid.dimension(); i++) {
        assertEquals(mean[i], tail[tail.length - grid.dimension() + i], 1e-5f);
      }
    }
    try (GpfmEncoder half =
        Encoders.builder(card, weights)
            .device(ComputeDevice.cpu())
            .precision(Precision.BFLOAT16)
            .build()) {
      double cosine = cosine(features, half.embed(images).toArray());
      assertTrue(cosine > HALF_PRECISION_COSINE, "bfloat16: " + cosine);
    }
  }

  private static float[] means(Embeddings all) {
    Embeddings.PatchGrid grid = all.patchGrid().orElseThrow();
    int places = grid.rows() * grid.columns();
    float[] means = new float[all.count() * grid.dimension()];
    for (int image = 0; image < all.count(); image++) {
      float[] tokens = all.patchTokens(image);
      for (int d = 0; d < grid.dimension(); d++) {
        double sum = 0;
        for (int place = 0; place < places; place++) {
          sum += tokens[place * grid.dimension() + d];
        }
        means[image * grid.dimension() + d] = (float) (sum / places);
      }
    }
    return means;
  }

  private static void assertClose(float[] expected, float[] actual, double tolerance) {
    assertEquals(expected.length, actual.length);
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], actual[i], tolerance, "value " + i);
    }
  }

  private static double cosine(float[] a, float[] b) {
    double ab = 0;
    double aa = 0;
    double bb = 0;
    for (int i = 0; i < a.length; i++) {
      ab += (double) a[i] * b[i];
      aa += (double) a[i] * a[i];
      bb += (double) b[i] * b[i];
    }
    return ab / Math.sqrt(aa * bb);
  }

  private static List<BufferedImage> pictures(WeightTensor pixels) {
    int height = (int) pixels.size(1);
    int width = (int) pixels.size(2);
    long[] values = pixels.toLongs();
    List<BufferedImage> images = new ArrayList<>();
    for (int i = 0; i < pixels.size(0); i++) {
      BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
      for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
          int at = ((i * height + y) * width + x) * 3;
          image.setRGB(x, y, (int) (values[at] << 16 | values[at + 1] << 8 | values[at + 2]));
        }
      }
      images.add(image);
    }
    assertFalse(images.isEmpty());
    return images;
  }
}
