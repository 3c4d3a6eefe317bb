package org.example;

import io.github.gpfm.api.Slide;
import io.github.gpfm.api.SlideOpenResult;
import io.github.gpfm.api.SlideOptions;
import io.github.gpfm.api.SlideProvider;
import java.nio.file.Path;

/** Reads files that end in {@code .chess}, whatever they hold, as a chess board. */
public final class ChessReader implements SlideProvider {
  @Override
  public String name() {
    return "chess";
  }

  @Override
  public int priority() {
    return 10;
  }

  @Override
  public SlideOpenResult open(Path path, SlideOptions options) {
    Slide board = new ChessBoard(path);
    return path.toString().endsWith(".chess")
        ? new SlideOpenResult.Opened(board)
        : new SlideOpenResult.Declined("not a chess board");
  }
}
