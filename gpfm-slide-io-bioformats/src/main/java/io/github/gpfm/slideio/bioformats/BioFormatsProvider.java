package io.github.gpfm.slideio.bioformats;

import io.github.gpfm.api.SlideOpenResult;
import io.github.gpfm.api.SlideOptions;
import io.github.gpfm.api.SlideProvider;
import io.github.gpfm.slideio.bioformats.internal.Opener;
import java.nio.file.Path;

/**
 * Reads what Bio-Formats reads, if the user has put it on the class path; tried last. Without it
 * every file is declined with the coordinates to add. {@link BioFormatsSettings} tells the system
 * properties that it obeys.
 */
public final class BioFormatsProvider implements SlideProvider {
  /** What this reader is called. */
  public static final String NAME = "bioformats";

  /** For the service loader. */
  public BioFormatsProvider() {}

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public int priority() {
    return 10;
  }

  @Override
  public SlideOpenResult open(Path path, SlideOptions options) {
    return Opener.open(path, options, NAME, BioFormatsSettings.fromSystemProperties());
  }
}
