package io.github.gpfm.pipeline;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.gpfm.tiling.picture.CohortReport;
import io.github.gpfm.tiling.picture.ReportRow;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
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

  /**
   * One page for all slides that the merged summary lists.
   *
   * @param folder the results
   * @param summary this run
   * @param merged what {@link SummaryFile} wrote
   */
  void write(Path folder, RunSummary summary, JsonObject merged) {
    Map<String, SlideResult> mine = new HashMap<>();
    summary.slides().forEach(result -> mine.put(result.name(), result));
    List<ReportRow> all = new ArrayList<>();
    for (JsonElement slide : merged.getAsJsonArray("slides")) {
      JsonObject json = slide.getAsJsonObject();
      SlideResult result = mine.get(SummaryFile.name(json));
      all.add(result == null ? otherRuns(folder, json) : row(folder, result));
    }
    CohortReport.write(folder.resolve("report.html"), title, all);
  }

  private static ReportRow otherRuns(Path folder, JsonObject slide) {
    String name = SummaryFile.name(slide);
    if (SummaryFile.status(slide).equals("failed")) {
      JsonElement error = slide.get("error");
      String reason = error == null || error.isJsonNull() ? "failed" : error.getAsString();
      return ReportRow.failed(name, reason, 0);
    }
    return ReportRow.finishedBefore(
        name, PictureFiles.tissuePicture(folder, name), slide.get("tiles").getAsInt());
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
