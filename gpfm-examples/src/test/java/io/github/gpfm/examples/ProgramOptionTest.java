package io.github.gpfm.examples;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.gpfm.api.ProgressListener;
import io.github.gpfm.api.TileGrid;
import io.github.gpfm.encoder.GpfmEncoder;
import io.github.gpfm.encoder.features.FeatureReader;
import io.github.gpfm.encoder.image.Preprocessing;
import io.github.gpfm.encoder.model.ProgramFile;
import io.github.gpfm.pipeline.SlideInput;
import io.github.gpfm.sample.SyntheticSlide;
import io.github.gpfm.tiling.format.CoordsH5;
import io.github.gpfm.tiling.grid.TileReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code gpfm embed --program}: a network of the user's own. */
class ProgramOptionTest {
  /** Mean and maximum of each channel of 8 x 8 pixels. */
  private static final Path PROGRAMS =
      Path.of("..", "gpfm-encoder", "src", "test", "resources", "io/github/gpfm/encoder");

  @TempDir Path folder;

  private CommandRun embed(String program, String... more) {
    Path slide = folder.resolve("s.tif");
    new SyntheticSlide(3, 1200, 1100, 0.25, SyntheticSlide.Compression.DEFLATE)
        .write(slide, ProgressListener.NONE);
    List<String> args = new ArrayList<>(List.of("embed", slide.toString()));
    args.addAll(List.of("--out", folder.resolve("out").toString()));
    args.addAll(List.of("--patch-size", "96", "--a-t", "0.05", "--input-size", "8"));
    args.addAll(List.of("--program", PROGRAMS.resolve(program).toString()));
    args.addAll(List.of(more));
    return CommandRun.of(args);
  }

  @Test
  void aTorchScriptFileGivesTheFeatures() {
    CommandRun run = embed("pool.pt").succeeded();
    assertTrue(run.out().contains(", 6] float32"), run.out());
    ProgramFile program =
        new ProgramFile(PROGRAMS.resolve("pool.pt"), Preprocessing.exact(8), 256, 0.25);
    try (FeatureReader reader = FeatureReader.open(folder.resolve("out/s.h5"));
        GpfmEncoder encoder = GpfmEncoder.builder().program(program).build();
        var slide = SlideInput.of(folder.resolve("s.tif")).open()) {
      assertTrue(reader.rows() > 0);
      assertEquals(6, reader.dimension());
      TileGrid grid = CoordsH5.read(folder.resolve("out/s.h5")).grid(slide);
      TileReader tiles = new TileReader(slide, grid);
      for (int i = 0; i < reader.rows(); i++) {
        assertArrayEquals(encoder.embed(tiles.read(i)), reader.read(i, 1), 1e-5f, "row " + i);
      }
      assertEquals(
          encoder.info().weightsSha256(),
          reader.provenance().orElseThrow().entries().get("weights.sha256"));
    }
  }

  @Test
  void whatAProgramDoesNotHaveIsNamed() {
    CommandRun run = embed("pool.pt", "--tokens", "patch");
    assertEquals(1, run.exitCode());
    assertTrue(run.err().contains("has no patch tokens"), run.err());
  }

  @Test
  void onnxWithoutItsEngineNamesTheLibraryToAdd() {
    CommandRun run = embed("pool.onnx");
    assertEquals(1, run.exitCode());
    assertTrue(run.err().contains("ai.djl.onnxruntime:onnxruntime-engine"), run.err());
  }
}
