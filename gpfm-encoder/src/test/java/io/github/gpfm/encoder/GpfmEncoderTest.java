package io.github.gpfm.encoder;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import ai.djl.translate.TranslateException;
import io.github.gpfm.api.DeviceMemoryException;
import io.github.gpfm.api.Embeddings;
import io.github.gpfm.api.Encoder;
import io.github.gpfm.api.EncoderException;
import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.api.TokenOutput;
import io.github.gpfm.encoder.image.Preprocessing;
import io.github.gpfm.encoder.image.Preprocessor;
import io.github.gpfm.encoder.model.EncoderModel;
import io.github.gpfm.encoder.model.EncoderModels;
import io.github.gpfm.encoder.weights.DType;
import java.awt.image.BufferedImage;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GpfmEncoderTest {
  private static BufferedImage image(long seed, int width, int height) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Random random = new Random(seed);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        image.setRGB(x, y, random.nextInt(1 << 24));
      }
    }
    return image;
  }

  private static List<BufferedImage> images(int count) {
    return IntStream.range(0, count).mapToObj(i -> image(i, 40 + i, 60)).toList();
  }

  @Test
  void batchesGiveWhatSingleImagesGive() {
    List<BufferedImage> images = images(7);
    try (GpfmEncoder encoder =
        GpfmEncoder.builder().device(ComputeDevice.cpu()).batchSize(3).warmUp(true).build()) {
      Embeddings all = encoder.embed(images);
      assertEquals(7, all.count());
      assertEquals(encoder.info().dimension(), all.dimension());
      for (int i = 0; i < images.size(); i++) {
        assertArrayEquals(encoder.embed(images.get(i)), all.vector(i), 1e-5f);
      }
      assertEquals(0, encoder.embed(List.of()).count());
    }
  }

  @Test
  void tokensAgreeWithEachOther() {
    try (GpfmEncoder encoder = GpfmEncoder.builder().batchSize(2).build()) {
      List<BufferedImage> images = images(3);
      Embeddings patches = encoder.embed(images, TokenOutput.PATCH_TOKENS);
      Embeddings mean = encoder.embed(images, TokenOutput.MEAN_PATCH_TOKEN);
      Embeddings both = encoder.embed(images, TokenOutput.CLASS_AND_MEAN_PATCH_TOKEN);
      Embeddings.PatchGrid grid = patches.patchGrid().orElseThrow();
      assertEquals(encoder.info().inputSize() / encoder.info().patchSize(), grid.rows());
      for (int i = 0; i < 3; i++) {
        float[] expected = new float[grid.dimension()];
        float[] tokens = patches.patchTokens(i);
        for (int t = 0; t < tokens.length; t++) {
          expected[t % expected.length] += tokens[t] / (grid.rows() * grid.columns());
        }
        assertArrayEquals(expected, mean.vector(i), 1e-4f);
        float[] joined = both.vector(i);
        assertEquals(joined.length, encoder.dimension(TokenOutput.CLASS_AND_MEAN_PATCH_TOKEN));
        assertEquals(patches.vector(i)[0], joined[0], 1e-5f);
        assertEquals(mean.vector(i)[0], joined[patches.dimension()], 1e-5f);
      }
    }
  }

  @Test
  void concurrentCallsAreAnsweredEachWithItsOwnResult() {
    GpfmEncoder encoder = GpfmEncoder.builder().batchSize(2).build();
    List<BufferedImage> images = images(12);
    List<float[]> expected = images.stream().map(encoder::embed).toList();
    List<CompletableFuture<Embeddings>> futures =
        images.stream().map(image -> encoder.embedAsync(List.of(image))).toList();
    // Closing waits for what has been asked.
    encoder.close();
    for (int i = 0; i < images.size(); i++) {
      assertArrayEquals(expected.get(i), futures.get(i).join().vector(0), 1e-5f);
    }
    encoder.close();
    assertThrows(EncoderException.class, () -> encoder.embed(images.get(0)));
    CompletionException late =
        assertThrows(CompletionException.class, () -> encoder.embedAsync(images).join());
    assertInstanceOf(EncoderException.class, late.getCause());
  }

  @Test
  void halfPrecisionIsClose() {
    List<BufferedImage> images = images(2);
    try (GpfmEncoder exact = GpfmEncoder.builder().build();
        GpfmEncoder half = GpfmEncoder.builder().precision(Precision.BFLOAT16).build()) {
      for (BufferedImage image : images) {
        assertTrue(cosine(exact.embed(image), half.embed(image)) > 0.999);
      }
    }
  }

  private static double cosine(float[] a, float[] b) {
    double ab = 0;
    double aa = 0;
    double bb = 0;
    for (int i = 0; i < a.length; i++) {
      ab += a[i] * b[i];
      aa += a[i] * a[i];
      bb += b[i] * b[i];
    }
    return ab / Math.sqrt(aa * bb);
  }

  /** Answers with each image's first byte; has room for so many images only. */
  private static final class SmallDevice implements BatchModel {
    private final int room;
    private final List<Integer> batches = Collections.synchronizedList(new ArrayList<>());

    SmallDevice(int room) {
      this.room = room;
    }

    @Override
    public Result run(ByteBuffer pixels, int count, TokenOutput output) {
      batches.add(count);
      if (count > room) {
        throw new DeviceMemoryException("full; use less");
      }
      float[] features = new float[count];
      for (int i = 0; i < count; i++) {
        features[i] = pixels.get(i * 12) & 255;
      }
      return new Result(features, Optional.empty(), new float[0]);
    }

    @Override
    public void close() {}
  }

  private static BufferedImage gray(int value) {
    BufferedImage image = new BufferedImage(2, 2, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < 4; i++) {
      image.setRGB(i % 2, i / 2, value * 0x10101);
    }
    return image;
  }

  @Test
  void batchesShrinkUntilTheyFitAndNothingIsLost() {
    SmallDevice device = new SmallDevice(3);
    List<Float> found = new ArrayList<>();
    try (BatchEmbedder embedder =
        new BatchEmbedder(
            List.of(device, new SmallDevice(3)),
            new Preprocessor(Preprocessing.exact(2)),
            16,
            2,
            true)) {
      embedder.run(
          50,
          GpfmEncoderTest::gray,
          TokenOutput.CLASS_TOKEN,
          new AtomicBoolean(),
          (first, part) -> {
            assertEquals(found.size(), first);
            for (float value : part.toArray()) {
              found.add(value);
            }
          });
      assertEquals(2, embedder.batchSize());
    }
    assertEquals(IntStream.range(0, 50).mapToObj(i -> (float) i).toList(), found);
  }

  @Test
  void severalDevicesWorkAtOnceAndResultsStayInOrder() {
    int devices = 3;
    CountDownLatch all = new CountDownLatch(devices);
    Set<String> threads = ConcurrentHashMap.newKeySet();
    List<BatchModel> models = new ArrayList<>();
    for (int d = 0; d < devices; d++) {
      SmallDevice device = new SmallDevice(4);
      models.add(
          new BatchModel() {
            @Override
            public Result run(ByteBuffer pixels, int count, TokenOutput output) {
              threads.add(Thread.currentThread().getName());
              all.countDown();
              try {
                // Goes on only when every device has a batch.
                assertTrue(all.await(60, TimeUnit.SECONDS), "a device stands idle");
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
              return device.run(pixels, count, output);
            }

            @Override
            public void close() {}
          });
    }
    List<Float> found = new ArrayList<>();
    try (BatchEmbedder embedder =
        new BatchEmbedder(models, new Preprocessor(Preprocessing.exact(2)), 4, 2, true)) {
      embedder.run(
          4 * devices * 5,
          GpfmEncoderTest::gray,
          TokenOutput.CLASS_TOKEN,
          new AtomicBoolean(),
          (first, part) -> {
            for (float value : part.toArray()) {
              found.add(value);
            }
          });
    }
    assertEquals(devices, threads.size());
    assertEquals(IntStream.range(0, 60).mapToObj(i -> (float) i).toList(), found);
  }

  /**
   * What is done is handed on while the source has nothing, and batches are filled all the same.
   */
  @Test
  void aSourceThatIsNotReadyHoldsNothingBack() {
    List<Integer> sizes = Collections.synchronizedList(new ArrayList<>());
    SmallDevice device = new SmallDevice(4);
    BatchModel counting =
        new BatchModel() {
          @Override
          public Result run(ByteBuffer pixels, int count, TokenOutput output) {
            sizes.add(count);
            return device.run(pixels, count, output);
          }

          @Override
          public void close() {}
        };
    List<Float> found = new ArrayList<>();
    Encoder.Source source =
        new Encoder.Source() {
          private int next;

          @Override
          public boolean isReady() {
            // Between 6 and 7 it waits until the first batch was handed on.
            return next != 6 || !found.isEmpty();
          }

          @Override
          public boolean hasNext() {
            assertTrue(isReady(), "asked though it would wait and there was other work");
            return next < 10;
          }

          @Override
          public Supplier<BufferedImage> next() {
            int value = next++;
            return () -> gray(value);
          }
        };
    try (BatchEmbedder embedder =
        new BatchEmbedder(
            List.of(counting), new Preprocessor(Preprocessing.exact(2)), 4, 2, true)) {
      embedder.run(
          source,
          TokenOutput.CLASS_TOKEN,
          new AtomicBoolean(),
          (first, part) -> {
            assertEquals(found.size(), first);
            for (float value : part.toArray()) {
              found.add(value);
            }
          });
    }
    assertEquals(IntStream.range(0, 10).mapToObj(i -> (float) i).toList(), found);
    // A batch runs as soon as its images are loaded, be it before another.
    assertEquals(List.of(2, 4, 4), sizes.stream().sorted().toList());
  }

  /** A slide's features do not depend on which other slides are in the run. */
  @Test
  void aBatchEndsWithItsGroupUnlessToldOtherwise() {
    assertEquals(List.of(4, 1, 4, 1), sizesOfGroupsOfFive(false));
    assertEquals(List.of(4, 4, 2), sizesOfGroupsOfFive(true));
  }

  private static List<Integer> sizesOfGroupsOfFive(boolean acrossGroups) {
    Encoder.Source source =
        new Encoder.Source() {
          private int next;

          @Override
          public boolean hasNext() {
            return next < 10;
          }

          @Override
          public Supplier<BufferedImage> next() {
            int value = next++;
            return () -> gray(value);
          }

          @Override
          public boolean endsGroup() {
            return next % 5 == 0;
          }
        };
    List<Integer> sizes = new ArrayList<>();
    try (BatchEmbedder embedder =
        new BatchEmbedder(
            List.of(new SmallDevice(4)),
            new Preprocessor(Preprocessing.exact(2)),
            4,
            2,
            acrossGroups)) {
      embedder.run(
          source,
          TokenOutput.CLASS_TOKEN,
          new AtomicBoolean(),
          (first, part) -> sizes.add(part.count()));
    }
    return sizes;
  }

  @Test
  void replicasOfOneNetworkAgree() {
    EncoderModel tiny = EncoderModels.tiny();
    List<DeviceModel> replicas =
        List.of(
            new DeviceModel(tiny, Device.cpu(), DType.FLOAT32),
            new DeviceModel(tiny, Device.cpu(), DType.FLOAT32));
    List<BufferedImage> images = images(9);
    List<float[]> found = new ArrayList<>();
    try (BatchEmbedder embedder =
            new BatchEmbedder(replicas, new Preprocessor(tiny.preprocessing()), 2, 2, true);
        GpfmEncoder one = GpfmEncoder.builder().build()) {
      embedder.warmUp();
      embedder.run(
          images.size(),
          images::get,
          TokenOutput.CLASS_TOKEN,
          new AtomicBoolean(),
          (first, part) -> {
            for (int i = 0; i < part.count(); i++) {
              found.add(part.vector(i));
            }
          });
      for (int i = 0; i < images.size(); i++) {
        assertArrayEquals(one.embed(images.get(i)), found.get(i), 1e-5f);
      }
    }
  }

  @Test
  void aFullDeviceIsKnownByItsWords() {
    assertTrue(DeviceMemory.ranOut(new EngineException("CUDA out of memory. Tried to allocate")));
    assertTrue(DeviceMemory.ranOut(new EngineException("CUBLAS_STATUS_ALLOC_FAILED")));
    assertTrue(
        DeviceMemory.ranOut(
            new TranslateException(new EngineException("DefaultCPUAllocator: not enough memory"))));
    assertFalse(DeviceMemory.ranOut(new EngineException("shape mismatch")));
    assertFalse(DeviceMemory.ranOut(new EngineException((String) null)));
  }

  @Test
  void aDeviceTooSmallForOneImageSaysSo() {
    try (BatchEmbedder embedder =
        new BatchEmbedder(
            List.of(new SmallDevice(0)), new Preprocessor(Preprocessing.exact(2)), 4, 1, true)) {
      assertThrows(
          DeviceMemoryException.class,
          () ->
              embedder.run(
                  5,
                  GpfmEncoderTest::gray,
                  TokenOutput.CLASS_TOKEN,
                  new AtomicBoolean(),
                  (first, part) -> {}));
    }
  }

  @Test
  void aFailingImageFailsTheCallAndTheEncoderGoesOn() {
    try (GpfmEncoder encoder = GpfmEncoder.builder().batchSize(2).build()) {
      EncoderException e =
          assertThrows(
              EncoderException.class,
              () ->
                  encoder.embed(
                      9,
                      i -> {
                        if (i == 5) {
                          throw new IllegalStateException("tile 5 is torn");
                        }
                        return gray(i);
                      },
                      TokenOutput.CLASS_TOKEN,
                      (first, part) -> {}));
      assertTrue(e.getMessage().contains("tile 5 is torn"), e.getMessage());
      assertEquals(encoder.info().dimension(), encoder.embed(gray(1)).length);
    }
  }

  @Test
  void devicesAndPrecisionsAreParsed() {
    assertEquals(new ComputeDevice.Gpu(List.of(0, 2)), ComputeDevice.parse("cuda:0,2"));
    assertEquals(new ComputeDevice.Gpu(List.of(0)), ComputeDevice.parse("gpu"));
    assertEquals(ComputeDevice.auto(), ComputeDevice.parse("AUTO"));
    assertThrows(InvalidOptionException.class, () -> ComputeDevice.parse("tpu"));
    assertThrows(InvalidOptionException.class, () -> ComputeDevice.parse("cuda:0,0"));
    assertThrows(InvalidOptionException.class, () -> ComputeDevice.gpu(99).resolve());
    assertEquals(Precision.BFLOAT16, Precision.parse("bfloat16"));
    assertThrows(InvalidOptionException.class, () -> Precision.parse("int4"));
  }
}
