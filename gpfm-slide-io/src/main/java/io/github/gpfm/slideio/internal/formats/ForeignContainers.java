package io.github.gpfm.slideio.internal.formats;

import io.github.gpfm.slideio.internal.tiff.TiffDirectory;
import io.github.gpfm.slideio.internal.tiff.TiffReader.Tiff;
import io.github.gpfm.slideio.internal.tiff.TiffTag;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Vendors' files that look like a TIFF or a picture but hold a preview, a label or one of many
 * images: the slide itself lies elsewhere or needs the vendor's own reader. They are known by their
 * marks, and by their companions on the disk whatever they are called.
 */
public final class ForeignContainers {
  private static final int ZEISS_LSM = 34412;

  private ForeignContainers() {}

  /**
   * Why a file is not the slide, by its companions; empty if it may be.
   *
   * @param path an existing file
   */
  public static Optional<String> elsewhere(Path path) {
    Path absolute = path.toAbsolutePath();
    Path parent = absolute.getParent();
    Path last = absolute.getFileName();
    if (parent == null || last == null) {
      return Optional.empty();
    }
    String name = last.toString();
    int dot = name.lastIndexOf('.');
    String stem = dot > 0 ? name.substring(0, dot) : name;
    String extension = dot > 0 ? name.substring(dot + 1).toLowerCase(Locale.ROOT) : "";
    if (extension.equals("vsi") || holdsEts(parent.resolve("_" + stem + "_"))) {
      return Optional.of(
          "an Olympus VSI, whose pixels are in the .ets files of its folder _"
              + stem
              + "_: Bio-Formats reads it");
    }
    if (extension.equals("mrxs") || Files.exists(parent.resolve(stem).resolve("Slidedat.ini"))) {
      return Optional.of(
          "a MIRAX preview, whose slide is in its folder " + stem + ": OpenSlide reads it");
    }
    return Optional.empty();
  }

  private static boolean holdsEts(Path folder) {
    if (!Files.isDirectory(folder)) {
      return false;
    }
    try (DirectoryStream<Path> stacks = Files.newDirectoryStream(folder)) {
      for (Path stack : stacks) {
        if (Files.isDirectory(stack)) {
          try (DirectoryStream<Path> frames = Files.newDirectoryStream(stack, "*.ets")) {
            if (frames.iterator().hasNext()) {
              return true;
            }
          }
        }
      }
      return false;
    } catch (IOException e) {
      // A folder of that name that cannot be looked into is mark enough.
      return true;
    }
  }

  /** Why a TIFF is a vendor's container, by its tags; empty if it may be read as what it is. */
  static Optional<String> marked(Tiff tiff) {
    TiffDirectory first = tiff.first();
    String description = first.text(TiffTag.IMAGE_DESCRIPTION).orElse("");
    String software = first.text(TiffTag.SOFTWARE).orElse("");
    if (description.contains("http://www.leica-microsystems.com/scn")) {
      return Optional.of("a Leica SCN, which holds several images: OpenSlide reads it");
    }
    if (software.startsWith("MedScan")) {
      return Optional.of("a Trestle TIFF, whose tiles overlap: OpenSlide reads it");
    }
    if (first.has(ZEISS_LSM)) {
      return Optional.of("a Zeiss LSM: Bio-Formats reads it");
    }
    boolean cellSens =
        List.of(software, first.text(TiffTag.MAKE).orElse("")).stream()
            .anyMatch(text -> text.toLowerCase(Locale.ROOT).contains("cellsens"));
    if (cellSens && !tiff.directories().stream().anyMatch(TiffParts::reduced)) {
      return Optional.of("an Olympus cellSens file: Bio-Formats reads it");
    }
    return Optional.empty();
  }
}
