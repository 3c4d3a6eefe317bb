package io.github.gpfm.slideio.bioformats;

import io.github.gpfm.api.InvalidOptionException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * How the adapter uses Bio-Formats.
 *
 * @param maxReaders Bio-Formats readers that one slide holds open at most, at least 1; one is
 *     opened for each thread that reads at the same time, further threads wait for a free one
 * @param memoFolder where Bio-Formats may keep memo files, which make opening a large file again
 *     faster; none are written or read when empty. Memo files are deserialised Java objects: name a
 *     folder that only you can write to. The folder a slide lies in is never used
 */
public record BioFormatsSettings(int maxReaders, Optional<Path> memoFolder) {
  /** System property: {@link #maxReaders()}. */
  public static final String READERS_PROPERTY = "gpfm.bioformats.readers";

  /** System property: {@link #memoFolder()}. */
  public static final String MEMO_PROPERTY = "gpfm.bioformats.memo";

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
    String readers = System.getProperty(READERS_PROPERTY, "").strip();
    String memo = System.getProperty(MEMO_PROPERTY, "").strip();
    int count;
    try {
      count =
          readers.isEmpty()
              ? Runtime.getRuntime().availableProcessors()
              : Integer.parseInt(readers);
    } catch (NumberFormatException e) {
      throw new InvalidOptionException(
          READERS_PROPERTY + " must be a number of readers from 1, not " + readers + ".", e);
    }
    return new BioFormatsSettings(
        count, memo.isEmpty() ? Optional.empty() : Optional.of(Path.of(memo)));
  }
}
