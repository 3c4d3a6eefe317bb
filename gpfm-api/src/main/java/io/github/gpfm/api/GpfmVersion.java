package io.github.gpfm.api;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** The version of this library, as its build wrote it. */
public final class GpfmVersion {
  /** The version, for instance {@code 0.1.0}. */
  public static final String VERSION = read();

  /** What {@link Provenance#producer()} holds for results of this version. */
  public static final String PRODUCER = "gpfm " + VERSION;

  private GpfmVersion() {}

  private static String read() {
    try (InputStream in = GpfmVersion.class.getResourceAsStream("version.properties")) {
      if (in == null) {
        throw new IllegalStateException("version.properties is missing from gpfm-api");
      }
      Properties properties = new Properties();
      properties.load(in);
      return properties.getProperty("version");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
