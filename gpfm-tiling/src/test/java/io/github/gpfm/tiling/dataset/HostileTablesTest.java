package io.github.gpfm.tiling.dataset;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.gpfm.api.TilingException;
import io.github.gpfm.testkit.Mutator;
import io.github.gpfm.testkit.ReaderFuzz;
import io.github.gpfm.tiling.format.TileCsv;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Shards and tables from strangers. */
class HostileTablesTest {
  @TempDir private Path folder;

  private static byte[] shard() throws IOException {
    ByteArrayOutputStream image = new ByteArrayOutputStream();
    ImageIO.write(new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB), "png", image);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
      tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
      for (String name : List.of("a.png", "b".repeat(150) + ".png", "c.png")) {
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setSize(image.size());
        tar.putArchiveEntry(entry);
        tar.write(image.toByteArray());
        tar.closeArchiveEntry();
      }
    }
    return bytes.toByteArray();
  }

  @Test
  void damagedShardsAreRefusedInASentence() throws Exception {
    ReaderFuzz fuzz =
        new ReaderFuzz(
                folder.resolve("mutant.tar"),
                TilingException.class,
                file -> {
                  try (ShardDataset tiles = ShardDataset.open(List.of(file))) {
                    for (int i = 0; i < tiles.size(); i++) {
                      tiles.image(i);
                    }
                  }
                })
            .run(List.of(shard()), Mutator::mutate, ReaderFuzz.seed(7), ReaderFuzz.rounds());
    fuzz.requireSound();
  }

  @Test
  void damagedTablesAreRefusedInASentence() throws Exception {
    String table =
        TileCsv.COLUMNS
            + ",score\n"
            + "s,0,0,0,256,256,256.0,256.0,0.5,0.25\n".repeat(20)
            + "\"t\"\"u\",0,256,1,256,256,512.0,512.0,NaN,\n";
    ReaderFuzz fuzz =
        new ReaderFuzz(folder.resolve("mutant.csv"), TilingException.class, f -> TileCsv.read(f))
            .run(
                List.of(table.getBytes(StandardCharsets.UTF_8)),
                Mutator::mutate,
                ReaderFuzz.seed(3),
                ReaderFuzz.rounds());
    fuzz.requireSound();
  }

  @Test
  void aTablesTextIsBounded() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("long.csv"), TileCsv.COLUMNS + "\n\"" + "x".repeat(1 << 20));
    System.setProperty("gpfm.limit.bytes", String.valueOf(1 << 20));
    try {
      TilingException e = assertThrows(TilingException.class, () -> TileCsv.read(file));
      assertTrue(e.getMessage().contains("long.csv"), e.getMessage());
      assertTrue(e.getMessage().contains("gpfm.limit.bytes"), e.getMessage());
    } finally {
      System.clearProperty("gpfm.limit.bytes");
    }
  }
}
