package io.github.gpfm.encoder.weights;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A stretch of a file. The file is opened for each read, so that nothing has to be closed and an
 * interrupted thread cannot close a channel that others use.
 */
final class FileData implements TensorData {
  private final FileStamp file;
  private final long offset;
  private final long size;

  FileData(FileStamp file, long offset, long size) {
    this.file = file;
    this.offset = offset;
    this.size = size;
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public void read(long position, ByteBuffer target) throws IOException {
    if (position < 0 || position + target.remaining() > size) {
      throw new IndexOutOfBoundsException(position + " + " + target.remaining() + " of " + size);
    }
    Path path = file.path();
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      file.check();
      long at = offset + position;
      while (target.hasRemaining()) {
        int n = channel.read(target, at);
        if (n < 0) {
          throw new IOException(path + " ends before byte " + at);
        }
        at += n;
      }
    }
  }
}
