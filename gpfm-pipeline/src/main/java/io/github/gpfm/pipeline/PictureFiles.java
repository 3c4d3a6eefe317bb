package io.github.gpfm.pipeline;

import io.github.gpfm.api.GpfmException;
import io.github.gpfm.image.PictureFile;
import io.github.gpfm.tiling.format.GeoJson;
import io.github.gpfm.tiling.picture.HeatMapPicture;
import io.github.gpfm.tiling.picture.ImageFiles;
import io.github.gpfm.tiling.picture.Thumbnail;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The files by which a person judges a slide's tiles. */
final class PictureFiles {
  private static final Logger LOG = LoggerFactory.getLogger(PictureFiles.class);

  private PictureFiles() {}

  private static final int HEAT_MAP_EDGE = 1024;
  private static final String TISSUE = "-tissue.jpg";

  /**
   * The files that {@link #write} writes.
   *
   * @param judged whether tiles are judged
   */
  static List<Path> files(Path folder, String name, boolean judged) {
    List<Path> files = new ArrayList<>();
    files.add(folder.resolve(name + ".geojson"));
    files.add(folder.resolve(name + TISSUE));
    if (judged) {
      files.add(folder.resolve(name + "-qc.jpg"));
    }
    return files;
  }

  /**
   * Writes {@code NAME.geojson} and {@code NAME-tissue.jpg}, and for judged tiles {@code
   * NAME-qc.jpg}; returns their paths.
   */
  static List<Path> write(PreparedSlide prepared, Path folder) {
    String name = prepared.input().name();
    List<Path> files = new ArrayList<>();
    Path outlines = folder.resolve(name + ".geojson");
    GeoJson.writeTissue(outlines, name, prepared.tissue());
    files.add(outlines);
    prepared
        .picture()
        .ifPresent(
            picture -> {
              Path file = folder.resolve(name + TISSUE);
              ImageFiles.writeJpeg(file, picture);
              files.add(file);
            });
    if (!prepared.tiles().scoreNames().isEmpty()) {
      Path file = folder.resolve(name + "-qc.jpg");
      Thumbnail thumbnail = Thumbnail.of(prepared.seen(), HEAT_MAP_EDGE);
      ImageFiles.writeJpeg(file, HeatMapPicture.drawAll(thumbnail, prepared.tiles()));
      files.add(file);
    }
    return files;
  }

  /** The picture that an earlier run left, if it can be read. */
  static Optional<BufferedImage> tissuePicture(Path folder, String name) {
    Path file = folder.resolve(name + TISSUE);
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    try {
      return Optional.of(PictureFile.read(file));
    } catch (GpfmException e) {
      LOG.warn("{} It is left out of the report.", e.getMessage());
      return Optional.empty();
    }
  }
}
