package io.github.gpfm.encoder.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.github.gpfm.testkit.Fixtures;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WeightFileParityTest {
  @TempDir Path folder;

  @Test
  void checkpointAndSafetensorsHoldTheSameBackbone() {
    WeightFile pth = WeightFile.open(Fixtures.parity("encoder/gpfm-tiny.pth"));
    WeightFile flat = WeightFile.open(Fixtures.parity("encoder/gpfm-tiny.safetensors"));
    assertEquals(WeightFile.Kind.TORCH_ZIP, pth.kind());
    assertEquals(WeightFile.Kind.SAFETENSORS, flat.kind());
    assertFalse(flat.tensors().isEmpty());
    for (WeightTensor tensor : flat.tensors().values()) {
      String tail = tensor.name().replaceFirst("^blocks\\.", "");
      WeightTensor other =
          pth.tensors().values().stream()
              .filter(
                  t ->
                      tail.equals(tensor.name())
                          ? t.name().equals("teacher.backbone." + tail)
                          : t.name()
                              .matches("teacher\\.backbone\\.blocks\\.\\d+\\.\\Q" + tail + "\\E"))
              .findFirst()
              .orElseThrow(() -> new AssertionError(tensor.name()));
      assertEquals(tensor.shape(), other.shape());
      assertArrayEquals(tensor.toFloats(), other.toFloats());
    }
  }

  @Test
  void bothWritersAreReadBack() {
    WeightFile original = WeightFile.open(Fixtures.parity("encoder/gpfm-tiny.safetensors"));
    Path safetensors = folder.resolve("copy.safetensors");
    Safetensors.write(safetensors, original.tensors().values(), original.metadata());
    Path pth = folder.resolve("copy.pth");
    TorchCheckpoint.write(pth, Map.of("teacher", original.tensors()));
    WeightFile first = WeightFile.open(safetensors);
    WeightFile second = WeightFile.open(pth);
    assertEquals(original.metadata(), first.metadata());
    assertEquals(original.tensors().keySet(), first.tensors().keySet());
    for (WeightTensor tensor : original.tensors().values()) {
      assertArrayEquals(tensor.toFloats(), first.tensor(tensor.name()).toFloats());
      assertArrayEquals(tensor.toFloats(), second.tensor("teacher." + tensor.name()).toFloats());
    }
  }
}
