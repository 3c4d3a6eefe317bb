package io.github.gpfm.slideio;

import io.github.gpfm.api.GpfmException;
import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.api.Slide;
import io.github.gpfm.api.SlideException;
import io.github.gpfm.api.SlideFormatException;
import io.github.gpfm.api.SlideOpenResult;
import io.github.gpfm.api.SlideOptions;
import io.github.gpfm.api.SlideProvider;
import io.github.gpfm.slideio.internal.Substitutable;
import io.github.gpfm.slideio.internal.formats.TiffFormats;
import io.github.gpfm.support.Services;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens slides with the best reader that can: the {@link SlideProvider}s on the class path are
 * tried from the highest priority down, and one that sees a single level of a plain TIFF, or turns
 * it in pieces, gives way to one that sees it as it is.
 *
 * <pre>{@code
 * try (Slide slide = Slides.open(Path.of("slide.svs"))) {
 *   BufferedImage region = slide.readRegion(0, 0, 0, 512, 512);
 * }
 * }</pre>
 */
public final class Slides {
  private static final Logger LOG = LoggerFactory.getLogger(Slides.class);

  private Slides() {}

  /**
   * Opens a slide with the first reader that can.
   *
   * @param path a slide file, or the folder of a DICOM slide
   * @throws SlideFormatException if no reader can; the message tells why each declined
   * @throws SlideException if there is no such file or it cannot be read at all
   */
  public static Slide open(Path path) {
    return open(path, SlideOptions.DEFAULT);
  }

  /**
   * Opens a slide with the first reader that can.
   *
   * @param path a slide file, or the folder of a DICOM slide
   * @param options resolution override and the like
   * @throws SlideFormatException if no reader can; the message tells why each declined
   * @throws SlideException if there is no such file or it cannot be read at all
   */
  public static Slide open(Path path, SlideOptions options) {
    Slide slide = open(path, providers(), options);
    if (slide instanceof Substitutable substitutable) {
      substitutable.allowSubstitute();
    }
    return slide;
  }

  /**
   * Opens a slide with one reader.
   *
   * @param path a slide file, or the folder of a DICOM slide
   * @param reader a name of {@link #readers()}, for instance {@code openslide} or {@code builtin}
   * @throws InvalidOptionException if there is no such reader
   * @throws SlideFormatException if that reader declines
   * @throws SlideException if there is no such file or it cannot be read at all
   */
  public static Slide open(Path path, String reader) {
    return open(path, reader, SlideOptions.DEFAULT);
  }

  /**
   * Opens a slide with one reader.
   *
   * @param path a slide file, or the folder of a DICOM slide
   * @param reader a name of {@link #readers()}, for instance {@code openslide} or {@code builtin}
   * @param options resolution override and the like
   * @throws InvalidOptionException if there is no such reader
   * @throws SlideFormatException if that reader declines
   * @throws SlideException if there is no such file or it cannot be read at all
   */
  public static Slide open(Path path, String reader, SlideOptions options) {
    List<SlideProvider> named =
        providers().stream().filter(provider -> provider.name().equals(reader)).toList();
    if (named.isEmpty()) {
      throw new InvalidOptionException(
          "There is no slide reader '" + reader + "': choose one of " + readers() + ".");
    }
    return open(path, named, options);
  }

  /** Names of the readers on the class path, in the order in which they are tried. */
  public static List<String> readers() {
    return providers().stream().map(SlideProvider::name).toList();
  }

  private static Services<SlideProvider> services() {
    return Services.load(SlideProvider.class, Slides.class);
  }

  private static List<SlideProvider> providers() {
    return services().found().stream()
        .sorted(
            Comparator.comparingInt(SlideProvider::priority)
                .reversed()
                .thenComparing(SlideProvider::name))
        .toList();
  }

  private static Slide open(Path path, List<SlideProvider> providers, SlideOptions options) {
    requireReadable(path);
    List<String> reasons = new ArrayList<>();
    Set<String> parameters = new LinkedHashSet<>();
    for (int i = 0; i < providers.size(); i++) {
      SlideProvider provider = providers.get(i);
      SlideOpenResult result = ask(provider, path, options);
      if (result instanceof SlideOpenResult.Opened opened) {
        return prefer(opened.slide(), path, providers.subList(i + 1, providers.size()), options);
      }
      if (result instanceof SlideOpenResult.Declined declined) {
        reasons.add(provider.name() + ": " + declined.reason());
        parameters.addAll(declined.parameters());
        if (declined.damaged()) {
          break;
        }
      }
    }
    throw new SlideFormatException(
            path,
            (providers.size() == 1 ? "The chosen reader cannot open " : "No reader can open ")
                + path
                + " ("
                + reasons.stream().map(r -> clause(path, r)).collect(Collectors.joining("; "))
                + services().failures().stream()
                    .map("; not loaded: "::concat)
                    .collect(Collectors.joining())
                + ")"
                + others(providers)
                + ".")
        .about(parameters.toArray(String[]::new));
  }

  /** A reader of another jar that fails instead of declining does not keep the others from it. */
  private static SlideOpenResult ask(SlideProvider provider, Path path, SlideOptions options) {
    try {
      return provider.open(path, options);
    } catch (GpfmException e) {
      throw e;
    } catch (RuntimeException | LinkageError e) {
      LOG.warn("Slide reader {} failed on {}", provider.name(), path, e);
      return new SlideOpenResult.Declined("it failed (" + e + ")");
    }
  }

  /** What else could be tried where one reader was chosen. */
  private static String others(List<SlideProvider> tried) {
    List<String> names = new ArrayList<>(readers());
    tried.forEach(provider -> names.remove(provider.name()));
    return names.isEmpty() ? "" : "; the other readers are " + String.join(", ", names);
  }

  /**
   * Where a reader is known to see a plain TIFF otherwise than it is, another comes first: one that
   * takes a pyramid for a single picture (OpenSlide an OME-TIFF with its levels in SubIFDs) gives
   * way to one that sees more levels of the same picture, and OpenSlide, which turns the inside of
   * each tile of a picture with an orientation tag, to the built-in reader.
   */
  private static Slide prefer(
      Slide slide, Path path, List<SlideProvider> others, SlideOptions options) {
    boolean plain = slide.vendor().equals("generic-tiff") && !others.isEmpty();
    boolean turned = plain && isTurned(slide, path);
    if (others.isEmpty() && isTurned(slide, path)) {
      LOG.warn(
          "{} has an orientation (TIFF tag 274), by which OpenSlide turns the inside of each tile:"
              + " the built-in reader does not.",
          path);
    }
    if (!plain || (slide.levels().size() > 1 && !turned)) {
      return slide;
    }
    List<String> reasons = new ArrayList<>();
    for (SlideProvider other : others) {
      SlideOpenResult result = ask(other, path, options);
      if (result instanceof SlideOpenResult.Opened opened) {
        Slide candidate = opened.slide();
        boolean better =
            turned
                || (candidate.levels().size() > 1
                    && candidate.width() >= slide.width()
                    && candidate.height() >= slide.height());
        if (better) {
          slide.close();
          return candidate;
        }
        candidate.close();
      } else if (result instanceof SlideOpenResult.Declined declined) {
        reasons.add(other.name() + ": " + clause(path, declined.reason()));
      }
    }
    if (turned) {
      slide.close();
      throw new SlideFormatException(
          path,
          path
              + " has an orientation (TIFF tag 274) that OpenSlide does not honour ("
              + String.join("; ", reasons)
              + "): store it upright.");
    }
    return slide;
  }

  private static boolean isTurned(Slide slide, Path path) {
    return slide.vendor().equals("generic-tiff")
        && slide.reader().equals("openslide")
        && TiffFormats.turned(path);
  }

  private static void requireReadable(Path path) {
    if (!Files.exists(path)) {
      throw new SlideException(path, "There is no slide " + path + ": check the path.");
    }
    if (!Files.isReadable(path)) {
      throw new SlideException(path, path + " may not be read: check its permissions.");
    }
    try {
      if (Files.isRegularFile(path) && Files.size(path) == 0) {
        throw new SlideFormatException(path, path + " is an empty file: copy the slide again.");
      }
    } catch (IOException e) {
      throw new SlideException(path, path + " cannot be read: " + e.getMessage() + ".", e);
    }
  }

  /** A reason as part of a sentence that names the file: one line without name and full stop. */
  private static String clause(Path path, String reason) {
    String named = "(^|\\s)" + Pattern.quote(path.toString()) + "(?=[\\s:])";
    String line = reason.strip().replaceAll("\\s*[\\r\\n]+\\s*", " ").replaceAll(named, "$1it");
    return line.endsWith(".") ? line.substring(0, line.length() - 1) : line;
  }
}
