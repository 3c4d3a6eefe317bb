package io.github.gpfm.parquet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.gpfm.api.GpfmException;
import io.github.gpfm.testkit.Fixtures;
import io.github.gpfm.testkit.Mutator;
import io.github.gpfm.testkit.ReaderFuzz;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostileParquetTest {
  @TempDir private Path folder;

  @Test
  void damagedFilesAreRefusedInASentence() throws Exception {
    Path sound = folder.resolve("sound.parquet");
    float[] vectors = new float[40 * 16];
    for (int i = 0; i < vectors.length; i++) {
      vectors[i] = (float) Math.sin(i);
    }
    long[] numbers = new long[40];
    ParquetFiles.write(
        sound,
        ColumnTable.builder()
            .longs("x", numbers)
            .doubles("score", new double[40])
            .strings("slide", java.util.Collections.nCopies(40, "s"))
            .vectors("features", 16, vectors)
            .metadata("a", "b")
            .build());
    ReaderFuzz fuzz =
        new ReaderFuzz(
                folder.resolve("mutant.parquet"), GpfmException.class, f -> ParquetFiles.read(f))
            .run(
                List.of(Files.readAllBytes(sound)),
                Mutator::mutate,
                ReaderFuzz.seed(31),
                ReaderFuzz.rounds());
    fuzz.requireSound();
    // Pages carry checksums: nearly every change is noticed.
    assertTrue(fuzz.refused() > 4 * fuzz.read(), fuzz.toString());
    assertEquals(40, ParquetFiles.read(sound).rows());
  }

  @Test
  void aLyingPageIsRefused() {
    Path file = Fixtures.cases("hostile/bad-1-9622-s001.parquet");
    GpfmException e = assertThrows(GpfmException.class, () -> ParquetFiles.read(file));
    assertTrue(e.getMessage().contains("bad-1-9622-s001.parquet"), e.getMessage());
  }
}
