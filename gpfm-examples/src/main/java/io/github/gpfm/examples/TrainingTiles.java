package io.github.gpfm.examples;

import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.api.Slide;
import io.github.gpfm.tiling.dataset.TileDataset;
import io.github.gpfm.tiling.format.SlideName;
import io.github.gpfm.tiling.grid.TileTable;
import io.github.gpfm.tiling.grid.Tiler;
import io.github.gpfm.tiling.segment.TissueSegmenter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What is trained on: tiles on disk, or slides, read while training. */
final class TrainingTiles {
  @Option(
      names = "--data",
      required = true,
      arity = "1..*",
      paramLabel = "PATH",
      description =
          "A folder of images, a folder of *.tar shards, one shard, or slide files; the options of"
              + " tissue and tiles are for slides.")
  private List<Path> paths;

  @Mixin private SegmentationOptions segmentation;
  @Mixin private GridOptions grid;
  @Mixin private ReaderOptions reader;

  /**
   * Opens the tiles; those of slides are laid first.
   *
   * @throws InvalidOptionException if tiles on disk are given together with anything else, or two
   *     slides have one name
   * @throws io.github.gpfm.api.GpfmException if something cannot be read or holds no tile
   */
  TileDataset open() {
    if (paths.size() == 1 && !isSlide(paths.get(0))) {
      return TileDataset.open(paths.get(0));
    }
    TissueSegmenter segmenter = segmentation.segmenter(grid.coords().isPresent());
    Tiler tiler = grid.tiler(segmentation.preset(), ExtractCommand.TILE_SIZE, ExtractCommand.MPP);
    Map<Path, TileTable> tables = new LinkedHashMap<>();
    Set<String> names = new HashSet<>();
    for (Path path : paths) {
      if (Files.exists(path) && !isSlide(path)) {
        throw new InvalidOptionException(
            "--data: '%s' is no slide; give one folder, one shard, or slide files only."
                .formatted(path));
      }
      String name = SlideName.of(path);
      if (!names.add(name)) {
        throw new InvalidOptionException(
            "--data: two slides have the name '%s'; rename one.".formatted(name));
      }
      try (Slide slide = reader.open(path)) {
        tables.put(
            path,
            TileTable.of(
                name, tiler.forSlide(path).tile(slide, segmenter.forSlide(path).segment(slide))));
      }
    }
    return TileDataset.ofSlides(tables, reader.opener());
  }

  private static boolean isSlide(Path path) {
    return Files.isRegularFile(path) && !path.getFileName().toString().endsWith(".tar");
  }
}
