package io.github.gpfm.pipeline;

import io.github.gpfm.tiling.format.GeoJson;
import io.github.gpfm.tiling.picture.ImageFiles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The files by which a person judges a slide's tiles. */
final class PictureFiles {
  private PictureFiles() {}

  /** Writes {@code NAME.geojson} and {@code NAME-tissue.jpg}; returns their paths. */
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
              Path file = folder.resolve(name + "-tissue.jpg");
              ImageFiles.writeJpeg(file, picture);
              files.add(file);
            });
    return files;
  }
}
