package io.github.gpfm.slideio.bioformats.internal;

import io.github.gpfm.api.Slide;
import io.github.gpfm.api.SlideFormatException;
import io.github.gpfm.api.SlideLevel;
import io.github.gpfm.api.SlideOpenResult;
import io.github.gpfm.api.SlideOptions;
import io.github.gpfm.slideio.Slides;
import io.github.gpfm.slideio.bioformats.BioFormatsSettings;
import io.github.gpfm.slideio.spi.SlideDescription;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Opens slides through whatever Bio-Formats is there, or says why not. */
public final class Opener {
  /** What a user adds, for the list of declined readers. */
  static final String ABSENT =
      "Bio-Formats is not on the class path: add ome:formats-bsd (BSD licence; OME-TIFF, TIFF,"
          + " DICOM, JPEG 2000) or ome:formats-gpl (GPL licence; also SVS, NDPI, SCN, CZI, VSI,"
          + " BIF) from OME's Maven repository";

  private Opener() {}

  /**
   * @param reader name of the provider
   * @param settings how many readers, and where memo files may lie
   */
  public static SlideOpenResult open(
      Path path, SlideOptions options, String reader, BioFormatsSettings settings) {
    Optional<BioFormatsLibrary> library;
    try {
      library = BioFormatsLibrary.find();
    } catch (ReflectiveOperationException | LinkageError e) {
      return new SlideOpenResult.Declined(
          "the Bio-Formats on the class path cannot be used ("
              + Failures.clause(e)
              + "): use version 6.0 or later with all that it depends on");
    }
    if (library.isEmpty()) {
      return new SlideOpenResult.Declined(ABSENT);
    }
    if (Files.isDirectory(path)) {
      return new SlideOpenResult.Declined(
          "a folder, and Bio-Formats opens files: name one of the files in it");
    }
    try {
      BioFormatsLibrary bound = library.get();
      return open(path, options, reader, settings, () -> bound.detect(path, settings));
    } catch (Exception | LinkageError | StackOverflowError | OutOfMemoryError e) {
      return new SlideOpenResult.Declined(
          "Bio-Formats cannot open it (" + Failures.clause(e) + ")");
    }
  }

  /** Finds out how sessions on a file are opened. */
  interface Detection {
    ReaderSession.Factory detect() throws Exception;
  }

  /** Opens a first session, describes the slide by it and hands it to the pool. */
  static SlideOpenResult open(
      Path path,
      SlideOptions options,
      String reader,
      BioFormatsSettings settings,
      Detection detection)
      throws Exception {
    Deadline deadline = new Deadline(settings.timeout());
    return deadline.call(
        () -> describe(path, options, reader, settings, detection, deadline),
        late -> late.slide().close());
  }

  private static SlideOpenResult.Opened describe(
      Path path,
      SlideOptions options,
      String reader,
      BioFormatsSettings settings,
      Detection detection,
      Deadline deadline)
      throws Exception {
    ReaderSession.Factory factory = detection.detect();
    ReaderSession first = factory.open();
    try {
      SlideLayout layout = LayoutReader.read(first, options.series());
      SlideDescription description = SlideFacts.describe(first, layout, options);
      if (description.vendor().equals("dicom")) {
        requireSeries(path, options, description);
      }
      return new SlideOpenResult.Opened(
          new BioFormatsSlide(
              path,
              reader,
              description,
              layout,
              new ReaderPool(factory, settings.maxReaders(), deadline, first)));
    } catch (Exception | Error e) {
      ReaderPool.closeQuietly(first);
      throw e;
    }
  }

  /**
   * Bio-Formats shows one file of a DICOM series, frames that are elsewhere or that it cannot
   * decode as black: the whole series must be what it shows.
   */
  private static void requireSeries(Path path, SlideOptions options, SlideDescription description) {
    SlideOptions same = SlideOptions.DEFAULT.withIncomplete(options.incomplete());
    try (Slide series = Slides.open(path, "builtin", same)) {
      if (!sizes(series.levels()).equals(sizes(description.levels()))) {
        throw new SlideFormatException(
            path, "it shows only a part of the DICOM series: the built-in reader reads all of it");
      }
    }
  }

  private static List<List<Long>> sizes(List<SlideLevel> levels) {
    return levels.stream().map(level -> List.of(level.width(), level.height())).toList();
  }
}
