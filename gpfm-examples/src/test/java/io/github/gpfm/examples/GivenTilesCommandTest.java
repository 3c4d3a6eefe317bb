package io.github.gpfm.examples;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.gpfm.tiling.format.CoordsH5;
import io.github.gpfm.tiling.format.TileCsv;
import io.github.gpfm.tiling.grid.TileTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code --coords} and {@code --mask}: tiles and tissue that somebody else chose. */
class GivenTilesCommandTest {
  @TempDir static Path shared;
  private static Path slides;
  private static Path coords;

  @TempDir Path folder;

  @BeforeAll
  static void tileTwoSlides() throws IOException {
    slides = Files.createDirectory(shared.resolve("slides"));
    coords = shared.resolve("coords");
    int seed = 0;
    for (String name : List.of("a", "b")) {
      String file = slides.resolve(name + ".tif").toString();
      CommandRun.of(
              "sample", "--out", file, "--width", "1024", "--height", "768", "--seed", "" + ++seed)
          .succeeded();
    }
    CommandRun.of(
            "tile",
            slides.resolve("a.tif").toString(),
            slides.resolve("b.tif").toString(),
            "--out",
            coords.toString(),
            "--layout",
            "clam",
            "--patch-size",
            "128",
            "--a-t",
            "0.1")
        .succeeded();
  }

  private CommandRun tile(String out, String... more) {
    List<String> args =
        new ArrayList<>(
            List.of(
                "tile",
                slides.resolve("a.tif").toString(),
                "--out",
                folder.resolve(out).toString()));
    args.addAll(List.of(more));
    return CommandRun.of(args);
  }

  @Test
  void tilesOfAFileAreKeptAndMadeAgainWhenItChanges() throws IOException {
    Path file = Files.copy(coords.resolve("a.h5"), folder.resolve("chosen.h5"));
    tile("out", "--coords", file.toString(), "--table", "csv").succeeded();
    long[] chosen = CoordsH5.read(file).coords();
    Path made = folder.resolve("out/a.h5");
    assertArrayEquals(chosen, CoordsH5.read(made).coords());
    TileTable table = TileCsv.read(folder.resolve("out/a-tiles.csv")).get(0);
    assertEquals(Set.of(), table.scoreNames(), "nobody looked for tissue");
    assertTrue(
        tile("out", "--coords", file.toString(), "--table", "csv")
            .succeeded()
            .out()
            .contains("there"));
    // Other tiles under the same name.
    CommandRun.of(
            "tile",
            slides.resolve("a.tif").toString(),
            "--out",
            folder.resolve("other").toString(),
            "--patch-size",
            "96",
            "--a-t",
            "0.1")
        .succeeded();
    Files.copy(
        folder.resolve("other/a.h5"), file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    CommandRun again = tile("out", "--coords", file.toString(), "--table", "csv").succeeded();
    assertTrue((again.out() + again.err()).contains("tiler.coords"), again.out() + again.err());
    assertArrayEquals(CoordsH5.read(file).coords(), CoordsH5.read(made).coords());
  }

  @Test
  void aFolderHoldsAFileForEachSlide() {
    Path out = folder.resolve("out");
    CommandRun.of(
            "tile",
            slides.toString(),
            "--glob",
            "*.tif",
            "--out",
            out.toString(),
            "--coords",
            coords.toString())
        .succeeded();
    for (String name : List.of("a", "b")) {
      assertArrayEquals(
          CoordsH5.read(coords.resolve(name + ".h5")).coords(),
          CoordsH5.read(out.resolve(name + ".h5")).coords());
    }
    CommandRun one =
        CommandRun.of(
            "tile",
            slides.toString(),
            "--glob",
            "*.tif",
            "--out",
            out.toString(),
            "--coords",
            coords.resolve("a.h5").toString());
    assertEquals(2, one.exitCode());
    assertTrue(one.err().contains("one slide, not to 2"), one.err());
  }

  @Test
  void whatContradictsTheFileIsAnErrorThatNamesBoth() {
    String file = coords.resolve("a.h5").toString();
    CommandRun size = tile("x", "--coords", file, "--patch-size", "256");
    assertEquals(1, size.exitCode());
    assertTrue(
        size.err().contains("patchSize 256 contradicts")
            && size.err().contains("patch_size is 128")
            && size.err().contains("(--patch-size)."),
        size.err());
    tile("ok", "--coords", file, "--patch-size", "128", "--patch-level", "0").succeeded();
    CommandRun roi = tile("y", "--coords", file, "--min-tissue", "0.5");
    assertEquals(2, roi.exitCode());
    assertTrue(roi.err().contains("--min-tissue"), roi.err());
    CommandRun other = tile("z", "--coords", coords.resolve("none.h5").toString());
    assertEquals(1, other.exitCode());
    assertTrue(other.err().contains("none.h5"), other.err());
  }

  @Test
  void aMaskIsTheTissue() throws IOException {
    Path mask = slides.resolve("a-mask.png");
    assertTrue(Files.exists(mask), "gpfm sample writes it");
    tile("out", "--mask", mask.toString(), "--tile-size", "64", "--mpp", "0.5", "--table", "csv")
        .succeeded();
    TileTable table = TileCsv.read(folder.resolve("out/a-tiles.csv")).get(0);
    assertTrue(table.size() > 0);
    assertEquals(Set.of("tissue_fraction"), table.scoreNames());
    CommandRun both = tile("x", "--mask", mask.toString(), "--segmenter", "otsu");
    assertEquals(2, both.exitCode());
    assertTrue(both.err().contains("--mask and --segmenter"), both.err());
    // What a run of this program found is a mask too.
    tile("again", "--mask", coords.toString(), "--patch-size", "128").succeeded();
    assertEquals(
        CoordsH5.read(coords.resolve("a.h5")).size(),
        CoordsH5.read(folder.resolve("again/a.h5")).size(),
        2);
  }
}
