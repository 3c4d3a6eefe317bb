package io.github.gpfm.encoder.weights;

import io.github.gpfm.support.AtomicFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** {@link AtomicFile} for content that is written through a channel. */
final class AtomicOutput {
  /** Writes the whole content. */
  interface Body {
    void writeTo(FileChannel channel) throws IOException;
  }

  private AtomicOutput() {}

  static void write(Path path, Body body) {
    AtomicFile.write(
        path,
        part -> {
          try (FileChannel channel =
              FileChannel.open(
                  part,
                  StandardOpenOption.CREATE_NEW,
                  StandardOpenOption.WRITE,
                  StandardOpenOption.READ)) {
            body.writeTo(channel);
          }
        });
  }
}
