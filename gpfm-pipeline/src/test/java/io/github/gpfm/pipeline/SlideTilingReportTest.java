package io.github.gpfm.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.gpfm.api.SlideOptions;
import io.github.gpfm.tiling.grid.GridTiler;
import io.github.gpfm.tiling.segment.ClamSegmenter;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SlideTilingReportTest {
  @TempDir Path folder;

  @Test
  void aRunLeavesOnePageWithEverySlide() throws IOException {
    BufferedImage image = new BufferedImage(3000, 2400, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setColor(new Color(0xf4f4f4));
    graphics.fillRect(0, 0, 3000, 2400);
    graphics.setColor(new Color(0xc06090));
    graphics.fillOval(600, 400, 1600, 1500);
    graphics.dispose();
    Path slide = folder.resolve("disc.png");
    ImageIO.write(image, "png", slide.toFile());
    Path broken = Files.writeString(folder.resolve("broken.svs"), "no slide");
    Path out = folder.resolve("out");
    RunSummary summary =
        SlideTiling.builder()
            .plan(
                new TilingPlan(
                    new ClamSegmenter(TilingPlan.DEFAULT_SEGMENTATION), GridTiler.atMpp(256, 0.5)))
            .output(out)
            .build()
            .run(
                List.of(
                    new SlideInput(slide, Optional.empty(), SlideOptions.DEFAULT.withMpp(0.5)),
                    SlideInput.of(broken)));
    assertEquals(1, summary.count(SlideResult.Status.FAILED));
    String html = Files.readString(out.resolve("report.html"));
    assertEquals(3, html.split("<tr[ >]", -1).length - 1);
    assertTrue(html.indexOf(">disc<") < html.indexOf(">broken<"));
    assertTrue(html.contains("3000 × 2400") && html.contains("data:image/jpeg;base64,"));
    assertTrue(html.contains("broken.svs"));
  }
}
