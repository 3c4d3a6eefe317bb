package io.github.gpfm.support;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 in lower-case hexadecimal. Not thread-safe. */
public final class Sha256 {
  private static final int CHUNK = 1 << 20;

  private final MessageDigest digest;

  /** Begins with nothing. */
  public Sha256() {
    try {
      this.digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** Adds the first bytes of an array. */
  public Sha256 add(byte[] bytes, int length) {
    digest.update(bytes, 0, length);
    return this;
  }

  /** Adds text as UTF-8. */
  public Sha256 add(String text) {
    digest.update(text.getBytes(StandardCharsets.UTF_8));
    return this;
  }

  /** Adds a file's content. */
  public Sha256 add(Path file) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(CHUNK);
    try (FileChannel in = FileChannel.open(file)) {
      while (in.read(buffer) >= 0) {
        digest.update(buffer.flip());
        buffer.clear();
      }
    }
    return this;
  }

  /** The digest; afterwards this begins with nothing again. */
  public String hex() {
    return HexFormat.of().formatHex(digest.digest());
  }

  /** The digest of a text as UTF-8. */
  public static String of(String text) {
    return new Sha256().add(text).hex();
  }

  /** The digest of a whole file. */
  public static String of(Path file) throws IOException {
    return new Sha256().add(file).hex();
  }
}
