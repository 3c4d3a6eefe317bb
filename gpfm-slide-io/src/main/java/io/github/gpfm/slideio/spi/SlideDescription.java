package io.github.gpfm.slideio.spi;

import io.github.gpfm.api.Mpp;
import io.github.gpfm.api.SlideLevel;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Everything a slide says about itself, read once when it is opened.
 *
 * @param vendor by OpenSlide's names
 * @param levels largest first, at least one
 * @param mpp resolution of level 0 with its evidence
 * @param objectivePower as the file states it
 * @param properties by OpenSlide's key names; copied and sorted
 * @param associatedImageNames copied and sorted
 * @param refusedMpp a stated resolution that was not believed, as a clause
 */
public record SlideDescription(
    String vendor,
    List<SlideLevel> levels,
    Optional<Mpp> mpp,
    OptionalDouble objectivePower,
    Map<String, String> properties,
    Set<String> associatedImageNames,
    Optional<String> refusedMpp) {
  /** A slide whose resolution, if stated, is believed. */
  public SlideDescription(
      String vendor,
      List<SlideLevel> levels,
      Optional<Mpp> mpp,
      OptionalDouble objectivePower,
      Map<String, String> properties,
      Set<String> associatedImageNames) {
    this(vendor, levels, mpp, objectivePower, properties, associatedImageNames, Optional.empty());
  }

  /** Copies the collections and checks that there is a level. */
  public SlideDescription {
    levels = List.copyOf(levels);
    properties = Collections.unmodifiableMap(new TreeMap<>(properties));
    associatedImageNames = Collections.unmodifiableSet(new TreeSet<>(associatedImageNames));
    if (levels.isEmpty()) {
      throw new IllegalArgumentException("a slide has at least one level");
    }
  }
}
