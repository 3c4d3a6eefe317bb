package io.github.gpfm.eval.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.gpfm.encoder.weights.Safetensors;
import io.github.gpfm.encoder.weights.WeightTensor;
import io.github.gpfm.eval.EvaluationException;
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
  @ValueSource(
      strings = {
        "python.h5",
        "python.pt",
        "python.npy",
        "python.safetensors",
        "python-half.npy",
        "python-double.npy",
        "python-archive.npz"
      })
  void pythonsFilesAreRead(String name) throws URISyntaxException {
    Path file = Path.of(FeatureFilesTest.class.getResource(name).toURI());
    FeatureBag bag = FeatureFiles.read("slide", file);
    // The recorded matrix: (0, 1, … 19 - 7) / 4 in five rows.
    assertEquals(5, bag.features().rows());
    assertEquals(4, bag.features().columns());
    for (int i = 0; i < 20; i++) {
      assertEquals((i - 7) / 4f, bag.features().values()[i]);
    }
    if (name.endsWith("h5") || name.endsWith("npz")) {
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

  @Test
  void anArchiveOfTwoTablesIsAmbiguous() throws URISyntaxException {
    Path file = Path.of(FeatureFilesTest.class.getResource("python-two.npz").toURI());
    EvaluationException e =
        assertThrows(EvaluationException.class, () -> FeatureFiles.read("slide", file));
    assertTrue(e.getMessage().contains("holds 2 tables"), e.getMessage());
  }
}
