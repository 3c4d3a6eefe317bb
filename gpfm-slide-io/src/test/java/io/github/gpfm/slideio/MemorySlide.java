package io.github.gpfm.slideio;

import io.github.gpfm.api.SlideLevel;
import io.github.gpfm.api.SlideOptions;
import io.github.gpfm.slideio.spi.AbstractSlide;
import io.github.gpfm.slideio.spi.MppEvidence;
import io.github.gpfm.slideio.spi.SlideDescription;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/** A slide of one level and one colour with any properties, which counts how often it is read. */
final class MemorySlide extends AbstractSlide {
  final AtomicInteger reads = new AtomicInteger();
  private final int argb;

  MemorySlide(int width, int height, int argb, Map<String, String> properties) {
    super(
        Path.of("memory.tif"),
        "memory",
        new SlideDescription(
            "memory",
            List.of(new SlideLevel(0, width, height, 1)),
            new MppEvidence().addProperties("memory", properties).decide(SlideOptions.DEFAULT),
            OptionalDouble.empty(),
            properties,
            Set.of()));
    this.argb = argb;
  }

  @Override
  protected BufferedImage read(long x, long y, int level, int width, int height) {
    reads.incrementAndGet();
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_ARGB);
    for (int row = 0; row < height; row++) {
      for (int column = 0; column < width; column++) {
        image.setRGB(column, row, argb);
      }
    }
    return image;
  }

  @Override
  protected BufferedImage readAssociated(String name) {
    throw new UnsupportedOperationException(name);
  }

  @Override
  protected Optional<byte[]> readIccProfile() {
    return Optional.empty();
  }

  @Override
  protected void release() {}
}
