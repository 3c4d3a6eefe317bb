package io.github.gpfm.tiling.dataset;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.gpfm.api.TilingException;
import io.github.gpfm.testkit.Mutator;
import io.github.gpfm.testkit.ReaderFuzz;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A folder of tiles from strangers, in every format that is read. */
class HostileTilesTest {
  @TempDir private Path folder;

  private static List<byte[]> pictures() throws IOException {
    BufferedImage image = new BufferedImage(40, 30, BufferedImage.TYPE_INT_RGB);
    Random random = new Random(2);
    for (int i = 0; i < 1200; i++) {
      image.setRGB(i % 40, i / 40, random.nextInt());
    }
    List<byte[]> all = new ArrayList<>();
    for (String format : List.of("tiff", "png", "jpg")) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      assertTrue(ImageIO.write(image, format, out), format);
      all.add(out.toByteArray());
    }
    return all;
  }

  @Test
  void damagedTilesAreRefusedInASentence() throws Exception {
    new ReaderFuzz(folder.resolve("mutant.tif"), TilingException.class, TileImages::read)
        .run(pictures(), Mutator::mutate, ReaderFuzz.seed(81), ReaderFuzz.rounds())
        .requireSound();
  }

  /** A TIFF of one directory that names itself as the next. */
  @Test
  void aTiffThatGoesInCirclesEnds() throws IOException {
    byte[] bytes = pictures().get(0);
    ByteBuffer tiff =
        ByteBuffer.wrap(bytes)
            .order(bytes[0] == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    int directory = tiff.getInt(4);
    int next = directory + 2 + 12 * tiff.getShort(directory);
    tiff.putInt(next, directory);
    Path file = Files.write(folder.resolve("circle.tif"), bytes);
    assertTimeoutPreemptively(
        Duration.ofSeconds(30),
        () -> {
          try {
            TileImages.read(file);
          } catch (TilingException e) {
            assertTrue(String.valueOf(e.getMessage()).contains("circle.tif"), e.getMessage());
          }
        });
  }

  @Test
  void aTileThatClaimsTooMuchIsNamed() throws IOException {
    byte[] bytes = pictures().get(1);
    ByteBuffer.wrap(bytes).putInt(16, 1).putInt(20, 1 << 26);
    Path file = Files.write(folder.resolve("thread.png"), bytes);
    FolderDataset tiles = FolderDataset.open(folder);
    TilingException e = assertThrows(TilingException.class, () -> tiles.image(0));
    assertTrue(String.valueOf(e.getMessage()).contains(file.toString()), e.getMessage());
    assertTrue(String.valueOf(e.getMessage()).contains("1 x 67108864"), e.getMessage());
  }
}
