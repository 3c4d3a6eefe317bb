package io.github.gpfm.eval.data;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.gpfm.api.GpfmException;
import io.github.gpfm.eval.EvaluationException;
import io.github.gpfm.testkit.Archives;
import io.github.gpfm.testkit.Mutator;
import io.github.gpfm.testkit.ReaderFuzz;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Arrays and archives of arrays from strangers. */
class HostileNumpyTest {
  @TempDir private Path folder;

  private static byte[] resource(String name) throws IOException {
    try (InputStream in = HostileNumpyTest.class.getResourceAsStream(name)) {
      return in.readAllBytes();
    }
  }

  private static byte[] npy(String type, String shape, int bytes) {
    byte[] header =
        ("{'descr': '" + type + "', 'fortran_order': False, 'shape': (" + shape + "), }\n")
            .getBytes(StandardCharsets.ISO_8859_1);
    ByteBuffer all = ByteBuffer.allocate(10 + header.length + bytes).order(ByteOrder.LITTLE_ENDIAN);
    all.put((byte) 0x93).put("NUMPY".getBytes(StandardCharsets.ISO_8859_1));
    all.put((byte) 1).put((byte) 0).putShort((short) header.length).put(header);
    return all.array();
  }

  private String refused(String name, byte[] bytes) throws IOException {
    Path file = Files.write(folder.resolve(name), bytes);
    EvaluationException e =
        assertThrows(EvaluationException.class, () -> FeatureFiles.read(name, file));
    String message = String.valueOf(e.getMessage());
    assertTrue(message.contains(name), message);
    return message;
  }

  @Test
  void shapesThatOverflowOrLieAreRefused() throws IOException {
    for (String shape :
        List.of(
            "1073741824, 1073741824, 4",
            "4611686018427387904, 4",
            "65536, 65536",
            "99999999999999999999, 1",
            "2147483647, 1",
            "3, 4, 5, 6",
            "",
            "0, 4")) {
      Path file = Files.write(folder.resolve("lies.npy"), npy("<f4", shape, 64));
      try {
        FeatureFiles.read("lies.npy", file);
        assertTrue(shape.startsWith("0"), shape);
      } catch (GpfmException e) {
        assertTrue(String.valueOf(e.getMessage()).contains("lies.npy"), e.getMessage());
      }
    }
    refused("wide.npy", npy("<f16", "2, 2", 64));
    refused("type.npy", npy("<f9999", "2, 2", 64));
  }

  @Test
  void anArchiveDoesNotInflateWithoutEnd() throws IOException {
    Path file = folder.resolve("bomb.npz");
    int rows = 1 << 22;
    try (OutputStream out = Files.newOutputStream(file);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      zip.putNextEntry(new ZipEntry("readme.txt"));
      zip.write(new byte[1 << 22]);
      zip.closeEntry();
      zip.putNextEntry(new ZipEntry("features.npy"));
      zip.write(npy("<f4", rows + ", 1", 4 * rows));
      zip.closeEntry();
    }
    System.setProperty("gpfm.limit.bytes", String.valueOf(8 << 20));
    try {
      assertTrue(refused("bomb.npz", Files.readAllBytes(file)).contains("gpfm.limit.bytes"));
    } finally {
      System.clearProperty("gpfm.limit.bytes");
    }
  }

  @Test
  void damagedArraysAreRefusedInASentence() throws Exception {
    new ReaderFuzz(
            folder.resolve("mutant.npy"),
            EvaluationException.class,
            file -> FeatureFiles.read(String.valueOf(file.getFileName()), file))
        .run(
            List.of(resource("python.npy"), resource("python-double.npy")),
            Mutator::mutate,
            ReaderFuzz.seed(71),
            ReaderFuzz.rounds())
        .requireSound();
  }

  @Test
  void damagedArchivesAreRefusedInASentence() throws Exception {
    new ReaderFuzz(
            folder.resolve("mutant.npz"),
            EvaluationException.class,
            file -> FeatureFiles.read(String.valueOf(file.getFileName()), file))
        .run(
            List.of(resource("python-archive.npz")),
            (mutator, original) ->
                original.length % 3 == 0
                    ? mutator.mutate(original)
                    : Archives.change(original, n -> true, mutator::mutate),
            ReaderFuzz.seed(72),
            ReaderFuzz.rounds())
        .requireSound();
  }
}
