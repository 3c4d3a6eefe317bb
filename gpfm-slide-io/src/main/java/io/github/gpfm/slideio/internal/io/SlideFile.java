package io.github.gpfm.slideio.internal.io;

import io.github.gpfm.api.DamagedSlideException;
import io.github.gpfm.api.SlideFormatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One file read at given offsets by many threads. Every read is bounded by the file's size, so that
 * a hostile length never leads to an allocation larger than the file.
 */
public final class SlideFile implements AutoCloseable {
  private final Path path;
  private final long size;
  private volatile FileChannel channel;
  private volatile boolean closed;

  /** What is read instead of the file's own bytes; {@code null} for those. */
  private final byte @Nullable [] content;

  /**
   * @throws SlideFormatException if it cannot be opened
   */
  public SlideFile(Path path) {
    this.path = path;
    content = null;
    try {
      channel = FileChannel.open(path, StandardOpenOption.READ);
      size = channel.size();
    } catch (IOException e) {
      throw new SlideFormatException(path, path + " cannot be read: " + e.getMessage() + ".", e);
    }
  }

  private SlideFile(SlideFile file, byte[] content) {
    path = file.path;
    channel = file.channel;
    size = content.length;
    this.content = content;
  }

  /**
   * This file with what its bytes expand to; closing either closes both.
   *
   * @param content all of it, not copied
   */
  public SlideFile expanded(byte[] content) {
    return new SlideFile(this, content);
  }

  /** What was opened. */
  public Path path() {
    return path;
  }

  /** Bytes when opened, or of the expanded content. */
  public long size() {
    return size;
  }

  /**
   * Reads exactly {@code length} bytes.
   *
   * @throws SlideFormatException if they do not lie within the file
   */
  public byte[] read(long offset, long length) {
    if (offset < 0 || length < 0 || length > size || offset > size - length) {
      throw damaged("it ends before the data at offset " + Long.toUnsignedString(offset));
    }
    if (length > Integer.MAX_VALUE - 8) {
      throw damaged("one block has " + length + " bytes");
    }
    if (content != null) {
      return Arrays.copyOfRange(content, (int) offset, (int) (offset + length));
    }
    byte[] bytes = new byte[(int) length];
    readFully(offset, ByteBuffer.wrap(bytes));
    return bytes;
  }

  /** Reads at most {@code length} bytes: fewer at the end of the file. */
  public byte[] readUpTo(long offset, int length) {
    return read(offset, Math.max(0, Math.min(length, size - offset)));
  }

  /** The exception for a file whose content contradicts itself; {@code clause} has no full stop. */
  public SlideFormatException damaged(String clause) {
    return new DamagedSlideException(
        path, path + " is damaged or not what it seems: " + clause + ".", null);
  }

  /** As {@link #damaged(String)}, with the cause. */
  public SlideFormatException damaged(String clause, Throwable cause) {
    return new DamagedSlideException(
        path, path + " is damaged or not what it seems: " + clause + ".", cause);
  }

  /** The exception for a sound file of a kind that is not read; {@code clause} has no full stop. */
  public SlideFormatException unsupported(String clause) {
    return new SlideFormatException(path, path + " cannot be read: " + clause + ".");
  }

  @Override
  public void close() {
    closed = true;
    try {
      channel.close();
    } catch (IOException e) {
      throw new SlideFormatException(path, path + " cannot be closed: " + e.getMessage() + ".", e);
    }
  }

  private void readFully(long offset, ByteBuffer target) {
    // An interrupted thread closes the channel under everybody: read without the interrupt, which
    // is restored afterwards, and reopen if another thread's interrupt came in between.
    boolean interrupted = Thread.interrupted();
    try {
      while (target.hasRemaining()) {
        FileChannel current = channel;
        try {
          int count = current.read(target, offset + target.position());
          if (count < 0) {
            throw damaged("it was shortened while it was read");
          }
        } catch (ClosedChannelException e) {
          interrupted |= Thread.interrupted();
          reopen(current);
        }
      }
    } catch (IOException e) {
      throw new SlideFormatException(path, path + " cannot be read: " + e.getMessage() + ".", e);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private synchronized void reopen(FileChannel lost) throws IOException {
    if (closed) {
      throw new SlideFormatException(path, path + " was closed while it was read.");
    }
    if (channel == lost) {
      channel = FileChannel.open(path, StandardOpenOption.READ);
    }
  }
}
