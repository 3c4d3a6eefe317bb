package io.github.gpfm.examples;

import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.pipeline.SlideInput;
import io.github.gpfm.pipeline.SlideList;
import io.github.gpfm.pipeline.TilingPlan;
import io.github.gpfm.slideio.SlideFolders;
import io.github.gpfm.tiling.dataset.SlideOpener;
import io.github.gpfm.tiling.given.CoordsTiler;
import io.github.gpfm.tiling.given.MaskSegmenter;
import io.github.gpfm.tiling.segment.ClamSegmenter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which slides are worked on, each how; the same in {@code tile, embed, extract}. */
final class SlideListOptions {
  @Parameters(
      arity = "1..*",
      paramLabel = "SLIDE",
      description = {
        "Slide files, folders of DICOM slides, and folders of slides or pictures, which stand for",
        "the files in them."
      })
  private List<Path> slides;

  @Option(names = "--out", required = true, paramLabel = "DIR", description = "Results' folder.")
  private Path out;

  @Option(
      names = "--process-list",
      paramLabel = "F.csv",
      description =
          "CLAM's process list: each slide's own parameters over those given here, slides with"
              + " process 0 left out; SLIDE may be the folder that holds the listed slides.")
  private @Nullable Path processList;

  @Option(names = "--recursive", description = "Look into the folders of a folder of slides too.")
  private boolean recursive;

  @Option(
      names = "--glob",
      paramLabel = "PATTERN",
      description =
          "Which files of a folder are slides, for instance '*.svs' (default: those with a"
              + " slide's or picture's extension).")
  private @Nullable String glob;

  @Mixin private ReaderOptions reader;

  /** What to work on. */
  record Selection(List<SlideInput> slides, Optional<SlideList> list) {
    /** A slide's own plan, else the common one. */
    TilingPlan planFor(SlideInput slide, TilingPlan common) {
      return list.map(one -> one.planFor(slide.path())).orElse(common);
    }
  }

  /** Where results go. */
  Path out() {
    return out;
  }

  /** The slides that the list leaves, each with how it is opened. */
  Selection select(TilingPlan plan) {
    Optional<SlideList> list = list(plan);
    SlideFolders folders = new SlideFolders(recursive, Optional.ofNullable(glob));
    // A process list names the slides of a folder itself.
    List<Path> selected =
        folders.expand(list.map(one -> one.select(slides)).orElse(slides)).stream()
            .filter(path -> list.isEmpty() || list.get().processes(path))
            .toList();
    requireOne(selected.size(), plan);
    return new Selection(selected.stream().map(reader::input).toList(), list);
  }

  /** A single mask or coordinate file belongs to a single slide. */
  private static void requireOne(int slides, TilingPlan plan) {
    if (slides < 2) {
      return;
    }
    if (plan.tiler() instanceof CoordsTiler tiler && Files.isRegularFile(tiler.coords())) {
      throw one("--coords", tiler.coords(), slides);
    }
    if (plan.segmenter() instanceof MaskSegmenter segmenter
        && Files.isRegularFile(segmenter.mask())) {
      throw one("--mask", segmenter.mask(), slides);
    }
  }

  private static InvalidOptionException one(String option, Path file, int slides) {
    return new InvalidOptionException(
        "%s %s belongs to one slide, not to %d: give the folder that holds a file for each."
            .formatted(option, file, slides));
  }

  /** Opens a slide as the options say. */
  SlideOpener opener() {
    return reader.opener();
  }

  /** CLAM's list holds parameters of its own segmenter only. */
  private Optional<SlideList> list(TilingPlan plan) {
    if (processList != null) {
      return Optional.of(SlideList.read(processList, plan));
    }
    return plan.segmenter() instanceof ClamSegmenter
        ? Optional.of(SlideList.of(plan))
        : Optional.empty();
  }
}
