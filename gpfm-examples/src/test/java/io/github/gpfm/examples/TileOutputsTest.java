package io.github.gpfm.examples;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.gpfm.encoder.features.FeatureReader;
import io.github.gpfm.parquet.TileParquet;
import io.github.gpfm.tiling.format.CoordsH5;
import io.github.gpfm.tiling.format.GeoJson;
import io.github.gpfm.tiling.format.TileCsv;
import io.github.gpfm.tiling.grid.TileTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Scores, tables and process lists of {@code gpfm tile}. */
class TileOutputsTest {
  private static final String[] SMALL = {"--patch-size", "128", "--a-t", "0.1", "--a-h", "0.1"};

  @TempDir static Path shared;
  private static Path slides;

  @TempDir Path folder;
  private Path out;

  @BeforeAll
  static void drawSlides() throws IOException {
    slides = Files.createDirectory(shared.resolve("slides"));
    for (String name : List.of("a", "b")) {
      String file = slides.resolve(name + ".tif").toString();
      CommandRun.of("sample", "--out", file, "--width", "2048", "--height", "1536").succeeded();
    }
  }

  @BeforeEach
  void chooseFolder() {
    out = folder.resolve("out");
  }

  private CommandRun tile(Path slide, String... more) {
    List<String> args = new ArrayList<>(List.of("tile", slide.toString()));
    args.addAll(List.of("--out", out.toString()));
    args.addAll(List.of(SMALL));
    args.addAll(List.of(more));
    return CommandRun.of(args);
  }

  @Test
  void everyFileHoldsTheSameKeptTiles() throws IOException {
    tile(slides.resolve("a.tif")).succeeded();
    int all = CoordsH5.read(out.resolve("a.h5")).coords().length / 2;
    tile(
            slides.resolve("a.tif"),
            "--qc",
            "blur,white",
            "--filter",
            "tissue_fraction>=0.9",
            "--mosaic",
            "--table",
            "csv",
            "--tiles-geojson")
        .succeeded();
    TileTable table = TileCsv.read(out.resolve("a-tiles.csv")).get(0);
    assertEquals(Set.of("blur", "tissue_fraction", "white"), table.scoreNames());
    assertTrue(table.size() > 0 && table.size() < all, table.size() + " of " + all);
    for (int i = 0; i < table.size(); i++) {
      assertTrue(table.score("tissue_fraction", i) >= 0.9);
    }
    assertEquals(table, GeoJson.readTiles(out.resolve("a-tiles.geojson")));
    assertEquals(table.size() * 2, CoordsH5.read(out.resolve("a.h5")).coords().length);
    assertTrue(Files.size(out.resolve("a-qc.jpg")) > 0);
    assertTrue(Files.size(out.resolve("a-mosaic.jpg")) > 0);
  }

  @Test
  void parquetHoldsWhatTheOtherFormatsHold() {
    tile(slides.resolve("a.tif"), "--qc", "blur,pen", "--table", "csv").succeeded();
    TileTable csv = TileCsv.read(out.resolve("a-tiles.csv")).get(0);
    tile(slides.resolve("a.tif"), "--qc", "blur,pen", "--table", "parquet").succeeded();
    assertEquals(csv, TileParquet.read(out.resolve("a-tiles.parquet")));

    embed("h5");
    embed("parquet");
    try (FeatureReader h5 = FeatureReader.open(out.resolve("a.h5"));
        FeatureReader parquet = FeatureReader.open(out.resolve("a.parquet"))) {
      assertTrue(h5.rows() > 0);
      assertArrayEquals(h5.coords(), parquet.coords());
      assertArrayEquals(h5.read(0, h5.rows()), parquet.read(0, parquet.rows()));
      assertEquals(
          h5.provenance().orElseThrow().entries(), parquet.provenance().orElseThrow().entries());
    }
  }

  private void embed(String format) {
    List<String> args = new ArrayList<>(List.of("embed", slides.resolve("a.tif").toString()));
    args.addAll(List.of("--out", out.toString(), "--tile-size", "256", "--mpp", "1"));
    args.addAll(List.of("--format", format, "--device", "cpu"));
    CommandRun.of(args).succeeded();
  }

  @Test
  void aProcessListOverridesSelectsAndIsWrittenBack() throws IOException {
    Path list = folder.resolve("list.csv");
    Files.writeString(list, "slide_id,process,a_t,note\na.tif,1,1000000,huge\nb.tif,0,,later\n");
    CommandRun run = tile(slides, "--process-list", list.toString()).succeeded();
    assertTrue(run.out().contains("no tile lies on tissue"), run.out());
    assertFalse(Files.exists(out.resolve("b.h5")));
    List<String> rows = Files.readAllLines(out.resolve("process_list.csv"));
    assertTrue(rows.get(1).startsWith("a.tif,0,processed,"), rows.get(1));
    assertTrue(rows.get(1).contains(",1000000") && rows.get(1).endsWith(",huge"), rows.get(1));
    assertTrue(rows.get(2).startsWith("b.tif,0,tbp,") && rows.get(2).endsWith(",later"));

    // The same row set to be processed takes the options where its cells are empty.
    Files.writeString(list, "slide_id,process\nb.tif,1\n");
    tile(slides, "--process-list", list.toString()).succeeded();
    assertTrue(CoordsH5.read(out.resolve("b.h5")).coords().length > 0);
  }

  @Test
  void atMostSoManyTilesAreKeptByTheSeed() {
    TileTable all = limited();
    TileTable random = limited("--max-tiles", "12", "--seed", "3");
    assertEquals(12, random.size());
    assertEquals(random, limited("--max-tiles", "12", "--seed", "3"));
    assertNotEquals(random, limited("--max-tiles", "12", "--seed", "4"));
    // A tile of every tenth of the scores' order.
    TileTable even = limited("--max-tiles", "10", "--stratify-by", "blur");
    double[] blur = all.scores("blur").clone();
    Arrays.sort(blur);
    double[] chosen = even.scores("blur").clone();
    Arrays.sort(chosen);
    assertEquals(10, chosen.length);
    for (int i = 0; i < chosen.length; i++) {
      assertTrue(chosen[i] >= blur[blur.length * i / 10], "group " + i);
      assertTrue(chosen[i] <= blur[blur.length * (i + 1) / 10 - 1], "group " + i);
    }
    CommandRun wrong = tile(slides.resolve("a.tif"), "--max-tiles", "9", "--stratify-by", "pen");
    assertTrue(wrong.err().contains("(--stratify-by, --qc)."), wrong.err());
    wrong = tile(slides.resolve("a.tif"), "--stratify-by", "tissue_fraction");
    assertTrue(wrong.err().contains("(--stratify-by, --max-tiles)."), wrong.err());
  }

  private TileTable limited(String... options) {
    List<String> more = new ArrayList<>(List.of("--qc", "blur", "--table", "csv"));
    more.addAll(List.of(options));
    tile(slides.resolve("a.tif"), more.toArray(String[]::new)).succeeded();
    return TileCsv.read(out.resolve("a-tiles.csv")).get(0);
  }

  @Test
  void extractTakesAProcessListToo() throws IOException {
    Path list = folder.resolve("list.csv");
    Files.writeString(list, "slide_id,process,a_t\na.tif,1,1000000\nb.tif,1,\n");
    List<String> args = new ArrayList<>(List.of("extract", slides.toString()));
    args.addAll(List.of("--out", out.toString(), "--tile-size", "256", "--mpp", "1"));
    args.addAll(List.of("--process-list", list.toString(), "--a-t", "0.1"));
    CommandRun.of(args).succeeded();
    assertEquals(
        0, TileCsv.read(out.resolve("plan/a.csv")).stream().mapToInt(TileTable::size).sum());
    assertTrue(TileCsv.read(out.resolve("plan/b.csv")).get(0).size() > 0);
    // Another a_t of one slide is another extraction.
    Files.writeString(list, "slide_id,process,a_t\na.tif,1,0.2\nb.tif,1,\n");
    assertTrue(CommandRun.of(args).err().contains("other options"), CommandRun.of(args).err());
    Files.writeString(list, "slide_id,process\na.tif,0\nb.tif,0\n");
    assertTrue(CommandRun.of(args).err().contains("leaves no slide"), CommandRun.of(args).err());
  }

  @Test
  void embedTakesAProcessListToo() throws IOException {
    Path list = folder.resolve("list.csv");
    Files.writeString(list, "slide_id,process,a_t\na.tif,1,1000000\nb.tif,1,\n");
    List<String> args = new ArrayList<>(List.of("embed", slides.toString()));
    args.addAll(List.of("--out", out.toString(), "--tile-size", "256", "--mpp", "1"));
    args.addAll(List.of("--process-list", list.toString(), "--device", "cpu", "--table", "csv"));
    CommandRun run = CommandRun.of(args).succeeded();
    assertTrue(run.out().contains("no tile lies on tissue"), run.out());
    assertFalse(Files.exists(out.resolve("a.h5")));
    List<String> printed = run.out().lines().toList();
    for (String name : List.of("b.geojson", "b-tissue.jpg", "b-tiles.csv")) {
      assertTrue(printed.contains(out.resolve(name).toString()), run.out());
    }
    try (FeatureReader features = FeatureReader.open(out.resolve("b.h5"))) {
      assertTrue(features.rows() > 0);
      assertEquals(features.rows(), TileCsv.read(out.resolve("b-tiles.csv")).get(0).size());
    }
    List<String> rows = Files.readAllLines(out.resolve("process_list.csv"));
    assertTrue(rows.get(1).startsWith("a.tif,0,processed,"), rows.get(1));
    assertTrue(rows.get(2).startsWith("b.tif,0,processed,"), rows.get(2));
    assertTrue(Files.readString(out.resolve("report.html")).contains("no tissue found"));

    // Another a_t is another slide's tiles: done again; the same is not.
    Files.writeString(list, "slide_id,process,a_t\na.tif,1,0.5\nb.tif,1,\n");
    String again = CommandRun.of(args).succeeded().out();
    assertTrue(again.contains("a.h5: features"), again);
    assertTrue(again.contains("b.h5: there already"), again);
    assertTrue(Files.readString(out.resolve("report.html")).contains("finished before"));
  }

  @Test
  void whatContradictsAProcessListIsSaid() throws IOException {
    Path list = Files.writeString(folder.resolve("list.csv"), "slide_id,process\na.tif,0\n");
    CommandRun otsu =
        CommandRun.of(
            "tile",
            slides.toString(),
            "--out",
            out.toString(),
            "--segmenter",
            "otsu",
            "--process-list",
            list.toString());
    assertEquals(2, otsu.exitCode());
    assertTrue(otsu.err().contains("otsu (--segmenter)."), otsu.err());
    CommandRun nothing = tile(slides, "--process-list", list.toString());
    assertEquals(2, nothing.exitCode());
    assertTrue(nothing.err().contains("list.csv"), nothing.err());
    assertFalse(Files.exists(out));
  }
}
