package io.github.gpfm.spark.internal;

import io.github.gpfm.api.GpfmException;
import io.github.gpfm.api.Recipe;
import io.github.gpfm.pipeline.RunSummary;
import io.github.gpfm.pipeline.SlideResult;
import io.github.gpfm.spark.rows.OutcomeRow;
import io.github.gpfm.spark.rows.SlideRow;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Results of slides as rows, and back for the run's summary. */
public final class Outcomes {
  private Outcomes() {}

  /** The row of a result. */
  public static OutcomeRow of(SlideRow slide, SlideResult result) {
    if (result.failure().isPresent()) {
      return failed(slide, result.failure().get());
    }
    OutcomeRow row = new OutcomeRow();
    row.setPath(slide.getPath());
    row.setName(result.name());
    row.setStatus(result.status().name().toLowerCase(Locale.ROOT));
    row.setFile(result.file().map(Path::toString).orElse(""));
    row.setTiles(result.tiles());
    row.setDamagedTiles(result.damagedTiles());
    row.setPatches(result.patches());
    row.setDimension(result.dimension());
    row.setSeconds(result.totalSeconds());
    row.setRemark(result.remark().orElse(""));
    return row;
  }

  /** The row of a slide that failed. */
  static OutcomeRow failed(SlideRow slide, Throwable failure) {
    OutcomeRow row = new OutcomeRow();
    row.setPath(slide.getPath());
    row.setName(slide.getName());
    fail(row, failure);
    return row;
  }

  /** Says in a row that its slide failed, and why. */
  static void fail(OutcomeRow row, Throwable failure) {
    row.setStatus(OutcomeRow.FAILED);
    String message = failure.getMessage();
    row.setError(message == null ? failure.toString() : message);
  }

  /** What a run that has come to its end keeps of itself. */
  static RunSummary summary(Instant started, Recipe recipe, List<OutcomeRow> rows) {
    return new RunSummary(
        started,
        (Instant.now().toEpochMilli() - started.toEpochMilli()) / 1e3,
        recipe.entries(),
        rows.stream().map(Outcomes::result).toList());
  }

  private static SlideResult result(OutcomeRow row) {
    SlideResult.Status status =
        SlideResult.Status.valueOf(row.getStatus().toUpperCase(Locale.ROOT));
    return new SlideResult(
        Path.of(row.getPath()),
        row.getName(),
        status,
        row.getFile().isEmpty() ? List.of() : List.of(Path.of(row.getFile())),
        row.getTiles(),
        row.getDamagedTiles(),
        "",
        row.getPatches(),
        row.getDimension(),
        Map.of(),
        row.getSeconds(),
        status == SlideResult.Status.FAILED
            ? Optional.of(new GpfmException(row.getError()))
            : Optional.empty(),
        Instant.now(),
        row.getRemark().isEmpty() ? Optional.empty() : Optional.of(row.getRemark()));
  }
}
