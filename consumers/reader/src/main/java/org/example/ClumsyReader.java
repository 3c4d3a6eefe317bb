package org.example;

import io.github.gpfm.api.SlideOpenResult;
import io.github.gpfm.api.SlideOptions;
import io.github.gpfm.api.SlideProvider;
import java.nio.file.Path;

/** Fails where it should decline. */
public final class ClumsyReader implements SlideProvider {
  @Override
  public String name() {
    return "clumsy";
  }

  @Override
  public int priority() {
    return 1000;
  }

  @Override
  public SlideOpenResult open(Path path, SlideOptions options) {
    throw new UnsupportedOperationException("not today");
  }
}
