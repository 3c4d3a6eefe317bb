package io.github.gpfm.tiling.picture;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.gpfm.api.TileGrid;
import io.github.gpfm.tiling.SyntheticSlide;
import io.github.gpfm.tiling.grid.GridTiler;
import io.github.gpfm.tiling.grid.TileTable;
import io.github.gpfm.tiling.qc.QualityControl;
import io.github.gpfm.tiling.segment.ClamSegmenter;
import io.github.gpfm.tiling.segment.SegmentationParameters;
import io.github.gpfm.tiling.tissue.Tissue;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PicturesTest {
  private static final SyntheticSlide SLIDE =
      new SyntheticSlide(8192, 6144, 0.25, SyntheticSlide.discs(1800, 2600, 3000), 1, 4, 16);
  private static final Tissue TISSUE =
      new ClamSegmenter(SegmentationParameters.OFFICIAL.withAreas(1, 1, 8)).segment(SLIDE);
  private static final TileGrid GRID = GridTiler.atMpp(256, 0.25).tile(SLIDE, TISSUE);

  @TempDir Path folder;

  @Test
  void thumbnailKeepsProportionsAndColours() {
    Thumbnail thumbnail = Thumbnail.of(SLIDE, 1000);
    assertEquals(1000, thumbnail.image().getWidth());
    assertEquals(750, thumbnail.image().getHeight());
    assertEquals(0xffc06090, thumbnail.image().getRGB(317, 366));
    assertEquals(0xfff4f4f4, thumbnail.image().getRGB(900, 100));
  }

  @Test
  void picturesShowTissueTilesAndScores() throws IOException {
    Thumbnail thumbnail = Thumbnail.of(SLIDE, 1000);
    BufferedImage picture = TissuePicture.draw(thumbnail, TISSUE, GRID);
    assertTrue(green(picture) > green(thumbnail.image()) + 500, "green: " + green(picture));
    BufferedImage mosaic = MosaicPicture.draw(thumbnail, GRID, Color.BLACK);
    assertEquals(0xff000000, mosaic.getRGB(900, 100));
    assertEquals(0xffc06090, mosaic.getRGB(317, 366));
    TileTable table = QualityControl.tissueFraction(TileTable.of("s", GRID), TISSUE);
    BufferedImage heat = HeatMapPicture.draw(thumbnail, table, "tissue_fraction");
    assertTrue(heat.getHeight() > thumbnail.image().getHeight(), "there is a legend");
    assertNotEquals(0xffc06090, heat.getRGB(317, 366));
    assertEquals(0xfff4f4f4, heat.getRGB(900, 100));
    Path file = folder.resolve("p.jpg");
    ImageFiles.writeJpeg(file, picture);
    assertEquals(1000, ImageIO.read(file.toFile()).getWidth());
    assertArrayEquals(ImageFiles.jpeg(picture, 0.9f), Files.readAllBytes(file));
    ImageFiles.writePng(folder.resolve("p.png"), picture);
    assertEquals(picture.getRGB(5, 5), ImageIO.read(folder.resolve("p.png").toFile()).getRGB(5, 5));
  }

  private Path report() {
    BufferedImage picture = TissuePicture.draw(SLIDE, TISSUE, GRID, 800);
    ReportRow row = ReportRow.of(SLIDE, TISSUE, GRID, picture, 1.25);
    assertEquals(List.of(), row.warnings());
    SyntheticSlide blank = new SyntheticSlide(2048, 1024, Double.NaN, (x, y) -> 0xf4f4f4, 1);
    Tissue none = new ClamSegmenter(SegmentationParameters.OFFICIAL).segment(blank);
    TileGrid empty = TileGrid.of(GRID.geometry());
    ReportRow second =
        ReportRow.of(blank, none, empty, TissuePicture.draw(blank, none, empty, 800), 0.5);
    assertEquals(List.of("no tissue found", "resolution unknown"), second.warnings());
    TileGrid fine = GridTiler.atMpp(512, SLIDE.mpp().orElseThrow().mean() / 2).tile(SLIDE, TISSUE);
    assertEquals(
        List.of("tiles are enlarged: the slide is coarser"),
        ReportRow.of(SLIDE, TISSUE, fine, picture, 1).warnings());
    ReportRow third = ReportRow.failed("<b>bad & \"quoted\"</b>", "cannot be read", 0.1);
    Path file = folder.resolve("report.html");
    CohortReport.write(file, "Cohort <1>", List.of(row, second, third));
    return file;
  }

  @Test
  void reportEscapesWhatSlidesAreCalled() throws IOException {
    String html = Files.readString(report());
    assertTrue(html.contains("&lt;b&gt;bad &amp; &quot;quoted&quot;&lt;/b&gt;"));
    assertFalse(html.contains("<b>bad"));
    assertTrue(html.contains("Cohort &lt;1&gt;"));
    assertTrue(html.contains("colspan=\"6\">cannot be read</td>"));
  }

  @Test
  void reportOpensInABrowser() throws Exception {
    Path chromium = chromium();
    Path html = report();
    String dom = browse(chromium, html, List.of("--dump-dom"));
    assertEquals(4, dom.split("<tr[ >]", -1).length - 1, "rows");
    assertTrue(dom.contains("3 slides, " + GRID.size() + " tiles, 1 with warnings, 1 failed"));
    Path screenshot = folder.resolve("report.png");
    browse(
        chromium,
        html,
        List.of("--screenshot=" + screenshot, "--window-size=1300,900", "--hide-scrollbars"));
    BufferedImage shown = ImageIO.read(screenshot.toFile());
    assertEquals(1300, shown.getWidth());
    // The first slide's thumbnail is really drawn: its tissue is pink.
    int pink = 0;
    for (int i = 0; i < shown.getWidth() * shown.getHeight(); i++) {
      Color colour = new Color(shown.getRGB(i % shown.getWidth(), i / shown.getWidth()));
      pink += colour.getRed() > colour.getGreen() + 50 && colour.getBlue() > 90 ? 1 : 0;
    }
    assertTrue(pink > 3000, "pink pixels: " + pink);
  }

  private static int green(BufferedImage image) {
    int green = 0;
    for (int i = 0; i < image.getWidth() * image.getHeight(); i++) {
      Color colour = new Color(image.getRGB(i % image.getWidth(), i / image.getWidth()));
      green += colour.getGreen() > colour.getRed() + 30 ? 1 : 0;
    }
    return green;
  }

  private static Path chromium() {
    return Stream.of("chromium", "chromium-browser", "google-chrome")
        .flatMap(
            name ->
                Stream.of(System.getenv("PATH").split(java.io.File.pathSeparator))
                    .map(directory -> Path.of(directory, name)))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseGet(
            () -> {
              Assumptions.abort("no chromium on the PATH to open the report in");
              return Path.of("");
            });
  }

  private String browse(Path chromium, Path page, List<String> options) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(chromium.toString());
    command.addAll(
        List.of(
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--user-data-dir=" + Files.createTempDirectory(folder, "profile")));
    command.addAll(options);
    command.add(page.toUri().toString());
    Path output = Files.createTempFile(folder, "browser", ".txt");
    Process process =
        new ProcessBuilder(command)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .redirectOutput(output.toFile())
            .start();
    try {
      assertTrue(process.waitFor(120, TimeUnit.SECONDS), "the browser did not end");
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
    assertEquals(0, process.exitValue());
    return Files.readString(output, StandardCharsets.UTF_8);
  }
}
