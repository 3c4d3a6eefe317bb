package io.github.gpfm.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.gpfm.api.ProgressListener;
import io.github.gpfm.api.Slide;
import io.github.gpfm.api.TileGrid;
import io.github.gpfm.encoder.features.FeatureReader;
import io.github.gpfm.examples.programs.FiveLines;
import io.github.gpfm.examples.programs.Retrieval;
import io.github.gpfm.sample.SyntheticSlide;
import io.github.gpfm.slideio.Slides;
import io.github.gpfm.tiling.format.CoordsH5;
import io.github.gpfm.tiling.format.GeoJson;
import io.github.gpfm.tiling.grid.TileReader;
import io.github.gpfm.tiling.grid.TileTable;
import io.github.gpfm.tiling.picture.ImageFiles;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The small programs run, and what the README shows is what is compiled. */
class ProgramsTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  @TempDir Path folder;

  @Test
  void theReadmeShowsTheFiveLines() throws IOException {
    String source =
        Files.readString(Path.of("src/main/java/io/github/gpfm/examples/programs/FiveLines.java"));
    String lines =
        source
            .substring(
                source.indexOf("// README:begin\n") + "// README:begin\n".length(),
                source.indexOf("    // README:end"))
            .indent(-4);
    String readme = Files.readString(ROOT.resolve("README.md"));
    assertTrue(readme.contains("```java\n" + lines + "```"), lines);
  }

  @Test
  void theReadmesTestCommandIsWhatContinuousIntegrationRuns() throws IOException {
    String readme = Files.readString(ROOT.resolve("README.md"));
    List<String> ci = Files.readAllLines(ROOT.resolve(".ci/run"));
    String last = ci.get(ci.size() - 1).strip();
    assertFalse(last.isEmpty());
    assertTrue(readme.lines().anyMatch(line -> line.strip().equals(last)), last);
  }

  @Test
  void theReadmesLinksLeadSomewhere() throws IOException {
    Matcher link =
        Pattern.compile("\\]\\((?!https?:|#)([^)#]+)")
            .matcher(Files.readString(ROOT.resolve("README.md")));
    int links = 0;
    for (; link.find(); links++) {
      assertTrue(Files.exists(ROOT.resolve(link.group(1))), link.group(1));
    }
    assertTrue(links >= 5, links + " links");
  }

  @Test
  void fiveLinesThenRetrievalThenMaps() throws IOException {
    Path slide = folder.resolve("s.tif");
    new SyntheticSlide(9, 3072, 2560, 0.25, SyntheticSlide.Compression.JPEG)
        .write(slide, ProgressListener.NONE);
    FiveLines.main(new String[] {slide.toString(), folder.toString()});
    Path features = folder.resolve("s.h5");
    int rows;
    try (FeatureReader reader = FeatureReader.open(features)) {
      rows = reader.rows();
    }
    assertTrue(rows >= 4, rows + " tiles");

    PrintStream real = System.out;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
    try {
      Retrieval.main(new String[] {features.toString(), "2", "3"});
    } finally {
      System.setOut(real);
    }
    List<String> found = bytes.toString(StandardCharsets.UTF_8).lines().toList();
    assertEquals(3, found.size());
    assertTrue(
        found.get(0).startsWith("tile 2 at ") && found.get(0).endsWith(": 1.0000"), "" + found);

    CommandRun.of("map", slide + "", features + "", "--out", folder.resolve("pca.png") + "")
        .succeeded();
    TileTable colours = GeoJson.readTiles(folder.resolve("pca.geojson"));
    assertEquals(Set.of("pc1", "pc2", "pc3"), colours.scoreNames());
    assertEquals(rows, colours.size());
    BufferedImage picture = ImageIO.read(folder.resolve("pca.png").toFile());
    assertEquals(1536, Math.max(picture.getWidth(), picture.getHeight()));

    Path similarity = folder.resolve("like2.png");
    CommandRun.of("map", slide + "", features + "", "--tile", "2", "--out", similarity + "")
        .succeeded();
    double[] values = GeoJson.readTiles(folder.resolve("like2.geojson")).scores("similarity");
    assertEquals(1, values[2], 1e-5);

    // Tokens of two blocks stand in for the feature of the last.
    Path layers = folder.resolve("layers");
    CommandRun.of(
            "embed",
            slide + "",
            "--out",
            layers + "",
            "--layers",
            "0,2",
            "--no-pictures",
            "--format",
            "npy")
        .succeeded();
    try (FeatureReader two = FeatureReader.open(layers.resolve("s.npy"));
        FeatureReader one = FeatureReader.open(features)) {
      assertTrue(two.rows() > 0);
      assertEquals(2 * one.dimension(), two.dimension());
    }

    // A query that is the tile itself is found at that tile.
    Path query = folder.resolve("query.png");
    try (Slide open = Slides.open(slide)) {
      TileGrid grid = CoordsH5.read(features).grid(open);
      ImageFiles.writePng(query, new TileReader(open, grid).read(2));
    }
    Path like = folder.resolve("like-query.png");
    CommandRun.of("map", slide + "", features + "", "--query", query + "", "--out", like + "")
        .succeeded();
    values = GeoJson.readTiles(folder.resolve("like-query.geojson")).scores("similarity");
    assertEquals(1, values[2], 1e-5);

    Path attention = folder.resolve("attention.png");
    CommandRun.of("map", slide + "", features + "", "--attention", "2", "--out", attention + "")
        .succeeded();
    TileTable patches = GeoJson.readTiles(folder.resolve("attention.geojson"));
    TileTable tiles = GeoJson.readTiles(folder.resolve("like2.geojson"));
    assertTrue(patches.scoreNames().containsAll(Set.of("attention", "head1")));
    double sum = 0;
    for (int i = 0; i < patches.size(); i++) {
      sum += patches.score("attention", i);
      long x = patches.grid().x(i) - tiles.grid().x(2);
      long y = patches.grid().y(i) - tiles.grid().y(2);
      double edge = tiles.grid().geometry().level0Size();
      assertTrue(x >= 0 && y >= 0 && x < edge && y < edge, "patch " + i + " lies in the tile");
    }
    assertTrue(sum > 0.5 && sum <= 1.0001, "attention sums to " + sum);
    assertEquals(
        2,
        CommandRun.of("map", slide + "", features + "", "--attention", "9999", "--out", "x.png")
            .exitCode());
    assertEquals(
        2,
        CommandRun.of("map", slide + "", features + "", "--tile", "999999", "--out", "x.png")
            .exitCode());
    assertEquals(1, CommandRun.of("map", slide + "", slide + "", "--out", "x.png").exitCode());
  }
}
