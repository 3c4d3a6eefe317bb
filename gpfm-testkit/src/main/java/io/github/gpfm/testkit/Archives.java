package io.github.gpfm.testkit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/** Zip files whose entries are damaged while the archive around them stays sound. */
public final class Archives {
  private Archives() {}

  /**
   * A copy of an archive, stored or deflated as it was, with some entries changed.
   *
   * @param which names of those to change
   * @param change from content to content
   */
  public static byte[] change(
      byte[] archive, Predicate<String> which, UnaryOperator<byte[]> change) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      Path file = Files.write(Files.createTempFile("gpfm", ".zip"), archive);
      try (ZipFile in = new ZipFile(file.toFile());
          ZipOutputStream zip = new ZipOutputStream(out)) {
        for (ZipEntry entry : Collections.list(in.entries())) {
          byte[] content = in.getInputStream(entry).readAllBytes();
          byte[] changed = which.test(entry.getName()) ? change.apply(content) : content;
          ZipEntry copy = new ZipEntry(entry.getName());
          copy.setMethod(entry.getMethod());
          if (entry.getMethod() == ZipEntry.STORED) {
            CRC32 crc = new CRC32();
            crc.update(changed);
            copy.setSize(changed.length);
            copy.setCrc(crc.getValue());
          }
          zip.putNextEntry(copy);
          zip.write(changed);
          zip.closeEntry();
        }
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }
}
