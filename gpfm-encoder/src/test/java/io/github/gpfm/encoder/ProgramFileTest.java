package io.github.gpfm.encoder;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.gpfm.api.EncoderException;
import io.github.gpfm.api.GpfmException;
import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.api.TokenOutput;
import io.github.gpfm.api.WeightsException;
import io.github.gpfm.encoder.image.Preprocessing;
import io.github.gpfm.encoder.model.ProgramFile;
import io.github.gpfm.encoder.weights.TorchCheckpoint;
import io.github.gpfm.encoder.weights.WeightTensor;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Small programs exported by PyTorch and ONNX: mean and maximum of each channel. */
class ProgramFileTest {
  @TempDir Path folder;

  private ProgramFile program(String name, int size) throws IOException {
    Path file = folder.resolve(name);
    try (InputStream in = ProgramFileTest.class.getResourceAsStream(name)) {
      Files.write(file, in.readAllBytes());
    }
    return new ProgramFile(file, Preprocessing.exact(size), 256, 0.5);
  }

  private static BufferedImage image(int rgb) {
    BufferedImage image = new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < 32; i++) {
      image.setRGB(i % 8, i / 8, rgb);
    }
    return image;
  }

  @ParameterizedTest
  @CsvSource({
    "pool.pt, 6, 1e-5",
    "pool.onnx, 6, 1e-5",
    "tokens.pt, 3, 1e-5",
    "pool_batch1.pt, 6, 1e-5",
    "pool_batch1.onnx, 6, 1e-5",
    "pool_batch2.onnx, 6, 1e-5",
    "pool_float64.pt, 6, 1e-5",
    "pool_float64.onnx, 6, 1e-5",
    "pool_bfloat16.pt, 6, 0.02",
    "pool_float16.pt, 6, 0.002"
  })
  void featuresAreTheProgramsFirstOutput(String name, int dimension, float tolerance)
      throws IOException {
    try (GpfmEncoder encoder =
        GpfmEncoder.builder().program(program(name, 8)).batchSize(2).build()) {
      assertEquals(dimension, encoder.info().dimension());
      assertEquals(64, encoder.info().weightsSha256().length());
      var all = encoder.embed(List.of(image(0xff0000), image(0x00ff00), image(0x0000ff)));
      for (int i = 0; i < 3; i++) {
        float[] expected = new float[dimension];
        for (int channel = 0; channel < 3; channel++) {
          double mean = Preprocessing.IMAGENET_MEAN.get(channel);
          double std = Preprocessing.IMAGENET_STD.get(channel);
          double top = channel == i ? 1 : 0;
          expected[channel] = (float) ((top / 2 - mean) / std);
          if (dimension == 6) {
            expected[3 + channel] = (float) ((top - mean) / std);
          }
        }
        assertArrayEquals(expected, all.vector(i), tolerance);
      }
      assertThrows(
          EncoderException.class,
          () -> encoder.embed(List.of(image(0)), TokenOutput.MEAN_PATCH_TOKEN));
    }
  }

  @Test
  void aWrongInputSizeIsNamed() throws IOException {
    ProgramFile wrong = program("pool.onnx", 16);
    EncoderException e =
        assertThrows(EncoderException.class, () -> GpfmEncoder.builder().program(wrong).build());
    assertTrue(e.getMessage().contains("input size"), e.getMessage());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "PK\3\4 no zip", "no onnx at all"})
  void whatIsNoProgramIsRefused(String content) throws IOException {
    Path file = Files.writeString(folder.resolve("p.bin"), content);
    ProgramFile program = new ProgramFile(file, Preprocessing.GPFM, 256, 0.5);
    GpfmException e =
        assertThrows(WeightsException.class, () -> GpfmEncoder.builder().program(program).build());
    assertTrue(e.getMessage().contains("p.bin"), e.getMessage());
  }

  @Test
  void theCauseOfAFailureIsNamed() {
    Path weights = folder.resolve("weights.pt");
    TorchCheckpoint.write(weights, Map.of("w", WeightTensor.ofFloats("w", List.of(2L), 1, 2)));
    ProgramFile program = new ProgramFile(weights, Preprocessing.GPFM, 256, 0.5);
    String message =
        assertThrows(WeightsException.class, () -> GpfmEncoder.builder().program(program).build())
            .getMessage();
    assertTrue(message.contains("constants.pkl"), message);
    assertTrue(message.contains("checkpoint of weights"), message);
  }

  @Test
  void onlyOneSourceAndNoPrecision() throws IOException {
    ProgramFile program = program("pool.pt", 8);
    GpfmEncoder.Builder both = GpfmEncoder.builder().program(program).weights(program.path());
    assertThrows(InvalidOptionException.class, both::build);
    GpfmEncoder.Builder half = GpfmEncoder.builder().program(program).precision(Precision.BFLOAT16);
    assertThrows(InvalidOptionException.class, half::build);
  }
}
