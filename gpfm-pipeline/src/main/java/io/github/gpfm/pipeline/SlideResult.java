package io.github.gpfm.pipeline;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What became of one slide.
 *
 * @param slide its path
 * @param name the name its results are kept under
 * @param status how it ended
 * @param outputs files written or found, the tiles' file first
 * @param tiles number of tiles
 * @param patches patch tokens of a tile; 0 where a tile has one vector
 * @param dimension length of one vector; 0 where no features were asked for
 * @param seconds time of each stage
 * @param totalSeconds wall-clock time from opening the slide to its last file
 * @param failure why it failed
 */
public record SlideResult(
    Path slide,
    String name,
    Status status,
    List<Path> outputs,
    int tiles,
    int patches,
    int dimension,
    Map<String, Double> seconds,
    double totalSeconds,
    Optional<Throwable> failure) {
  /** How a slide's work ended. */
  public enum Status {
    /** Its files were written. */
    DONE,
    /** Its files were there already, made from the same slide, weights and parameters. */
    SKIPPED,
    /** No tile lies on tissue: there is nothing to write but the pictures. */
    EMPTY,
    /** Nothing of it was written. */
    FAILED
  }

  /** Tiles per second of wall-clock time; 0 if nothing was done. */
  public double tilesPerSecond() {
    return status == Status.DONE && totalSeconds > 0 ? tiles / totalSeconds : 0;
  }

  /**
   * The file of tiles or features.
   *
   * @throws IllegalStateException if there is none; see {@link #status()}
   */
  public Path file() {
    if (status != Status.DONE && status != Status.SKIPPED) {
      throw new IllegalStateException(slide + " has no such file: " + status);
    }
    return outputs.get(0);
  }
}
