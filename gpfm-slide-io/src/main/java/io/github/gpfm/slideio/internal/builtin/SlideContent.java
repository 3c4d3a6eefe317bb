package io.github.gpfm.slideio.internal.builtin;

import io.github.gpfm.api.SlideLevel;
import io.github.gpfm.api.SlideOptions;
import io.github.gpfm.slideio.internal.formats.OmeXml;
import io.github.gpfm.slideio.internal.io.SlideFile;
import io.github.gpfm.slideio.spi.MppEvidence;
import io.github.gpfm.slideio.spi.SlideDescription;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/** What a format finds in a file; collected while opening, then turned into a slide. */
public final class SlideContent {
  private final String vendor;
  private final List<SlideFile> files = new ArrayList<>();
  private final List<TileSource> levels = new ArrayList<>();
  private final List<Double> downsamples = new ArrayList<>();
  private final Map<String, String> properties = new TreeMap<>();
  private final Map<String, Supplier<BufferedImage>> associated = new TreeMap<>();
  private final MppEvidence evidence = new MppEvidence();
  private Optional<byte[]> iccProfile = Optional.empty();

  /**
   * @param vendor by OpenSlide's names
   */
  public SlideContent(String vendor, SlideFile file) {
    this.vendor = vendor;
    this.files.add(file);
  }

  /** Hands over a further file, to be closed with the slide. */
  public void addFile(SlideFile file) {
    files.add(file);
  }

  /** Adds the next smaller level, whose downsample follows from its size. */
  public void addLevel(TileSource source) {
    addLevel(source, 0);
  }

  /** Adds the next smaller level with a downsample that the file states (0: from its size). */
  public void addLevel(TileSource source, double downsample) {
    levels.add(source);
    downsamples.add(downsample);
  }

  /** Properties by OpenSlide's names, to be filled. */
  public Map<String, String> properties() {
    return properties;
  }

  /** Further statements on the resolution, to be filled. */
  public MppEvidence evidence() {
    return evidence;
  }

  /** Adds an associated image that is decoded when asked for. */
  public void addAssociated(String name, Supplier<BufferedImage> image) {
    associated.put(name, image);
  }

  /** Whether there is an associated image of that name. */
  public boolean hasAssociated(String name) {
    return associated.containsKey(name);
  }

  /** Sets the main image's ICC profile. */
  public void setIccProfile(Optional<byte[]> profile) {
    iccProfile = profile;
  }

  /** The levels so far. */
  public List<TileSource> levels() {
    return levels;
  }

  Map<String, Supplier<BufferedImage>> associated() {
    return associated;
  }

  Optional<byte[]> iccProfile() {
    return iccProfile;
  }

  List<SlideFile> files() {
    return files;
  }

  SlideDescription describe(SlideOptions options) {
    SlideFile file = files.get(0);
    if (levels.isEmpty()) {
      throw file.damaged("it has no level");
    }
    for (int i = 1; i < levels.size(); i++) {
      if (levels.get(i).width() > levels.get(i - 1).width()
          || levels.get(i).height() > levels.get(i - 1).height()) {
        throw file.damaged(
            "its levels do not become smaller: level " + i + " is larger than the one before");
      }
    }
    List<SlideLevel> described = new ArrayList<>();
    TileSource base = levels.get(0);
    properties.put("openslide.vendor", vendor);
    properties.put("openslide.level-count", Integer.toString(levels.size()));
    for (int i = 0; i < levels.size(); i++) {
      TileSource level = levels.get(i);
      double downsample = downsamples.get(i);
      if (i == 0) {
        downsample = 1;
      } else if (downsample == 0) {
        downsample =
            ((double) base.height() / level.height() + (double) base.width() / level.width()) / 2;
      }
      described.add(new SlideLevel(i, level.width(), level.height(), downsample));
      String prefix = "openslide.level[" + i + "].";
      properties.put(prefix + "width", Long.toString(level.width()));
      properties.put(prefix + "height", Long.toString(level.height()));
      properties.put(prefix + "downsample", Numbers.format(downsample));
      properties.put(prefix + "tile-width", Integer.toString(level.statedTileWidth()));
      properties.put(prefix + "tile-height", Integer.toString(level.statedTileHeight()));
    }
    evidence.addProperties(vendor, properties);
    OmeXml.addTo(evidence, file.path(), properties, base.width(), base.height());
    return new SlideDescription(
        vendor,
        described,
        evidence.decide(options),
        MppEvidence.number(properties, "openslide.objective-power"),
        properties,
        associated.keySet(),
        evidence.refused());
  }
}
