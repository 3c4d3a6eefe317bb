package io.github.gpfm.slideio.bioformats;

import io.github.gpfm.api.InvalidOptionException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * How the adapter uses Bio-Formats.
 *
 * @param maxReaders Bio-Formats readers that one slide holds open at most, at least 1; one is
 *     opened for each thread that reads at the same time, further threads wait for a free one
 * @param memoFolder where Bio-Formats may keep memo files, which make opening a large file again
 *     faster; none are written or read when empty. Memo files are deserialised Java objects: name a
 *     folder that only you can write to. The folder a slide lies in is never used
 * @param timeout how long to wait for Bio-Formats to open a file or to read a region, at least a
 *     second; a damaged file can keep it busy for ever
 */
public record BioFormatsSettings(int maxReaders, Optional<Path> memoFolder, Duration timeout) {
  /** System property: {@link #maxReaders()}. */
  public static final String READERS_PROPERTY = "gpfm.bioformats.readers";

  /** System property: {@link #memoFolder()}. */
  public static final String MEMO_PROPERTY = "gpfm.bioformats.memo";

  /** System property: {@link #timeout()} in seconds. */
  public static final String TIMEOUT_PROPERTY = "gpfm.bioformats.timeoutSeconds";

  private static final int DEFAULT_TIMEOUT_SECONDS = 60;

  /**
   * Checks the number and that the memo folder is not a file system's root, which Bio-Formats takes
   * for "beside each slide".
   *
   * @throws InvalidOptionException if either cannot be honoured
   */
  public BioFormatsSettings {
    if (maxReaders < 1) {
      throw new InvalidOptionException(
          READERS_PROPERTY + " must be a number of readers from 1, not " + maxReaders + ".");
    }
    if (timeout.toSeconds() < 1) {
      throw new InvalidOptionException(
          TIMEOUT_PROPERTY
              + " must be a number of seconds from 1, not "
              + timeout.toSeconds()
              + ".");
    }
    memoFolder = memoFolder.map(folder -> folder.toAbsolutePath().normalize());
    if (memoFolder.isPresent() && memoFolder.get().getParent() == null) {
      throw new InvalidOptionException(
          MEMO_PROPERTY
              + " must be a folder of its own, not "
              + memoFolder.get()
              + ": Bio-Formats would keep its memo files beside the slides.");
    }
  }

  /**
   * By the system properties; as many readers as there are processors and no memo files where they
   * are not set.
   *
   * @throws InvalidOptionException if a property cannot be honoured
   */
  public static BioFormatsSettings fromSystemProperties() {
    String memo = System.getProperty(MEMO_PROPERTY, "").strip();
    return new BioFormatsSettings(
        number(READERS_PROPERTY, "readers", Runtime.getRuntime().availableProcessors()),
        memo.isEmpty() ? Optional.empty() : Optional.of(Path.of(memo)),
        Duration.ofSeconds(number(TIMEOUT_PROPERTY, "seconds", DEFAULT_TIMEOUT_SECONDS)));
  }

  private static int number(String property, String things, int otherwise) {
    String text = System.getProperty(property, "").strip();
    try {
      return text.isEmpty() ? otherwise : Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new InvalidOptionException(
          property + " must be a number of " + things + " from 1, not " + text + ".", e);
    }
  }
}
