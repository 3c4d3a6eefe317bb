package io.github.gpfm.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.gpfm.encoder.features.FeatureReader;
import io.github.gpfm.encoder.weights.WeightFile;
import io.github.gpfm.testkit.Fixtures;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged program, run by {@code java -jar} from another folder. */
class GpfmJarIT {
  private static final Path JAR = Path.of("target/gpfm.jar").toAbsolutePath();

  @TempDir Path folder;

  private record Run(int exitCode, String out, String err) {}

  private Run java(String... args) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-jar",
                JAR.toString()));
    command.addAll(List.of(args));
    Path out = folder.resolve("stdout");
    Path err = folder.resolve("stderr");
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    int exitCode = process.waitFor();
    return new Run(
        exitCode,
        Files.readString(out, StandardCharsets.UTF_8),
        Files.readString(err, StandardCharsets.UTF_8));
  }

  @Test
  void aSampleBecomesFeaturesAndPictures() throws Exception {
    assertEquals(0, java("sample", "--out", "s.tif", "--seed", "7", "--width", "3072").exitCode());
    Run run = java("embed", "s.tif", "--out", "out");
    assertEquals(0, run.exitCode(), run.err());
    Path out = folder.resolve("out");
    try (FeatureReader reader = FeatureReader.open(out.resolve("s.h5"))) {
      assertTrue(
          run.out()
              .contains(
                  Path.of("out", "s.h5")
                      + ": features ["
                      + reader.rows()
                      + ", "
                      + reader.dimension()
                      + "] float32"),
          run.out());
      assertTrue(run.out().contains("tiles/s"), run.out());
    }
    try (Stream<Path> files = Files.list(out)) {
      assertEquals(
          List.of(
              "process_list.csv",
              "report.html",
              "s-tissue.jpg",
              "s.geojson",
              "s.h5",
              "summary.json"),
          files
              .map(file -> file.getFileName().toString())
              .filter(name -> !name.equals(".gpfm"))
              .sorted()
              .toList());
    }
    Run again = java("embed", "s.tif", "--out", "out");
    assertEquals(0, again.exitCode(), again.err());
    assertTrue(again.out().contains("skipped"), again.out());
  }

  @Test
  void recordedFeaturesComeOutOfTheJar() throws Exception {
    Path recorded = Fixtures.data("tiling/mosaic-pyramid.features.safetensors");
    WeightFile file = WeightFile.open(recorded);
    TileCase one = TileCase.of(file.metadata().get("slide"), file.metadata().get("case"));
    Path weights = Fixtures.parity(file.metadata().get("weights").replaceFirst("^parity/", ""));
    List<String> args = new ArrayList<>(List.of("embed", one.slide().toString()));
    args.addAll(List.of("--weights", weights.toString(), "--out", "out"));
    args.addAll(one.options());
    Run run = java(args.toArray(String[]::new));
    assertEquals(0, run.exitCode(), run.err());
    String name = one.slide().getFileName().toString().replaceFirst("\\.[^.]*$", "");
    float[] expected = file.tensors().get("features").toFloats();
    try (FeatureReader reader = FeatureReader.open(folder.resolve("out/" + name + ".h5"))) {
      float[] found = reader.read(0, reader.rows());
      assertEquals(expected.length, found.length);
      for (int i = 0; i < expected.length; i++) {
        assertEquals(expected[i], found[i], 1e-3f);
      }
    }
  }

  @Test
  void failuresAreOneSentence() throws Exception {
    Run run = java("info", "nowhere.svs");
    assertEquals(1, run.exitCode());
    assertEquals(1, run.err().strip().lines().count(), run.err());
    assertFalse(run.err().contains("\tat "), run.err());
    assertEquals(2, java("tile", "nowhere.svs").exitCode());
    assertEquals(0, java("--version").exitCode());
  }
}
