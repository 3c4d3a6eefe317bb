package io.github.gpfm.pipeline;

import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.api.TilingException;
import io.github.gpfm.tiling.format.ProcessList;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * CLAM's process list over a run: which slides are worked on, each with which parameters, and the
 * list as it stands afterwards.
 */
public final class SlideList {
  private static final Logger LOG = LoggerFactory.getLogger(SlideList.class);

  private final TilingPlan plan;
  private final ProcessList.Entry defaults;
  private final List<ProcessList.Entry> entries;
  private final String source;

  private SlideList(TilingPlan plan, List<ProcessList.Entry> entries, String source) {
    this.plan = plan;
    this.defaults = plan.processListDefaults();
    this.entries = List.copyOf(entries);
    this.source = source;
  }

  /**
   * Without a list: every slide with the same parameters.
   *
   * @throws InvalidOptionException if the plan's segmenter is not CLAM's
   */
  public static SlideList of(TilingPlan plan) {
    return new SlideList(plan, List.of(), "");
  }

  /**
   * Reads a list.
   *
   * @param file the list
   * @param plan what fills empty cells
   * @throws InvalidOptionException if the plan's segmenter is not CLAM's
   * @throws io.github.gpfm.api.TilingException if the list is missing or cannot be understood
   */
  public static SlideList read(Path file, TilingPlan plan) {
    return new SlideList(plan, ProcessList.read(file, plan.processListDefaults()), file.toString());
  }

  /**
   * The slides to work on: a folder that holds listed slides stands for those of them with {@code
   * process} 1; a slide with {@code process} 0 is left out; one that the list does not name stays.
   *
   * @throws InvalidOptionException if none is left
   */
  public List<Path> select(List<Path> given) {
    List<Path> selected = new ArrayList<>();
    for (Path path : given) {
      if (Files.isDirectory(path)
          && entries.stream().anyMatch(one -> Files.exists(path.resolve(one.slideId())))) {
        entries.stream()
            .filter(ProcessList.Entry::process)
            .forEach(one -> selected.add(path.resolve(one.slideId())));
      } else if (entry(path).map(ProcessList.Entry::process).orElse(true)) {
        selected.add(path);
      }
    }
    if (selected.isEmpty()) {
      throw new InvalidOptionException(
          source + " leaves no slide to process: set process to 1 for those to be done.");
    }
    return selected;
  }

  /** Whether a slide is to be worked on: all but those that the list gives process 0. */
  public boolean processes(Path slide) {
    return entry(slide).map(ProcessList.Entry::process).orElse(true);
  }

  /** The plan for a slide: its row's, else the common one. */
  public TilingPlan planFor(Path slide) {
    return entry(slide).map(plan::with).orElse(plan);
  }

  /** Writes {@code process_list.csv} after a run, with the rows that other runs left there. */
  void writeAfter(RunSummary summary, Path folder) {
    Path file = folder.resolve("process_list.csv");
    Map<String, ProcessList.Entry> rows = new LinkedHashMap<>();
    if (Files.isRegularFile(file)) {
      try {
        ProcessList.read(file, defaults).forEach(row -> rows.put(row.slideId(), row));
      } catch (TilingException e) {
        LOG.warn("{} cannot be read and is written again: {}", file, e.getMessage());
      }
    }
    Map<String, ProcessList.Entry> mine = new LinkedHashMap<>();
    after(summary).forEach(row -> mine.put(row.slideId(), row));
    rows.forEach(mine::putIfAbsent);
    ProcessList.write(file, List.copyOf(mine.values()));
  }

  /** The list after a run: rows of the list in their order, then slides that it did not name. */
  List<ProcessList.Entry> after(RunSummary summary) {
    Map<String, ProcessList.Entry> rows = new TreeMap<>();
    List<String> order = new ArrayList<>();
    for (ProcessList.Entry one : entries) {
      order.add(one.slideId());
      rows.put(one.slideId(), one);
    }
    for (SlideResult result : summary.slides()) {
      ProcessList.Entry row =
          entry(result.slide()).orElseGet(() -> unlisted(fileName(result.slide())));
      if (rows.put(row.slideId(), ended(row, result)) == null) {
        order.add(row.slideId());
      }
    }
    return order.stream().map(rows::get).toList();
  }

  /** A failed slide stays to be processed, so that the list resumes the run. */
  private static ProcessList.Entry ended(ProcessList.Entry row, SlideResult result) {
    if (result.status() == SlideResult.Status.BUSY) {
      return row;
    } else if (result.status() != SlideResult.Status.FAILED) {
      return row.done("processed");
    }
    return new ProcessList.Entry(
        row.slideId(),
        true,
        "failed_seg",
        row.segmentation(),
        row.usePadding(),
        row.contourTest(),
        row.other());
  }

  private ProcessList.Entry unlisted(String slideId) {
    return ProcessList.Entry.of(
        slideId, defaults.segmentation(), defaults.usePadding(), defaults.contourTest());
  }

  private Optional<ProcessList.Entry> entry(Path slide) {
    Path path = slide.toAbsolutePath().normalize();
    return entries.stream().filter(one -> path.endsWith(one.slideId())).findFirst();
  }

  private static String fileName(Path slide) {
    return String.valueOf(slide.toAbsolutePath().normalize().getFileName());
  }
}
