package io.github.gpfm.slideio.bioformats.internal;

import io.github.gpfm.api.GpfmException;
import io.github.gpfm.api.SlideException;
import io.github.gpfm.api.SlideFormatException;
import io.github.gpfm.slideio.spi.AbstractSlide;
import io.github.gpfm.slideio.spi.SlideDescription;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/** A slide read by Bio-Formats, each reading thread through a reader of its own. */
final class BioFormatsSlide extends AbstractSlide {
  /** Associated images larger than this are refused: they are read whole. */
  private static final long MAX_ASSOCIATED_PIXELS = 1L << 26;

  private final SlideLayout layout;
  private final ReaderPool pool;

  BioFormatsSlide(
      Path path, String reader, SlideDescription description, SlideLayout layout, ReaderPool pool) {
    super(path, reader, description);
    this.layout = layout;
    this.pool = pool;
  }

  @Override
  protected BufferedImage read(long x, long y, int level, int width, int height) {
    ImagePage page = layout.levels().get(level);
    double downsample = layout.downsample(level);
    return decoded(
        session -> new RegionReader(session, page).region(x, y, downsample, width, height));
  }

  @Override
  protected BufferedImage readAssociated(String name) {
    ImagePage page = Objects.requireNonNull(layout.associated().get(name));
    if (page.area() > MAX_ASSOCIATED_PIXELS) {
      throw new SlideException(
          path(),
          path()
              + ": associated image '"
              + name
              + "' is "
              + page.width()
              + " x "
              + page.height()
              + " pixels large; open it as a slide with series "
              + page.series()
              + ".");
    }
    return decoded(session -> new RegionReader(session, page).whole());
  }

  /** Bio-Formats does not hand out ICC profiles. */
  @Override
  protected Optional<byte[]> readIccProfile() {
    return Optional.empty();
  }

  @Override
  protected void release() {
    pool.close();
  }

  private BufferedImage decoded(ReaderPool.Action<BufferedImage> action) {
    try {
      return pool.with(action);
    } catch (GpfmException e) {
      throw e;
    } catch (OutOfMemoryError e) {
      throw new SlideException(
          path(),
          "There is not enough memory to read "
              + path()
              + " through Bio-Formats: read smaller regions or give Java more with -Xmx.",
          e);
    } catch (Exception | LinkageError | StackOverflowError e) {
      throw new SlideFormatException(
          path(), "Bio-Formats cannot read " + path() + ": " + Failures.clause(e) + ".", e);
    }
  }
}
