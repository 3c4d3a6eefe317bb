package io.github.gpfm.tiling.dataset;

import com.google.common.cache.CacheBuilder;
import com.google.common.cache.CacheLoader;
import com.google.common.cache.LoadingCache;
import com.google.common.cache.RemovalNotification;
import com.google.common.util.concurrent.UncheckedExecutionException;
import io.github.gpfm.api.GpfmException;
import io.github.gpfm.api.Slide;
import io.github.gpfm.api.SlideClosedException;
import io.github.gpfm.api.TilingException;
import java.nio.file.Path;
import java.util.function.Function;

/** Keeps the slides used last open, at most a few at a time. Safe for many threads. */
final class SlidePool implements AutoCloseable {
  private static final int MAX_OPEN = 16;
  private static final int ATTEMPTS = 5;

  private final LoadingCache<Path, Slide> open;
  private volatile boolean closed;

  SlidePool(SlideOpener opener) {
    open =
        CacheBuilder.newBuilder()
            .maximumSize(MAX_OPEN)
            .removalListener(
                (RemovalNotification<Path, Slide> removal) -> {
                  Slide slide = removal.getValue();
                  if (slide != null) {
                    slide.close();
                  }
                })
            .build(CacheLoader.from(opener::open));
  }

  /**
   * Uses a slide, opening it if need be; the use may be repeated if the slide is pushed out in
   * between.
   */
  <T> T with(Path path, Function<Slide, T> use) {
    for (int attempt = 1; ; attempt++) {
      if (closed) {
        throw new TilingException("The data set of slides is closed.");
      }
      try {
        return use.apply(open.getUnchecked(path));
      } catch (SlideClosedException e) {
        // Another thread's slide has pushed this one out between finding and reading it.
        if (attempt == ATTEMPTS) {
          throw e;
        }
      } catch (UncheckedExecutionException e) {
        if (e.getCause() instanceof GpfmException own) {
          throw own;
        }
        throw e;
      }
    }
  }

  @Override
  public void close() {
    closed = true;
    open.invalidateAll();
  }
}
