package io.github.gpfm.encoder.natives;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.gpfm.api.InvalidOptionException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Made-up machines: a driver's files, and Python environments with and without PyTorch. */
class NativesTest {
  @TempDir Path folder;

  private static void write(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private Path driver(String... models) throws IOException {
    Path proc = folder.resolve("nvidia");
    write(
        proc.resolve("version"),
        "NVRM version: NVIDIA UNIX x86_64 Kernel Module  550.54.15  Tue Mar  5 22:23:56 UTC 2024\n"
            + "GCC version:  gcc version 12.2.0\n");
    for (int i = 0; i < models.length; i++) {
      write(
          proc.resolve("gpus/0000:0" + i + ":00.0/information"),
          "Model: \t\t " + models[i] + "\nIRQ:   \t\t 42\n");
    }
    return proc;
  }

  private Path environment(String version, boolean cuda) throws IOException {
    Path site = folder.resolve("my env/lib/python3.11/site-packages");
    write(site.resolve("torch/version.py"), "__all__ = []\n__version__ = '" + version + "'\n");
    write(site.resolve("torch/lib/libtorch_cpu.so"), "");
    if (cuda) {
      write(site.resolve("torch/lib/libtorch_cuda.so"), "");
      write(site.resolve("nvidia/cublas/lib/libcublas.so.12"), "");
      write(site.resolve("nvidia/__init__.py"), "");
      write(site.resolve("cusparselt/lib/libcusparseLt.so.0"), "");
    }
    return folder.resolve("my env");
  }

  @Test
  void theDriverTellsItsVersionAndGpus() throws IOException {
    NvidiaDriver found =
        NvidiaDriver.find(driver("NVIDIA H100 80GB HBM3", "NVIDIA A100")).orElseThrow();
    assertEquals(
        new NvidiaDriver("550.54.15", List.of("NVIDIA H100 80GB HBM3", "NVIDIA A100")), found);
    assertEquals(Optional.empty(), NvidiaDriver.find(folder.resolve("none")));
  }

  @Test
  void gpusThatGoUnusedAreNamedWithTheFix() throws IOException {
    Optional<NvidiaDriver> driver = NvidiaDriver.find(driver("NVIDIA H100"));
    EngineNatives processor = new EngineNatives("2.7.1", folder, false, false, 0);
    String sentence = processor.unusedGpus(driver).orElseThrow();
    assertTrue(sentence.contains("1 GPU(s), NVIDIA H100"), sentence);
    assertTrue(sentence.contains("gpfm doctor --find-natives"), sentence);
    String old = new EngineNatives("2.7.1", folder, true, true, 0).unusedGpus(driver).orElseThrow();
    assertTrue(old.contains("driver 550.54.15") && old.contains("/dev/nvidia"), old);
    assertFalse(new EngineNatives("2.7.1", folder, true, true, 1).unusedGpus(driver).isPresent());
    assertFalse(processor.unusedGpus(Optional.empty()).isPresent());
  }

  @Test
  void aPythonEnvironmentGivesTheExports() throws IOException {
    PythonNatives natives = PythonNatives.find(environment("2.7.1+cu126", true));
    Path site = folder.resolve("my env/lib/python3.11/site-packages").toAbsolutePath();
    assertTrue(natives.cuda());
    assertEquals(
        List.of(
            site.resolve("torch/lib"),
            site.resolve("nvidia/cublas/lib"),
            site.resolve("cusparselt/lib")),
        natives.libraries());
    List<String> lines = natives.exports();
    assertEquals("export PYTORCH_LIBRARY_PATH='" + site.resolve("torch/lib") + "'", lines.get(0));
    assertEquals("export PYTORCH_VERSION=2.7.1", lines.get(1));
    assertEquals("export PYTORCH_FLAVOR=cu128", lines.get(2));
    assertTrue(lines.get(3).startsWith("export LD_LIBRARY_PATH='"), lines.get(3));
  }

  @Test
  void aProcessorBuildIsCalledOne() throws IOException {
    PythonNatives natives = PythonNatives.find(environment("2.7.1+cpu", false));
    assertFalse(natives.cuda());
    assertEquals("export PYTORCH_FLAVOR=cpu", natives.exports().get(2));
  }

  @Test
  void anotherVersionAndNoneAreRefused() throws IOException {
    Path other = environment("2.9.0+cu128", true);
    String version =
        assertThrows(InvalidOptionException.class, () -> PythonNatives.find(other)).getMessage();
    assertTrue(version.contains("2.9.0+cu128") && version.contains("torch==2.7.1"), version);
    String none =
        assertThrows(InvalidOptionException.class, () -> PythonNatives.find(folder)).getMessage();
    assertTrue(none.contains("has no PyTorch"), none);
  }
}
