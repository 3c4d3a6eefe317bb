package io.github.gpfm.spark.internal;

import io.github.gpfm.api.CancelledException;
import io.github.gpfm.api.SlideOptions;
import io.github.gpfm.pipeline.SlideInput;
import io.github.gpfm.spark.SparkOptions;
import io.github.gpfm.spark.rows.SlideRow;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * How executors open slides.
 *
 * @param options of the run
 * @param files of Hadoop file systems
 */
public record RunSpec(SparkOptions options, HadoopFiles files) implements Serializable {
  /** What is done with a slide that is here. */
  @FunctionalInterface
  public interface Work<T> {
    /** Does it. */
    T apply(SlideInput input) throws Exception;
  }

  /** Runs with a slide, or with its copy if it is of another file system. */
  public <T> T with(SlideRow slide, Work<T> work) throws Exception {
    if (HadoopFiles.isLocal(slide.getPath())) {
      return work.apply(input(HadoopFiles.local(slide.getPath())));
    }
    try (LocalCopies.Lease copy =
        copies().get(files, slide.getPath(), slide.getBytes(), slide.getModified())) {
      return work.apply(input(copy.path()));
    }
  }

  /**
   * A file as it is, or a copy that stays until the process ends.
   *
   * @throws CancelledException if the thread is interrupted while it is copied
   */
  public Path localFile(String path) {
    if (HadoopFiles.isLocal(path)) {
      return HadoopFiles.local(path);
    }
    try {
      return copies().get(files, path, 0, 0).keep();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancelledException("Copying " + path + " was cancelled.", e);
    }
  }

  /** Size and time of a file or folder; empty where there is none. */
  String stamp(String path) {
    if (path.isEmpty() || (HadoopFiles.isLocal(path) && !Files.exists(HadoopFiles.local(path)))) {
      return "";
    }
    HadoopFiles.Content content =
        HadoopFiles.isLocal(path) ? files.content(HadoopFiles.local(path)) : files.content(path);
    return content.bytes() + " " + content.modified();
  }

  private LocalCopies copies() {
    String folder = options.stageFolder();
    Path at =
        folder.isEmpty()
            ? Path.of(System.getProperty("java.io.tmpdir"), "gpfm-slides")
            : Path.of(folder);
    return LocalCopies.in(at, options.stageBytes());
  }

  /** A slide that is not to be opened, by its name alone. */
  SlideInput named(SlideRow slide) {
    return input(
        HadoopFiles.isLocal(slide.getPath())
            ? HadoopFiles.local(slide.getPath())
            : Path.of(HadoopFiles.fileName(slide.getPath())));
  }

  /** A slide that is here, as it is to be opened. */
  SlideInput input(Path path) {
    SlideOptions opened =
        options.slideMpp() == 0
            ? SlideOptions.DEFAULT
            : SlideOptions.DEFAULT.withMpp(options.slideMpp());
    Optional<String> reader =
        options.reader().isEmpty() ? Optional.empty() : Optional.of(options.reader());
    return new SlideInput(path, reader, opened);
  }

  /** Folder of the results. */
  public Path output() {
    return Path.of(options.output());
  }
}
