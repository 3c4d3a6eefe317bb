package io.github.gpfm.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.gpfm.sample.SyntheticSlide;
import io.github.gpfm.tiling.format.CoordsH5;
import io.github.gpfm.tiling.format.GeoJson;
import io.github.gpfm.tiling.grid.RegionOfInterest;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code --segmenter model} with a network in a TorchScript file. */
class ModelSegmenterCommandTest {
  /** Tissue is redder than it is green; the input is normalised as ImageNet's. */
  private static final String NETWORK =
      """
      class Tissue(Module):
        __parameters__ = []
        __buffers__ = []
        training : bool
        def forward(self: __torch__.Tissue, x: Tensor) -> Tensor:
          red = torch.add(torch.mul(torch.slice(x, 1, 0, 1), 0.229), 0.485)
          green = torch.add(torch.mul(torch.slice(x, 1, 1, 2), 0.224), 0.456)
          return torch.sub(torch.mul(torch.sub(red, green), 60.), 3.)
      """;

  @TempDir Path folder;

  /** A TorchScript archive without weights: stored entries, the objects pickled. */
  private Path network() throws IOException {
    Path file = folder.resolve("tissue.pt");
    String objects = "\u0080\u0002c__torch__\nTissue\n)\u0081}X\b\0\0\0training\u0089sb.";
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      put(zip, "data.pkl", objects.getBytes(StandardCharsets.ISO_8859_1));
      put(zip, "code/__torch__.py", NETWORK.getBytes(StandardCharsets.UTF_8));
      put(zip, "constants.pkl", "\u0080\u0002).".getBytes(StandardCharsets.ISO_8859_1));
      put(zip, "version", "10\n".getBytes(StandardCharsets.UTF_8));
    }
    return file;
  }

  private static void put(ZipOutputStream zip, String name, byte[] content) throws IOException {
    ZipEntry entry = new ZipEntry("tissue/" + name);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(content.length);
    CRC32 crc = new CRC32();
    crc.update(content);
    entry.setCrc(crc.getValue());
    zip.putNextEntry(entry);
    zip.write(content);
    zip.closeEntry();
  }

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
            network().toString(),
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
