package io.github.gpfm.tiling.qc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.api.ProgressListener;
import io.github.gpfm.api.TileGeometry;
import io.github.gpfm.api.TileGrid;
import io.github.gpfm.testkit.Fixtures;
import io.github.gpfm.tiling.SyntheticSlide;
import io.github.gpfm.tiling.grid.TileTable;
import io.github.gpfm.tiling.segment.ClamSegmenter;
import io.github.gpfm.tiling.segment.SegmentationParameters;
import io.github.gpfm.tiling.tissue.Tissue;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.awt.image.ConvolveOp;
import java.awt.image.Kernel;
import java.io.IOException;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class QualityControlTest {
  private static BufferedImage plain(int rgb) {
    BufferedImage image = new BufferedImage(256, 256, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setColor(new Color(rgb));
    graphics.fillRect(0, 0, 256, 256);
    graphics.dispose();
    return image;
  }

  private static BufferedImage withBar(int background, int bar) {
    BufferedImage image = plain(background);
    Graphics2D graphics = image.createGraphics();
    graphics.setColor(new Color(bar));
    graphics.fillRect(0, 0, 64, 256);
    graphics.dispose();
    return image;
  }

  @Test
  void blurLowersTheBlurScore() {
    BufferedImage sharp = plain(0xffffff);
    for (int i = 0; i < 256 * 256; i++) {
      int on = (i % 256 / 8 + i / 256 / 8) % 2;
      sharp.setRGB(i % 256, i / 256, on == 0 ? 0xffc06090 : 0xff603060);
    }
    float[] box = new float[81];
    Arrays.fill(box, 1f / 81);
    BufferedImage blurred =
        new ConvolveOp(new Kernel(9, 9, box), ConvolveOp.EDGE_NO_OP, null).filter(sharp, null);
    assertTrue(TileScore.BLUR.of(blurred, 0.5) < 0.2 * TileScore.BLUR.of(sharp, 0.5));
    assertEquals(0, TileScore.BLUR.of(plain(0x808080), 0.5));
  }

  @Test
  void partsOfPixelsAreCounted() {
    assertEquals(1, TileScore.WHITE.of(plain(0xf4f4f4), 0.5));
    assertEquals(0.75, TileScore.WHITE.of(withBar(0xf4f4f4, 0xc06090), 0.5));
    for (int pen : new int[] {0x10a040, 0x2050d0, 0xd02020, 0x101010}) {
      assertEquals(0.25, TileScore.PEN.of(withBar(0xc890b8, pen), 0.5), Integer.toHexString(pen));
    }
    assertEquals(0, TileScore.PEN.of(withBar(0xc890b8, 0x5a3c8c), 0.5));
    assertEquals(0.25, TileScore.FOLD.of(withBar(0xc890b8, 0x5a1450), 0.5), 0.02);
    assertEquals(0, TileScore.FOLD.of(plain(0xc06090), 0.5));
  }

  @Test
  void realPenAndTissueAreToldApart() throws IOException {
    double red = pen("images/no-tissue-red-pen.png");
    double green = pen("images/tcga-green-pen.png");
    double tissue = pen("images/tissue-level0-4302-10273-4814-10785.png");
    double second = pen("images/01581x_25327y.png");
    assertTrue(
        Math.min(red, green) > 0.1 && Math.max(tissue, second) < 0.02,
        red + " " + green + " " + tissue + " " + second);
  }

  private static double pen(String image) throws IOException {
    return TileScore.PEN.of(ImageIO.read(Fixtures.data(image).toFile()), 0.5);
  }

  @Test
  void scoresAndFiltersATable() {
    SyntheticSlide slide =
        new SyntheticSlide(8192, 8192, 0.25, SyntheticSlide.discs(2000, 3000, 3000), 1, 8, 64);
    Tissue tissue =
        new ClamSegmenter(SegmentationParameters.OFFICIAL.withSegLevel(1).withAreas(1, 1, 8))
            .segment(slide);
    TileTable table =
        TileTable.of(
            "s",
            TileGrid.of(
                new TileGeometry(0, 256, 256, 256, 256, 0.25), 3000, 3000, 7000, 7000, 900, 3000));
    TileTable scored =
        QualityControl.score(
            slide,
            QualityControl.tissueFraction(table, tissue),
            EnumSet.allOf(TileScore.class),
            2,
            ProgressListener.NONE);
    assertEquals(5, scored.scoreNames().size());
    assertEquals(1, scored.score("tissue_fraction", 0));
    assertEquals(0, scored.score("tissue_fraction", 1));
    assertEquals(1, scored.score("white", 1));
    TileFilter tissueOnly = TileFilter.parse("tissue_fraction >= 0.3");
    TileFilter notWhite = TileFilter.parse("white<=0.2");
    assertEquals(2, tissueOnly.apply(scored).size());
    assertEquals(1, tissueOnly.and(notWhite).apply(scored).size());
    assertEquals(1, tissueOnly.negate().apply(scored).size());
    assertEquals(3, tissueOnly.or(tissueOnly.negate()).apply(scored).size());
    for (String bad : List.of("blur", "blur>3", "blur>=x", ">=3")) {
      assertThrows(InvalidOptionException.class, () -> TileFilter.parse(bad));
    }
    assertThrows(InvalidOptionException.class, () -> TileFilter.min("none", 1).apply(scored));
  }
}
