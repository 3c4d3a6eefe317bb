package io.github.gpfm.eval.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.gpfm.encoder.weights.Safetensors;
import io.github.gpfm.encoder.weights.WeightTensor;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bags that Python wrote (h5py, torch.save, numpy.save, safetensors), and ours. */
class FeatureFilesTest {
  @ParameterizedTest
  @ValueSource(strings = {"h5", "pt", "npy", "safetensors"})
  void pythonsFilesAreRead(String ending) throws URISyntaxException {
    Path file = Path.of(FeatureFilesTest.class.getResource("python." + ending).toURI());
    FeatureBag bag = FeatureFiles.read("slide", file);
    // The recorded matrix: (0, 1, … 19 - 7) / 4 in five rows.
    assertEquals(5, bag.features().rows());
    assertEquals(4, bag.features().columns());
    for (int i = 0; i < 20; i++) {
      assertEquals((i - 7) / 4f, bag.features().values()[i]);
    }
    if (ending.equals("h5")) {
      assertArrayEquals(new long[] {0, 0, 512, 0, 0, 512, 512, 512, 1024, 512}, bag.coords());
    }
  }

  @Test
  void theFileOfASlideIsFoundInTheUsualFolders(@TempDir Path folder) {
    Path file = folder.resolve("h5_files").resolve("s1.safetensors");
    file.getParent().toFile().mkdirs();
    Safetensors.write(
        file,
        List.of(WeightTensor.ofFloats("features", List.of(1L, 2L), new float[] {1, 2})),
        Map.of());
    assertEquals(file, FeatureFiles.find(folder, "s1").orElseThrow());
    assertEquals(2, FeatureFiles.read("s1", file).features().columns());
  }
}
