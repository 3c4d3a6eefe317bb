package io.github.gpfm.tiling.segment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.gpfm.tiling.SyntheticSlide;
import io.github.gpfm.tiling.tissue.Contour;
import io.github.gpfm.tiling.tissue.Tissue;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferInt;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Slides of a single level larger than memory are segmented by streaming. */
class HugeSlideTest {
  private static final long WIDTH = 100_000;
  private static final long HEIGHT = 80_000;
  private static final long MAX_BYTES = 2L << 30;

  /** A rectangle of tissue; rows are filled, not painted pixel by pixel. */
  private static final class HugeSlide extends SyntheticSlide {
    static final int LEFT = 20_000;
    static final int RIGHT = 60_000;
    static final int TOP = 10_000;
    static final int BOTTOM = 50_000;

    HugeSlide() {
      super(WIDTH, HEIGHT, 0.25, (x, y) -> 0, 1);
    }

    @Override
    public BufferedImage readRegion(long x, long y, int level, int width, int height) {
      BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_ARGB);
      int[] pixels = ((DataBufferInt) image.getRaster().getDataBuffer()).getData();
      for (int row = 0; row < height; row++) {
        int start = row * width;
        Arrays.fill(pixels, start, start + width, 0xfff4f4f4);
        if (y + row >= TOP && y + row < BOTTOM) {
          int from = (int) Math.max(0, Math.min(width, LEFT - x));
          int to = (int) Math.max(0, Math.min(width, RIGHT - x));
          Arrays.fill(pixels, start + from, start + to, 0xffc06090);
        }
      }
      return image;
    }
  }

  @Test
  void aSingleLevelOfEightGigapixelsFitsTwoGigabytes() throws IOException {
    try (HugeSlide slide = new HugeSlide()) {
      Tissue tissue =
          new ClamSegmenter(SegmentationParameters.OFFICIAL.withAreas(1, 1, 8)).segment(slide);
      assertEquals(1, tissue.regions().size());
      Contour.Bounds bounds = tissue.regions().get(0).outline().bounds();
      double step = tissue.downsampleX();
      assertEquals(HugeSlide.LEFT, bounds.x(), step);
      assertEquals(HugeSlide.TOP, bounds.y(), step);
      assertEquals(HugeSlide.RIGHT - HugeSlide.LEFT, bounds.width(), 2 * step);
      assertEquals(HugeSlide.BOTTOM - HugeSlide.TOP, bounds.height(), 2 * step);
      System.out.printf("peak resident memory: %d MiB%n", peakBytes() >> 20);
      assertTrue(peakBytes() < MAX_BYTES, "peak resident memory: " + peakBytes());
    }
  }

  /** The largest resident size that this process, heap and native memory, has had. */
  private static long peakBytes() throws IOException {
    Path status = Path.of("/proc/self/status");
    Assumptions.assumeTrue(Files.exists(status), "peak memory is read from /proc");
    List<String> lines = Files.readAllLines(status);
    return lines.stream()
        .filter(line -> line.startsWith("VmHWM:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
        .findFirst()
        .orElseThrow();
  }
}
