package io.github.gpfm.encoder.weights;

import io.github.gpfm.api.WeightsException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 in lower-case hexadecimal. */
public final class Sha256 {
  private final MessageDigest digest;

  /** Begins with nothing. */
  public Sha256() {
    try {
      this.digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** Adds bytes. */
  public Sha256 add(byte[] bytes, int length) {
    digest.update(bytes, 0, length);
    return this;
  }

  /** The digest; afterwards this begins anew. */
  public String hex() {
    return HexFormat.of().formatHex(digest.digest());
  }

  /**
   * The digest of a whole file.
   *
   * @throws WeightsException if it cannot be read
   */
  public static String of(Path path) {
    Sha256 sha = new Sha256();
    try (InputStream in = Files.newInputStream(path)) {
      byte[] chunk = new byte[1 << 20];
      for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
        sha.add(chunk, n);
      }
      return sha.hex();
    } catch (IOException e) {
      throw new WeightsException(
          "Weight file '" + path + "' cannot be read (" + e.getMessage() + "); check it.", e);
    }
  }
}
