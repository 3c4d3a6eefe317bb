package io.github.gpfm.support.hdf5;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.gpfm.api.TilingException;
import io.github.gpfm.support.Budget;
import io.github.gpfm.testkit.Mutator;
import io.github.gpfm.testkit.ReaderFuzz;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Hdf5InputTest {
  private static final List<String> ORIGINALS = List.of("chunked.h5", "latest.h5", "contiguous.h5");

  @TempDir private Path folder;

  private static byte[] resource(String name) throws IOException {
    try (InputStream in = Hdf5InputTest.class.getResourceAsStream(name)) {
      return in.readAllBytes();
    }
  }

  private static void readAll(Path file) {
    try (Hdf5Input hdf = Hdf5Input.open(file, Budget.of(file, TilingException::new))) {
      for (String name : List.of("coords", "features")) {
        hdf.table(name)
            .ifPresent(
                table -> {
                  table.attributes();
                  table.read();
                  table.readFlat();
                });
      }
      hdf.tables("scores").values().forEach(Hdf5Table::read);
    }
  }

  @Test
  void soundFilesAreRead() throws IOException {
    for (String name : ORIGINALS) {
      Path file = Files.write(folder.resolve(name), resource(name));
      try (Hdf5Input hdf = Hdf5Input.open(file, Budget.of(file, TilingException::new))) {
        Hdf5Table features = hdf.table("features").orElseThrow();
        assertArrayEquals(new int[] {20, 16}, features.shape());
        assertEquals(20, ((float[][]) features.read()).length);
        float[] all = (float[]) features.readFlat();
        float[][] part = (float[][]) features.read(new long[] {3, 0}, new int[] {2, 16});
        assertEquals(all[4 * 16 + 5], part[1][5]);
        assertEquals("slide", hdf.table("coords").orElseThrow().attribute("name").orElseThrow());
        assertEquals(List.of("a"), List.copyOf(hdf.tables("scores").keySet()));
        assertTrue(hdf.table("none").isEmpty());
      }
    }
  }

  @Test
  void damagedFilesAreRefusedInASentence() throws Exception {
    List<byte[]> originals = new ArrayList<>();
    for (String name : ORIGINALS) {
      originals.add(resource(name));
    }
    ReaderFuzz fuzz =
        new ReaderFuzz(folder.resolve("mutant.h5"), TilingException.class, Hdf5InputTest::readAll)
            .run(originals, Mutator::mutate, ReaderFuzz.seed(17), ReaderFuzz.rounds() / 2)
            .run(originals, Mutator::relink, ReaderFuzz.seed(18), ReaderFuzz.rounds() / 2);
    fuzz.requireSound();
    assertTrue(fuzz.refused() > fuzz.read() / 10, fuzz.toString());
  }

  @Test
  void aChunkDoesNotInflateWithoutEnd() {
    Deflater deflater = new Deflater(9);
    ByteArrayOutputStream bomb = new ByteArrayOutputStream();
    byte[] zeros = new byte[1 << 20];
    byte[] out = new byte[1 << 16];
    for (int i = 0; i < 8; i++) {
      deflater.setInput(zeros);
      if (i == 7) {
        deflater.finish();
      }
      while (!deflater.needsInput() || (i == 7 && !deflater.finished())) {
        bomb.write(out, 0, deflater.deflate(out));
      }
    }
    deflater.end();
    byte[] encoded = bomb.toByteArray();
    assertEquals(8 << 20, new BoundedDeflate().decode(encoded, new int[0]).length);
    System.setProperty("gpfm.limit.bytes", String.valueOf(7 << 20));
    try {
      RuntimeException e =
          assertThrows(
              RuntimeException.class, () -> new BoundedDeflate().decode(encoded, new int[0]));
      assertTrue(e.getMessage().contains("gpfm.limit.bytes"), e.getMessage());
    } finally {
      System.clearProperty("gpfm.limit.bytes");
    }
  }
}
