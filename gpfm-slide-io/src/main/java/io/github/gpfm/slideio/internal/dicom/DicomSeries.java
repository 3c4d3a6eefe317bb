package io.github.gpfm.slideio.internal.dicom;

import io.github.gpfm.api.DamagedSlideException;
import io.github.gpfm.api.SlideException;
import io.github.gpfm.slideio.internal.dicom.DicomFolder.Broken;
import io.github.gpfm.slideio.internal.io.SlideFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The images of one series: single files, and concatenations joined from their parts. A series is
 * whole, or the file that spoils it is named; only a caller who asks for it gets the rest.
 */
final class DicomSeries {
  private static final Logger LOG = LoggerFactory.getLogger(DicomSeries.class);

  private final List<DicomImage> images = new ArrayList<>();
  private final List<String> leftOut = new ArrayList<>();
  private final boolean incomplete;

  private DicomSeries(boolean incomplete) {
    this.incomplete = incomplete;
  }

  /**
   * Puts the files of a series together.
   *
   * @param instances open files; the one that was asked for first
   * @param broken files of the series that cannot be parsed
   * @param incomplete whether images that cannot be read are left out instead of refused
   */
  static DicomSeries of(List<DicomInstance> instances, List<Broken> broken, boolean incomplete) {
    DicomSeries series = new DicomSeries(incomplete);
    for (Broken one : broken) {
      series.leaveOut(one.error());
    }
    for (List<DicomInstance> group : concatenations(instances)) {
      try {
        series.images.add(image(group));
      } catch (SlideException e) {
        series.leaveOut(e);
        group.forEach(instance -> instance.file().close());
      }
    }
    return series;
  }

  /** The images that can be read. */
  List<DicomImage> images() {
    return images;
  }

  /** Why each of the others cannot; empty unless the caller took an incomplete series. */
  List<String> leftOut() {
    return leftOut;
  }

  private void leaveOut(SlideException error) {
    String message = String.valueOf(error.getMessage()).replaceFirst("\\.$", "");
    if (!incomplete) {
      throw new DamagedSlideException(
              error.path() == null ? Path.of("") : error.path(),
              message
                  + "; without this part the slide opens as an incomplete one"
                  + " (SlideOptions.withIncomplete).",
              error)
          .about("SlideOptions.incomplete");
    }
    LOG.warn("{}: the slide is read without this part", message);
    leftOut.add(message);
  }

  /** The parts of each image, in their order. */
  private static List<List<DicomInstance>> concatenations(List<DicomInstance> instances) {
    Map<String, List<DicomInstance>> groups = new LinkedHashMap<>();
    for (DicomInstance instance : instances) {
      String uid = instance.concatenation();
      String key = uid.isEmpty() ? "file " + instance.file().path() : uid;
      groups.computeIfAbsent(key, any -> new ArrayList<>()).add(instance);
    }
    groups.values().forEach(group -> group.sort(Comparator.comparingLong(DicomInstance::part)));
    return List.copyOf(groups.values());
  }

  private static DicomImage image(List<DicomInstance> group) {
    DicomInstance first = group.get(0);
    if (!first.concatenation().isEmpty()) {
      long parts = Math.max(first.parts(), group.get(group.size() - 1).part());
      for (int i = 0; i < Math.max(parts, group.size()); i++) {
        if (i >= group.size() || group.get(i).part() != i + 1L) {
          SlideFile file = group.get(Math.min(i, group.size() - 1)).file();
          boolean twice = i < group.size() && i > 0 && group.get(i).part() == i;
          throw file.damaged(
              twice
                  ? "part " + i + " of its concatenation is there twice"
                  : "part "
                      + (i + 1)
                      + (parts > i ? " of " + parts : "")
                      + " of its concatenation is missing: put all parts into one folder");
        }
      }
    }
    return new DicomImage(group);
  }
}
