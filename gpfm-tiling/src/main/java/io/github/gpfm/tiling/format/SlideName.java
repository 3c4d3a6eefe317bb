package io.github.gpfm.tiling.format;

import io.github.gpfm.slideio.SlideExtensions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/** The name under which a slide's results are kept. */
public final class SlideName {
  /** Extensions of what this and the official tools write of slides. */
  private static final Set<String> RESULTS =
      Set.of("h5", "hdf5", "npy", "npz", "pt", "safetensors", "parquet", "csv", "json", "geojson");

  private SlideName() {}

  /**
   * The name of a file without its last extension, as the official code names it, if that is one of
   * slides, pictures or results; the whole name otherwise, and of a folder: {@code TCGA.0001} and
   * {@code 1.2.840.113619.7.1} have no extension.
   */
  public static String of(Path slide) {
    Path last = slide.toAbsolutePath().normalize().getFileName();
    String name = last == null ? "slide" : last.toString();
    boolean known =
        SlideExtensions.isSlideOrPicture(name) || RESULTS.contains(SlideExtensions.of(name));
    return known && !Files.isDirectory(slide) ? name.substring(0, name.lastIndexOf('.')) : name;
  }
}
