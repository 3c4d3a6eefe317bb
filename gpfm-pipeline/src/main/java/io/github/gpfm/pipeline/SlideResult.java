package io.github.gpfm.pipeline;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
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
 * @param damagedTiles tiles that were left out because they cannot be read
 * @param reader who read the slide, with a second reader that stepped in; empty where it was not
 *     read
 * @param patches patch tokens of a tile; 0 where a tile has one vector
 * @param dimension length of one vector; 0 where no features were asked for
 * @param seconds time of each stage
 * @param totalSeconds wall-clock time from opening the slide to its last file
 * @param failure why it failed
 * @param ended when
 * @param remark what else is worth a line: why an older result was made again, or who is making it
 */
public record SlideResult(
    Path slide,
    String name,
    Status status,
    List<Path> outputs,
    int tiles,
    int damagedTiles,
    String reader,
    int patches,
    int dimension,
    Map<String, Double> seconds,
    double totalSeconds,
    Optional<Throwable> failure,
    Instant ended,
    Optional<String> remark) {
  /** How a slide's work ended. */
  public enum Status {
    /** Its files were written. */
    DONE,
    /** Its files were there already, made from the same slide, weights and parameters. */
    SKIPPED,
    /** No tile lies on tissue: there is nothing to write but the pictures. */
    EMPTY,
    /** Another run is making it. */
    BUSY,
    /** Nothing of it was written. */
    FAILED
  }

  static SlideResult failed(SlideInput input, Throwable failure) {
    return unmade(input, Status.FAILED, Optional.of(failure), Optional.empty());
  }

  static SlideResult busy(SlideInput input, String holder) {
    return unmade(input, Status.BUSY, Optional.empty(), Optional.of(holder));
  }

  static SlideResult skipped(SlideInput input, Path file, ResultFile found) {
    return new SlideResult(
        input.path(),
        input.name(),
        Status.SKIPPED,
        List.of(file),
        found.tiles(),
        found
            .recipe()
            .flatMap(recipe -> recipe.get(DamagedTiles.ENTRY))
            .map(Integer::parseInt)
            .orElse(0),
        "",
        found.patches(),
        found.dimension(),
        Map.of(),
        0,
        Optional.empty(),
        Instant.now(),
        Optional.empty());
  }

  private static SlideResult unmade(
      SlideInput input, Status status, Optional<Throwable> failure, Optional<String> remark) {
    return new SlideResult(
        input.path(),
        input.name(),
        status,
        List.of(),
        0,
        0,
        "",
        0,
        0,
        Map.of(),
        0,
        failure,
        Instant.now(),
        remark);
  }

  /** A slide that was worked on; empty if it has no tiles. */
  static SlideResult made(
      PreparedSlide prepared,
      List<Path> outputs,
      int patches,
      int dimension,
      Optional<String> remark) {
    return new SlideResult(
        prepared.input().path(),
        prepared.input().name(),
        prepared.grid().isEmpty() ? Status.EMPTY : Status.DONE,
        List.copyOf(outputs),
        prepared.grid().size(),
        prepared.damaged().count(),
        prepared.slide().reader(),
        patches,
        dimension,
        prepared.timings().seconds(),
        prepared.elapsedSeconds(),
        Optional.empty(),
        Instant.now(),
        remark);
  }

  /** A slide whose pieces were embedded elsewhere. */
  static SlideResult joined(
      SlidePieces.Piece piece,
      Path file,
      int damagedTiles,
      PieceJoin.Form form,
      Instant started,
      Optional<String> remark) {
    Instant ended = Instant.now();
    double seconds = Duration.between(started, ended).toNanos() / 1e9;
    return new SlideResult(
        piece.input().path(),
        piece.input().name(),
        Status.DONE,
        List.of(file),
        piece.tiles(),
        damagedTiles,
        "",
        form.patches(),
        form.dimension(),
        Map.of("write", seconds),
        seconds,
        Optional.empty(),
        ended,
        remark);
  }

  /** Tiles per second of wall-clock time; 0 if nothing was done. */
  public double tilesPerSecond() {
    return status == Status.DONE && totalSeconds > 0 ? tiles / totalSeconds : 0;
  }

  /** The file of tiles or features; empty where there is none, see {@link #status()}. */
  public Optional<Path> file() {
    return status == Status.DONE || status == Status.SKIPPED
        ? Optional.of(outputs.get(0))
        : Optional.empty();
  }
}
