package io.github.gpfm.pipeline;

import io.github.gpfm.tiling.format.GeoJson;
import io.github.gpfm.tiling.format.TileTableFormat;
import io.github.gpfm.tiling.grid.TileTable;
import io.github.gpfm.tiling.picture.ImageFiles;
import io.github.gpfm.tiling.picture.MosaicPicture;
import io.github.gpfm.tiling.picture.Thumbnail;
import io.github.gpfm.tiling.picture.TissuePicture;
import io.github.gpfm.tiling.qc.QualityControl;
import io.github.gpfm.tiling.qc.TileScore;
import java.awt.Color;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What is written of a slide's tiles beside their coordinates.
 *
 * @param mosaic {@code NAME-mosaic.jpg}: the tiles in their places
 * @param table {@code NAME-tiles.csv} or another format: a row a tile with its scores
 * @param geoJson {@code NAME-tiles.geojson}: detections with their scores as measurements, for
 *     QuPath
 */
public record TileFiles(boolean mosaic, Optional<TileTableFormat> table, boolean geoJson) {
  /** Only coordinates. */
  public static final TileFiles NONE = new TileFiles(false, Optional.empty(), false);

  /** Ours; a table of a format that another jar adds is not looked after. */
  private static final List<String> TABLE_FORMATS = List.of("csv", "parquet");

  private static Path mosaicFile(Path folder, String name) {
    return folder.resolve(name + "-mosaic.jpg");
  }

  private static Path tableFile(Path folder, String name, String format) {
    return folder.resolve(name + "-tiles." + format);
  }

  private static Path geoJsonFile(Path folder, String name) {
    return folder.resolve(name + "-tiles.geojson");
  }

  /** The files that {@link #write} writes. */
  List<Path> files(Path folder, String name) {
    List<Path> files = new ArrayList<>();
    if (mosaic) {
      files.add(mosaicFile(folder, name));
    }
    table.ifPresent(format -> files.add(tableFile(folder, name, format.name())));
    if (geoJson) {
      files.add(geoJsonFile(folder, name));
    }
    return files;
  }

  /** All that any choice may have written. */
  static List<Path> possible(Path folder, String name) {
    List<Path> files = new ArrayList<>();
    files.add(mosaicFile(folder, name));
    TABLE_FORMATS.forEach(format -> files.add(tableFile(folder, name, format)));
    files.add(geoJsonFile(folder, name));
    return files;
  }

  /** Writes what was asked for; returns the paths. */
  List<Path> write(PreparedSlide prepared, Path folder) {
    List<Path> files = new ArrayList<>();
    String name = prepared.input().name();
    if (mosaic) {
      Path file = mosaicFile(folder, name);
      Thumbnail thumbnail = Thumbnail.of(prepared.seen(), TissuePicture.DEFAULT_EDGE);
      ImageFiles.writeJpeg(file, MosaicPicture.draw(thumbnail, prepared.grid(), Color.WHITE));
      files.add(file);
    }
    if (table.isEmpty() && !geoJson) {
      return files;
    }
    TileTable tiles = prepared.tiles();
    if (!tiles.scoreNames().contains(TileScore.TISSUE_FRACTION) && !prepared.tissue().isUnknown()) {
      tiles = QualityControl.tissueFraction(tiles, prepared.tissue());
    }
    if (table.isPresent()) {
      Path file = tableFile(folder, name, table.get().name());
      table.get().write(file, tiles);
      files.add(file);
    }
    if (geoJson) {
      Path file = geoJsonFile(folder, name);
      GeoJson.writeTiles(file, tiles);
      files.add(file);
    }
    return files;
  }
}
