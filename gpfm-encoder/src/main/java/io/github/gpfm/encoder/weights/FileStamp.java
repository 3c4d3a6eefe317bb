package io.github.gpfm.encoder.weights;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;

/** A file as it was when it was opened. */
record FileStamp(Path path, long size, FileTime modified) {
  static FileStamp of(Path path) throws IOException {
    return new FileStamp(path, Files.size(path), Files.getLastModifiedTime(path));
  }

  /** Refuses to go on with a file that has been replaced meanwhile. */
  void check() throws IOException {
    if (Files.size(path) != size || !Files.getLastModifiedTime(path).equals(modified)) {
      throw new IOException(path + " has changed since it was opened");
    }
  }
}
