package io.github.gpfm.pipeline.internal;

import io.github.gpfm.api.SlideException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/** Identity of a slide's file, or of all files of its folder. */
public final class SlideFingerprint {
  private SlideFingerprint() {}

  /**
   * SHA-256 of the file; of a folder, that of its files' names and contents in order of name.
   *
   * @return lower-case hexadecimal
   * @throws SlideException if it cannot be read
   */
  public static String sha256(Path slide) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 20);
      boolean folder = Files.isDirectory(slide);
      for (Path file : files(slide)) {
        if (folder) {
          digest.update(slide.relativize(file).toString().getBytes(StandardCharsets.UTF_8));
        }
        try (FileChannel in = FileChannel.open(file)) {
          while (in.read(buffer) >= 0) {
            digest.update(buffer.flip());
            buffer.clear();
          }
        }
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (IOException | UncheckedIOException e) {
      throw new SlideException(slide, slide + " cannot be read: " + e.getMessage() + ".", e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Length and time of the last change of all files: cheap, and enough to see most changes. */
  public static String stamp(Path slide) {
    try {
      long size = 0;
      long modified = 0;
      for (Path file : files(slide)) {
        size += Files.size(file);
        modified = Math.max(modified, Files.getLastModifiedTime(file).toMillis());
      }
      return size + " bytes, " + modified;
    } catch (IOException | UncheckedIOException e) {
      throw new SlideException(slide, slide + " cannot be read: " + e.getMessage() + ".", e);
    }
  }

  private static List<Path> files(Path slide) throws IOException {
    if (!Files.isDirectory(slide)) {
      return List.of(slide);
    }
    try (Stream<Path> all = Files.walk(slide)) {
      return all.filter(Files::isRegularFile).sorted().toList();
    }
  }
}
