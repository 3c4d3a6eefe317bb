package io.github.gpfm.tiling.format;

import java.nio.file.Path;

/** The name under which a slide's results are kept. */
public final class SlideName {
  private SlideName() {}

  /** The file's name without its last extension, as the official code names it. */
  public static String of(Path slide) {
    Path last = slide.toAbsolutePath().normalize().getFileName();
    String name = last == null ? "slide" : last.toString();
    int dot = name.lastIndexOf('.');
    return dot > 0 ? name.substring(0, dot) : name;
  }
}
