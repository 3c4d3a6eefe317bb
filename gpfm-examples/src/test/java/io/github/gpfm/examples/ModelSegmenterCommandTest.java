package io.github.gpfm.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.gpfm.sample.SyntheticSlide;
import io.github.gpfm.tiling.format.CoordsH5;
import io.github.gpfm.tiling.format.GeoJson;
import io.github.gpfm.tiling.grid.RegionOfInterest;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code --segmenter model} with a network in a TorchScript file. */
class ModelSegmenterCommandTest {
  @TempDir Path folder;

  @Test
  void theNetworkFindsTheTissueItWasMadeFor() throws IOException {
    Path slide = folder.resolve("slide.tif");
    CommandRun.of("sample", "--out", slide.toString(), "--width", "3072", "--height", "2560")
        .succeeded();
    Path out = folder.resolve("out");
    CommandRun.of(
            "tile",
            slide.toString(),
            "--out",
            out.toString(),
            "--segmenter",
            "model",
            "--segmenter-model",
            TissueNetworkFile.write(folder.resolve("tissue.pt"), "3.").toString(),
            "--segmenter-size",
            "128",
            "--segmenter-mpp",
            "4",
            "--a-t",
            "0.1",
            "--a-h",
            "0.1",
            "--patch-size",
            "128")
        .succeeded();
    double dice = dice(folder.resolve("slide-mask.png"), out.resolve("slide.geojson"));
    assertTrue(dice > 0.9, "Dice " + dice);
    assertTrue(CoordsH5.read(out.resolve("slide.h5")).coords().length > 20);
    assertTrue(Files.size(out.resolve("slide-tissue.jpg")) > 0);
  }

  private static double dice(Path maskFile, Path outlines) throws IOException {
    BufferedImage mask = ImageIO.read(maskFile.toFile());
    RegionOfInterest tissue = GeoJson.readRegionOfInterest(outlines);
    int step = SyntheticSlide.TRUTH_DOWNSAMPLE;
    double both = 0;
    double sum = 0;
    for (int y = 0; y < mask.getHeight(); y++) {
      for (int x = 0; x < mask.getWidth(); x++) {
        boolean expected = mask.getRaster().getSample(x, y, 0) > 127;
        boolean found = tissue.contains((x + 0.5) * step, (y + 0.5) * step);
        both += expected && found ? 2 : 0;
        sum += (expected ? 1 : 0) + (found ? 1 : 0);
      }
    }
    return both / sum;
  }

  @Test
  void aMissingOrForeignFileIsNamed() throws IOException {
    Path slide = folder.resolve("slide.tif");
    CommandRun.of("sample", "--out", slide.toString(), "--width", "1024", "--height", "1024")
        .succeeded();
    Path text = Files.writeString(folder.resolve("text.pt"), "no network");
    for (Path bad : new Path[] {folder.resolve("none.pt"), text}) {
      CommandRun run =
          CommandRun.of(
              "tile",
              slide.toString(),
              "--out",
              folder.resolve("bad").toString(),
              "--segmenter",
              "model",
              "--segmenter-model",
              bad.toString());
      assertEquals(1, run.exitCode());
      assertTrue(run.err().contains(bad.toString()), run.err());
      assertEquals(1, run.err().lines().count(), run.err());
    }
  }
}
