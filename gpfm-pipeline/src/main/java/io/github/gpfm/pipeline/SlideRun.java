package io.github.gpfm.pipeline;

import io.github.gpfm.api.ProgressListener;
import io.github.gpfm.tiling.format.CoordsLayout;
import io.github.gpfm.tiling.format.ProcessList;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What tiling and embedding have in common: how tiles are laid, and which files are written. */
record SlideRun(
    TilingPlan plan,
    Path output,
    CoordsLayout layout,
    boolean pictures,
    TileFiles tileFiles,
    Optional<SlideList> slideList,
    ProgressListener progress) {
  /** The plan for a slide: that of its row in the list, else the common one. */
  TilingPlan planFor(SlideInput input) {
    return slideList.map(list -> list.planFor(input.path())).orElse(plan);
  }

  /** Opens, segments, tiles and draws. */
  PreparedSlide prepare(SlideInput input) throws Exception {
    return PreparedSlide.prepare(input, planFor(input), pictures);
  }

  /** Writes all that belongs to a slide beside its coordinates; returns the paths. */
  List<Path> writeFiles(PreparedSlide prepared) {
    List<Path> files = new ArrayList<>();
    if (pictures) {
      files.addAll(PictureFiles.write(prepared, output));
    }
    files.addAll(tileFiles.write(prepared, output));
    return files;
  }

  /** Writes what belongs to the run as a whole. */
  void complete(RunSummary summary, RunReport report) {
    if (!summary.isWorthKeeping() || !Files.isDirectory(output)) {
      return;
    }
    if (pictures) {
      report.write(output, summary);
    }
    slideList.ifPresent(
        list -> ProcessList.write(output.resolve("process_list.csv"), list.after(summary)));
  }
}
