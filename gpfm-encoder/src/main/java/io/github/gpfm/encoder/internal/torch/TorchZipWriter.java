package io.github.gpfm.encoder.internal.torch;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.zip.ZipEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;

/**
 * Writes a zip as PyTorch expects it: entries stored, all in one folder, data aligned to 64 bytes.
 * Closing it ends the zip and leaves the channel open.
 */
public final class TorchZipWriter implements Closeable {
  private static final int ALIGNMENT = 64;

  /** Writes an entry's bytes. */
  @FunctionalInterface
  public interface Body {
    /** Writes exactly as many bytes as were announced. */
    void writeTo(WritableByteChannel channel) throws IOException;
  }

  private final ZipArchiveOutputStream zip;
  private final String root;

  /**
   * @param channel where to write, from its current position
   * @param root name of the folder
   */
  public TorchZipWriter(SeekableByteChannel channel, String root) {
    this.zip = new ZipArchiveOutputStream(new KeptOpen(channel));
    this.root = root;
  }

  /** Writes a small entry. */
  public void entry(String name, byte[] bytes) throws IOException {
    entry(name, bytes.length, channel -> channel.write(ByteBuffer.wrap(bytes)));
  }

  /** Writes an entry. */
  public void entry(String name, long size, Body body) throws IOException {
    ZipArchiveEntry entry = new ZipArchiveEntry(root + "/" + name);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(size);
    entry.setTime(0);
    entry.setAlignment(ALIGNMENT);
    zip.putArchiveEntry(entry);
    body.writeTo(Channels.newChannel(zip));
    zip.closeArchiveEntry();
  }

  @Override
  public void close() throws IOException {
    zip.close();
  }

  /** The same channel, whose closing is left to its owner. */
  private record KeptOpen(SeekableByteChannel channel) implements SeekableByteChannel {
    @Override
    public int read(ByteBuffer target) throws IOException {
      return channel.read(target);
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
      return channel.write(source);
    }

    @Override
    public long position() throws IOException {
      return channel.position();
    }

    @Override
    public SeekableByteChannel position(long position) throws IOException {
      channel.position(position);
      return this;
    }

    @Override
    public long size() throws IOException {
      return channel.size();
    }

    @Override
    public SeekableByteChannel truncate(long size) throws IOException {
      channel.truncate(size);
      return this;
    }

    @Override
    public boolean isOpen() {
      return channel.isOpen();
    }

    @Override
    public void close() {}
  }
}
