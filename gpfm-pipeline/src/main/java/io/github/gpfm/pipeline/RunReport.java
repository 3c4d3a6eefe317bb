package io.github.gpfm.pipeline;

import io.github.gpfm.tiling.picture.CohortReport;
import io.github.gpfm.tiling.picture.ReportRow;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Gathers the rows of {@code report.html} while slides are worked on. Thread-safe. */
final class RunReport {
  private final String title;
  private final Map<String, ReportRow> rows = new ConcurrentHashMap<>();

  RunReport(String title) {
    this.title = title;
  }

  /** Remembers a slide, if it was drawn. */
  void add(PreparedSlide prepared) {
    prepared
        .picture()
        .ifPresent(
            picture ->
                rows.put(
                    prepared.input().name(),
                    ReportRow.of(
                        prepared.slide(),
                        prepared.tissue(),
                        prepared.grid(),
                        picture,
                        prepared.elapsedSeconds())));
  }

  /** One page for all slides, in their order. */
  void write(Path folder, RunSummary summary) {
    CohortReport.write(
        folder.resolve("report.html"),
        title,
        summary.slides().stream().map(result -> row(folder, result)).toList());
  }

  private ReportRow row(Path folder, SlideResult result) {
    if (result.failure().isPresent()) {
      String reason = String.valueOf(result.failure().get().getMessage());
      return ReportRow.failed(result.name(), reason, result.totalSeconds());
    }
    ReportRow row = rows.get(result.name());
    return row != null
        ? row
        : ReportRow.finishedBefore(
            result.name(), PictureFiles.tissuePicture(folder, result.name()), result.tiles());
  }
}
