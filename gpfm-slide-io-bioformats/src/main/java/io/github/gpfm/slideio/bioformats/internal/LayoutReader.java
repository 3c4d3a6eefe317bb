package io.github.gpfm.slideio.bioformats.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Works out from an initialised reader which images make up the slide. */
final class LayoutReader {
  /** Colours of channels that state none, by index; after the last they begin again. */
  private static final int[] CHANNEL_COLOURS = {
    0xff0000, 0x00ff00, 0x0000ff, 0x00ffff, 0xff00ff, 0xffff00
  };

  private static final Pattern ASSOCIATED =
      Pattern.compile("label|macro|thumbnail|overview", Pattern.CASE_INSENSITIVE);

  private final ReaderSession session;
  private final FormatReader reader;

  private LayoutReader(ReaderSession session) {
    this.session = session;
    this.reader = session.reader();
  }

  /**
   * @param chosen the series asked for; else the largest that is no thumbnail
   * @throws IllegalArgumentException in one clause if there is no such series
   */
  static SlideLayout read(ReaderSession session, OptionalInt chosen) throws Exception {
    return new LayoutReader(session).read(chosen);
  }

  private SlideLayout read(OptionalInt chosen) throws Exception {
    int count = reader.getSeriesCount();
    if (chosen.isPresent() && chosen.getAsInt() >= count) {
      throw new IllegalArgumentException(
          "there is no series "
              + chosen.getAsInt()
              + ": choose one of 0 to "
              + (count - 1)
              + " for this file");
    }
    List<ImagePage> series = new ArrayList<>();
    List<Boolean> side = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      series.add(page(i, 0));
      side.add(reader.isThumbnailSeries() || ASSOCIATED.matcher(name(i)).find());
    }
    int base = chosen.isPresent() ? chosen.getAsInt() : largest(series, side);
    List<ImagePage> levels = levels(base, series);
    return new SlideLayout(base, levels, associated(base, series, side, levels));
  }

  private static int largest(List<ImagePage> series, List<Boolean> side) {
    int best = 0;
    for (int i = 1; i < series.size(); i++) {
      boolean better =
          side.get(i).equals(side.get(best))
              ? series.get(i).area() > series.get(best).area()
              : side.get(best);
      if (better) {
        best = i;
      }
    }
    return best;
  }

  private List<ImagePage> levels(int base, List<ImagePage> series) throws Exception {
    reader.setSeries(base);
    int resolutions = reader.getResolutionCount();
    if (resolutions > 1) {
      List<ImagePage> levels = new ArrayList<>();
      for (int resolution = 0; resolution < resolutions; resolution++) {
        levels.add(page(base, resolution));
      }
      return List.copyOf(levels);
    }
    List<ImagePage> following = new ArrayList<>();
    ReducedPages reduced = session.reduced();
    if (reduced == null) {
      following.addAll(series.subList(base + 1, series.size()));
    } else {
      addInFileOrder(base, series, reduced, following);
    }
    return Pyramid.levels(series.get(base), following);
  }

  /** What follows the base's page in a TIFF: later series, and the pages hidden among them. */
  private static void addInFileOrder(
      int base, List<ImagePage> series, ReducedPages reduced, List<ImagePage> following)
      throws Exception {
    int shown = -1;
    for (int page = 0; page < reduced.count(); page++) {
      if (!reduced.hidden(page)) {
        shown++;
        if (shown >= series.size()) {
          // A stack: the further pages are planes of the one series.
          return;
        }
        if (shown > base) {
          following.add(series.get(shown));
        }
      } else if (shown >= base) {
        following.add(reduced.describe(page, base, series.get(base).pixels()));
      }
    }
  }

  private Map<String, ImagePage> associated(
      int base, List<ImagePage> series, List<Boolean> side, List<ImagePage> levels) {
    Map<String, ImagePage> associated = new TreeMap<>();
    for (int i = 0; i < series.size(); i++) {
      if (i != base && side.get(i) && !levels.contains(series.get(i))) {
        String name = associatedName(name(i));
        String unique = name;
        for (int number = 2; associated.containsKey(unique); number++) {
          unique = name + "-" + number;
        }
        associated.put(unique, series.get(i));
      }
    }
    return associated;
  }

  /** "Macro mask image" becomes "macro-mask"; what has no name is a thumbnail. */
  private static String associatedName(String name) {
    String plain =
        name.toLowerCase(Locale.ROOT)
            .replaceAll("\\bimage\\b", " ")
            .replaceAll("[^\\p{Alnum}]+", "-")
            .replaceAll("^-|-$", "");
    return plain.isEmpty() ? "thumbnail" : plain;
  }

  private String name(int series) {
    String name = OmeMetadata.stated(() -> session.metadata().getImageName(series));
    return name == null ? "" : name;
  }

  private ImagePage page(int series, int resolution) throws Exception {
    reader.setSeries(series);
    reader.setResolution(resolution);
    return new ImagePage(
        series,
        resolution,
        ImagePage.NO_TIFF_PAGE,
        reader.getSizeX(),
        reader.getSizeY(),
        reader.getOptimalTileWidth(),
        reader.getOptimalTileHeight(),
        pixels(series));
  }

  private PixelLayout pixels(int series) throws Exception {
    SampleType type = SampleType.of(reader.getPixelType());
    int samples = reader.getRGBChannelCount();
    int stated = reader.getBitsPerPixel();
    boolean plausible = stated > 1 && stated <= 8 * type.bytes();
    List<PixelLayout.Channel> channels = channels(series, samples);
    int[] palette = samples == 1 && channels.size() == 1 ? palette(type) : null;
    return new PixelLayout(
        type,
        plausible ? stated : 8 * type.bytes(),
        samples,
        reader.isInterleaved(),
        reader.isLittleEndian(),
        channels,
        palette);
  }

  /** The first focal plane and time point of every channel; of colour images only the first. */
  private List<PixelLayout.Channel> channels(int series, int samples) {
    int count = samples >= 3 ? 1 : Math.max(1, reader.getEffectiveSizeC());
    List<PixelLayout.Channel> channels = new ArrayList<>();
    for (int c = 0; c < count; c++) {
      int channel = c;
      Object colour =
          count == 1
              ? null
              : OmeMetadata.stated(() -> session.metadata().getChannelColor(series, channel));
      channels.add(
          new PixelLayout.Channel(
              reader.getIndex(0, c, 0),
              colour == null
                  ? CHANNEL_COLOURS[c % CHANNEL_COLOURS.length]
                  : session.values().rgb(colour)));
    }
    return List.copyOf(channels);
  }

  private int @Nullable [] palette(SampleType type) throws Exception {
    if (!reader.isIndexed()) {
      return null;
    }
    if (type.bytes() == 1) {
      byte[][] table = reader.get8BitLookupTable();
      return table == null || table.length < 3 ? null : palette8(table);
    }
    short[][] table = type.bytes() == 2 ? reader.get16BitLookupTable() : null;
    return table == null || table.length < 3 ? null : palette16(table);
  }

  private static int[] palette8(byte[][] table) {
    int[] palette = new int[table[0].length];
    for (int i = 0; i < palette.length; i++) {
      palette[i] = (table[0][i] & 255) << 16 | (table[1][i] & 255) << 8 | table[2][i] & 255;
    }
    return palette;
  }

  private static int[] palette16(short[][] table) {
    int[] palette = new int[table[0].length];
    for (int i = 0; i < palette.length; i++) {
      palette[i] =
          (table[0][i] >> 8 & 255) << 16 | (table[1][i] >> 8 & 255) << 8 | table[2][i] >> 8 & 255;
    }
    return palette;
  }
}
