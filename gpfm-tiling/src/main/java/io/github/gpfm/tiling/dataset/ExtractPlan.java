package io.github.gpfm.tiling.dataset;

import io.github.gpfm.api.GpfmException;
import io.github.gpfm.api.OutputException;
import io.github.gpfm.api.ProgressListener;
import io.github.gpfm.api.Slide;
import io.github.gpfm.api.TilingException;
import io.github.gpfm.support.AtomicFile;
import io.github.gpfm.tiling.format.TileCsv;
import io.github.gpfm.tiling.grid.TileTable;
import io.github.gpfm.tiling.internal.Parallel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Decides which tiles of which slides are extracted. */
final class ExtractPlan {
  private static final Logger LOG = LoggerFactory.getLogger(ExtractPlan.class);

  private final ExtractOptions options;
  private final SlideOpener opener;

  ExtractPlan(ExtractOptions options, SlideOpener opener) {
    this.options = options;
    this.opener = opener;
  }

  /**
   * Plans every slide that has no plan yet.
   *
   * @param broken receives the slides left out, each with the reason
   * @return the tiles of the slides that have any, in the slides' order
   */
  List<TileTable> plan(
      Map<String, Path> slides,
      ExtractFolder folder,
      SortedMap<String, String> broken,
      ProgressListener progress) {
    List<Map.Entry<String, Path>> list = List.copyOf(slides.entrySet());
    progress.started("plan slides", list.size());
    try {
      Parallel.forEach(
          list.size(),
          options.threads(),
          i -> planOne(list.get(i).getKey(), list.get(i).getValue(), folder, broken),
          progress::advanced);
    } finally {
      progress.finished();
    }
    if (!broken.isEmpty() && !options.skipBroken()) {
      throw new TilingException(
              broken.size()
                  + " of "
                  + list.size()
                  + " slides cannot be read, so that no shard was cut; leave them out or have"
                  + " them skipped (skipBroken): "
                  + String.join(" ", broken.values()))
          .about("skipBroken");
    }
    List<TileTable> tables = new ArrayList<>();
    for (Map.Entry<String, Path> slide : list) {
      if (!broken.containsKey(slide.getKey())) {
        tables.addAll(TileCsv.read(folder.plan(slide.getKey())));
      }
    }
    return tables;
  }

  /** Plans one slide, unless it is planned. */
  void planOne(String name, Path path, ExtractFolder folder, SortedMap<String, String> broken) {
    if (Files.exists(folder.plan(name))) {
      return;
    }
    Optional<String> reason = storedReason(folder.broken(name));
    if (reason.isEmpty()) {
      try (Slide slide = opener.open(path)) {
        TileCsv.write(folder.plan(name), List.of(options.recipe(path).tiles(name, slide)));
        return;
      } catch (OutputException e) {
        throw e;
      } catch (GpfmException e) {
        reason = Optional.of(String.valueOf(e.getMessage()));
        LOG.warn("{} is left out: {}", path, e.getMessage());
      }
      if (options.skipBroken()) {
        // Kept, so that a resumed run cuts the same shards even if the slide has been mended.
        String text = reason.get();
        AtomicFile.text(folder.broken(name), text);
      }
    }
    synchronized (broken) {
      broken.put(name, reason.get());
    }
  }

  private static Optional<String> storedReason(Path file) {
    try {
      return Files.exists(file) ? Optional.of(Files.readString(file)) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
