package org.example;

import io.github.gpfm.api.Mpp;
import io.github.gpfm.api.MppSource;
import io.github.gpfm.api.Slide;
import io.github.gpfm.api.SlideException;
import io.github.gpfm.api.SlideLevel;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/** Fields of 64 pixels, black and white. */
record ChessBoard(Path path) implements Slide {
  @Override
  public String reader() {
    return "chess";
  }

  @Override
  public String vendor() {
    return "chess";
  }

  @Override
  public List<SlideLevel> levels() {
    return List.of(new SlideLevel(0, 512, 512, 1));
  }

  @Override
  public Optional<Mpp> mpp() {
    return Optional.of(new Mpp(0.5, 0.5, MppSource.VENDOR));
  }

  @Override
  public OptionalDouble objectivePower() {
    return OptionalDouble.empty();
  }

  @Override
  public Map<String, String> properties() {
    return Map.of();
  }

  @Override
  public Set<String> associatedImageNames() {
    return Set.of();
  }

  @Override
  public BufferedImage associatedImage(String name) {
    throw new SlideException(path, path + " has no image '" + name + "'.");
  }

  @Override
  public Optional<byte[]> iccProfile() {
    return Optional.empty();
  }

  @Override
  public BufferedImage readRegion(long x, long y, int level, int width, int height) {
    BufferedImage region = new BufferedImage(width, height, BufferedImage.TYPE_INT_ARGB);
    for (int j = 0; j < height; j++) {
      for (int i = 0; i < width; i++) {
        boolean white = ((x + i) / 64 + (y + j) / 64) % 2 == 0;
        region.setRGB(i, j, white ? 0xffffffff : 0xff000000);
      }
    }
    return region;
  }

  @Override
  public void close() {}
}
