package io.github.gpfm.pipeline.tissue;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.gpfm.api.WeightsException;
import io.github.gpfm.encoder.ComputeDevice;
import io.github.gpfm.encoder.weights.DType;
import io.github.gpfm.encoder.weights.WeightFile;
import io.github.gpfm.encoder.weights.WeightTensor;
import io.github.gpfm.tiling.segment.JpegCompression;
import io.github.gpfm.tiling.segment.TissueModel;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Tissue networks against torchvision's and segmentation_models_pytorch's on random small weights.
 */
class TissueNetworksParityTest {
  /** float32 against float64 of the references: at most 3.1e-6 in logits. */
  private static final double LIMIT = 8e-6;

  private static final List<Integer> RATES = List.of(12, 24, 36);
  private static final List<Integer> DECODER = List.of(16, 12, 8, 8, 4);
  private static final List<MobileUnetNetwork.Stage> STAGES =
      MobileUnetNetwork.stages(8, 8, 8, 8, 16, 24, 32);

  private static DeepLabNetwork deepLab(List<Integer> depths, List<Integer> rates) {
    return new DeepLabNetwork(8, List.of(4, 4, 8, 16), depths, 12, rates, 2);
  }

  static Stream<Arguments> fixtures() {
    return Stream.of(
        Arguments.of(TissueNetworks.HEST, deepLab(List.of(1, 2, 2, 2), RATES)),
        Arguments.of(TissueNetworks.GRANDQC, new MobileUnetNetwork(8, STAGES, DECODER, 2, true)),
        Arguments.of(
            TissueNetworks.GRANDQC_ARTIFACT, new MobileUnetNetwork(8, STAGES, DECODER, 8, false)));
  }

  private record Fixture(WeightFile weights, Map<String, WeightTensor> others) {
    static Fixture of(TissueNetworks network) {
      String name = network.label();
      try (InputStream in = Fixture.class.getResourceAsStream(name + ".safetensors")) {
        WeightFile all = WeightFile.ofSafetensors(name, Objects.requireNonNull(in).readAllBytes());
        Map<String, WeightTensor> weights = new LinkedHashMap<>();
        Map<String, WeightTensor> others = new LinkedHashMap<>();
        all.tensors()
            .forEach(
                (key, tensor) -> {
                  if (key.startsWith("w:")) {
                    weights.put(key.substring(2), tensor.renamed(key.substring(2)));
                  } else {
                    others.put(key, tensor);
                  }
                });
        return new Fixture(new WeightFile(Path.of(name), all.kind(), weights, Map.of()), others);
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }

    BufferedImage image(String name) {
      WeightTensor tensor = Objects.requireNonNull(others.get(name), name);
      int size = (int) tensor.size(1);
      ByteBuffer bytes = tensor.toBuffer();
      BufferedImage image = new BufferedImage(size, size, BufferedImage.TYPE_INT_RGB);
      for (int i = 0; i < size * size; i++) {
        int red = bytes.get(3 * i) & 255;
        int green = bytes.get(3 * i + 1) & 255;
        int blue = bytes.get(3 * i + 2) & 255;
        image.setRGB(i % size, i / size, red << 16 | green << 8 | blue);
      }
      return image;
    }

    float[] expected() {
      return Objects.requireNonNull(others.get("probabilities")).cast(DType.FLOAT32).toFloats();
    }

    float[] run(TissueNetworks network, SegmentationNetwork structure) {
      BufferedImage image = image("images");
      try (TissueModel model =
          network.open(structure, weights, image.getWidth(), ComputeDevice.cpu())) {
        return model.probabilities(List.of(image, image)).get(1);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("fixtures")
  void givesWhatTheReferenceGives(TissueNetworks network, Object structure) {
    Fixture fixture = Fixture.of(network);
    float[] actual = fixture.run(network, (SegmentationNetwork) structure);
    assertEquals(0, apart(fixture.expected(), actual), LIMIT);
  }

  @Test
  void aMistakeShows() {
    Fixture hest = Fixture.of(TissueNetworks.HEST);
    float[] rates = hest.run(TissueNetworks.HEST, deepLab(List.of(1, 2, 2, 2), List.of(6, 12, 18)));
    assertTrue(apart(hest.expected(), rates) > 100 * LIMIT);
    // GrandQC's network without the compression: the tissue class of HEST's rule and none.
    Fixture grandqc = Fixture.of(TissueNetworks.GRANDQC);
    float[] other =
        grandqc.run(TissueNetworks.HEST, new MobileUnetNetwork(8, STAGES, DECODER, 2, true));
    for (int i = 0; i < other.length; i++) {
      other[i] = 1 - other[i];
    }
    assertTrue(apart(grandqc.expected(), other) > 100 * LIMIT);
  }

  @Test
  void tilesAreCompressedAsTheAuthorsDo() {
    Fixture fixture = Fixture.of(TissueNetworks.GRANDQC);
    BufferedImage expected = fixture.image("compressed");
    BufferedImage actual = JpegCompression.of(fixture.image("images"), 80);
    int size = expected.getWidth();
    assertArrayEquals(
        expected.getRGB(0, 0, size, size, null, 0, size),
        actual.getRGB(0, 0, size, size, null, 0, size));
  }

  @Test
  void aFileOfAnotherNetworkIsRefusedByTensor() {
    WeightFile hest = Fixture.of(TissueNetworks.HEST).weights();
    WeightsException e =
        assertThrows(
            WeightsException.class,
            () ->
                TissueNetworks.GRANDQC.open(
                    MobileUnetNetwork.b0(2, true), hest, 64, ComputeDevice.cpu()));
    assertTrue(e.getMessage().contains("'encoder."), e.getMessage());
  }

  private static double apart(float[] a, float[] b) {
    double most = 0;
    for (int i = 0; i < a.length; i++) {
      most = Math.max(most, Math.abs(a[i] - b[i]));
    }
    return most;
  }
}
