package io.github.gpfm.encoder.features;

import io.github.gpfm.api.Embeddings;
import io.github.gpfm.api.Provenance;
import io.github.gpfm.support.AtomicFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * A writer for every format whose features are little-endian float32 rows at a known place: the
 * format prepares the file, the rows are then written into it where they belong.
 */
final class RowFile implements FeatureWriter {
  /** Prepares a file up to its features. */
  interface Preparation {
    /**
     * @param part the file to make, of its full length or shorter
     * @param header what it says beside its features
     * @return position of the first feature, bytes
     */
    long prepare(Path part, FeatureHeader header) throws IOException;

    /** What is left to do with the file when all its rows are written. */
    default void finish(Path part) throws IOException {}
  }

  /** A file that belongs to the features and is moved into place just before them. */
  record Companion(Path part, Path target) {}

  private final Path target;
  private final @Nullable Companion companion;
  private final Preparation preparation;
  private Path part;
  private FeatureHeader header;
  private FileChannel channel;
  private long start;
  private final BitSet written;

  private RowFile(
      Path target,
      Path part,
      FeatureHeader header,
      @Nullable Companion companion,
      Preparation preparation,
      FileChannel channel,
      long start) {
    this.target = target;
    this.part = part;
    this.header = header;
    this.companion = companion;
    this.preparation = preparation;
    this.channel = channel;
    this.start = start;
    this.written = new BitSet(header.rows());
  }

  static RowFile create(
      Path file, FeatureHeader header, @Nullable Companion companion, Preparation preparation) {
    Path target = file.toAbsolutePath();
    Path part = AtomicFile.part(target);
    try {
      Files.createDirectories(AtomicFile.folder(target));
      AtomicFile.requireSpace(target, header.bytes());
      Files.deleteIfExists(part);
      long start = preparation.prepare(part, header);
      return new RowFile(target, part, header, companion, preparation, opened(part), start);
    } catch (IOException e) {
      AtomicFile.deleteQuietly(part);
      if (companion != null) {
        AtomicFile.deleteQuietly(companion.part());
      }
      throw AtomicFile.cannotWrite(target, e);
    }
  }

  @Override
  public void write(int firstRow, Embeddings rows) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * header.rowLength()).order(ByteOrder.LITTLE_ENDIAN);
    long position = start + 4L * firstRow * header.rowLength();
    try {
      for (int i = 0; i < rows.count(); i++) {
        bytes.clear().asFloatBuffer().put(header.row(firstRow, rows, i));
        while (bytes.hasRemaining()) {
          position += channel.write(bytes, position);
        }
      }
    } catch (IOException e) {
      throw AtomicFile.cannotWrite(target, e);
    }
    written.set(firstRow, firstRow + rows.count());
  }

  private static FileChannel opened(Path part) throws IOException {
    return FileChannel.open(part, StandardOpenOption.READ, StandardOpenOption.WRITE);
  }

  /** The head may become longer, so that the file is laid out again and its rows are copied. */
  @Override
  public void provenance(Provenance provenance) {
    boolean hasRoom = companion == null;
    if (!hasRoom || provenance.entries().equals(header.provenance().entries())) {
      return;
    }
    FeatureHeader changed = header.withProvenance(provenance);
    Path again = AtomicFile.part(target);
    try {
      long from = preparation.prepare(again, changed);
      try (FileChannel old = channel) {
        FileChannel copy = opened(again);
        channel = copy;
        long rows = 4L * header.rows() * header.rowLength();
        copy.position(from);
        for (long done = 0; done < rows; ) {
          done += old.transferTo(start + done, rows - done, copy);
        }
      }
      AtomicFile.deleteQuietly(part);
      part = again;
      header = changed;
      start = from;
    } catch (IOException e) {
      AtomicFile.deleteQuietly(again);
      throw AtomicFile.cannotWrite(target, e);
    }
  }

  @Override
  public void commit() {
    int missing = written.nextClearBit(0);
    if (missing < header.rows()) {
      throw new IllegalStateException("row " + missing + " of " + target + " was not written");
    }
    try {
      channel.force(true);
      channel.close();
      preparation.finish(part);
      if (companion != null) {
        AtomicFile.moveIntoPlace(companion.part(), companion.target());
      }
      AtomicFile.moveIntoPlace(part, target);
    } catch (IOException e) {
      throw AtomicFile.cannotWrite(target, e);
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw AtomicFile.cannotWrite(target, e);
    } finally {
      AtomicFile.deleteQuietly(part);
      if (companion != null) {
        AtomicFile.deleteQuietly(companion.part());
      }
    }
  }

  static void writeFully(Path part, ByteBuffer... contents) throws IOException {
    try (FileChannel out =
        FileChannel.open(
            part,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      for (ByteBuffer content : contents) {
        while (content.hasRemaining()) {
          out.write(content);
        }
      }
    }
  }
}
