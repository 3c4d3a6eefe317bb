package io.github.gpfm.slideio.internal.dicom;

import io.github.gpfm.api.MppSource;
import io.github.gpfm.api.SlideException;
import io.github.gpfm.api.SlideFormatException;
import io.github.gpfm.api.SlideOptions;
import io.github.gpfm.slideio.internal.builtin.Numbers;
import io.github.gpfm.slideio.internal.builtin.SlideContent;
import io.github.gpfm.slideio.internal.builtin.WholeImage;
import io.github.gpfm.slideio.internal.dicom.DicomFolder.Broken;
import io.github.gpfm.slideio.internal.io.SlideFile;
import io.github.gpfm.support.Budget;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts the files of one series together: VOLUME images are levels, THUMBNAIL, LABEL and OVERVIEW
 * are associated images. A file is opened with its neighbours of the same series, a folder with the
 * one series it holds; parts of a concatenation are joined.
 */
public final class DicomSlides {
  static final String VENDOR = "dicom";

  /** Property: path of a file of level 0. */
  public static final String FILE = "gpfm.dicom.file";

  /** Property: frames whose colours are not those that the attributes state. */
  public static final String COLORS = "gpfm.dicom.colors";

  /** Property: what an incomplete series lacks, and why. */
  public static final String LEFT_OUT = "gpfm.dicom.left-out";

  private static final Logger LOG = LoggerFactory.getLogger(DicomSlides.class);

  private static final int MAX_NAMED = 5;
  private static final Map<String, Integer> TEXTS =
      Map.ofEntries(
          Map.entry("dicom.SOPClassUID", DicomTag.SOP_CLASS_UID),
          Map.entry("dicom.SeriesInstanceUID", DicomTag.SERIES_INSTANCE_UID),
          Map.entry("dicom.TransferSyntaxUID", DicomTag.TRANSFER_SYNTAX_UID),
          Map.entry("dicom.PhotometricInterpretation", DicomTag.PHOTOMETRIC),
          Map.entry("dicom.DimensionOrganizationType", DicomTag.DIMENSION_ORGANIZATION_TYPE),
          Map.entry("dicom.ImageType", DicomTag.IMAGE_TYPE),
          Map.entry("dicom.Manufacturer", 0x00080070),
          Map.entry("dicom.ManufacturerModelName", 0x00081090),
          Map.entry("dicom.Modality", 0x00080060),
          Map.entry("dicom.SoftwareVersions", 0x00181020));

  private DicomSlides() {}

  /** Whether the first bytes are a DICOM file's. */
  public static boolean recognises(byte[] head) {
    return DicomParser.recognises(head);
  }

  /** Whether a folder holds a DICOM file. */
  public static boolean holdsDicom(Path folder) {
    return DicomFolder.holdsDicom(folder);
  }

  /**
   * Opens a file and its neighbours of the same series.
   *
   * @param file open; handed over to the content
   * @throws SlideFormatException if it or a neighbour of its series cannot be read
   */
  public static SlideContent open(SlideFile file, SlideOptions options) {
    Budget budget = budget(file.path());
    List<DicomInstance> instances = new ArrayList<>();
    instances.add(DicomInstance.of(file, budget));
    String uid = instances.get(0).series();
    List<Broken> broken = List.of();
    Path parent = file.path().toAbsolutePath().getParent();
    if (parent != null && !uid.isEmpty()) {
      try (DicomFolder folder = DicomFolder.scan(parent, file.path(), budget)) {
        instances.addAll(folder.keep(uid));
        broken = folder.broken(uid);
      }
    }
    return content(file.path(), instances, broken, options);
  }

  /**
   * Opens the slide in a folder.
   *
   * @throws SlideFormatException if it holds no DICOM slide, several, or one that cannot be read
   */
  public static SlideContent openFolder(Path path, SlideOptions options) {
    try (DicomFolder folder = DicomFolder.scan(path, null, budget(path))) {
      List<String> slides = folder.slides();
      if (slides.isEmpty()) {
        throw folder
            .firstBroken()
            .<SlideException>map(Broken::error)
            .orElseGet(
                () -> new SlideFormatException(path, path + " is a folder without a DICOM slide."));
      }
      String uid = choose(path, folder, slides, options);
      List<Broken> broken = folder.broken(uid);
      return content(path, folder.keep(uid), broken, options);
    }
  }

  private static Budget budget(Path path) {
    return Budget.of(path, (message, cause) -> new SlideFormatException(path, message, cause));
  }

  private static String choose(
      Path path, DicomFolder folder, List<String> slides, SlideOptions options) {
    int wanted = options.series().orElse(0);
    if (slides.size() > 1 && options.series().isEmpty()) {
      throw new SlideFormatException(
              path,
              path
                  + " holds "
                  + slides.size()
                  + " DICOM series: "
                  + slides.stream()
                      .limit(MAX_NAMED)
                      .map(uid -> uid + " (" + folder.example(uid).getFileName() + ")")
                      .collect(Collectors.joining(", "))
                  + (slides.size() > MAX_NAMED ? ", ..." : "")
                  + "; give one of its files, or choose a series from 0 to "
                  + (slides.size() - 1)
                  + ".")
          .about("series");
    }
    if (wanted >= slides.size()) {
      throw new SlideFormatException(
          path,
          path
              + " holds "
              + (slides.size() == 1 ? "one DICOM series" : slides.size() + " DICOM series")
              + ", and series "
              + wanted
              + " is asked for.");
    }
    return slides.get(wanted);
  }

  private static SlideContent content(
      Path path, List<DicomInstance> instances, List<Broken> broken, SlideOptions options) {
    List<DicomInstance> all = List.copyOf(instances);
    try {
      DicomSeries series = DicomSeries.of(all, broken, options.incomplete());
      if (series.images().isEmpty()) {
        throw new SlideFormatException(
            path,
            path
                + " has no DICOM image that can be read: "
                + String.join("; ", series.leftOut())
                + ".");
      }
      SlideContent content = assemble(series.images());
      if (!series.leftOut().isEmpty()) {
        content.properties().put(LEFT_OUT, String.join("; ", series.leftOut()));
      }
      return content;
    } catch (RuntimeException | Error e) {
      all.forEach(instance -> instance.file().close());
      throw e;
    }
  }

  private static boolean isLevel(DicomImage image) {
    return image.flavor().equals("VOLUME");
  }

  private static SlideContent assemble(List<DicomImage> images) {
    List<SlideFile> files =
        images.stream()
            .flatMap(image -> image.instances().stream())
            .map(DicomInstance::file)
            .toList();
    SlideContent content = new SlideContent(VENDOR, files.get(0));
    files.stream().skip(1).forEach(content::addFile);
    List<DicomImage> levels = new ArrayList<>();
    boolean onlyOne = images.stream().noneMatch(DicomSlides::isLevel);
    for (DicomImage image : images) {
      boolean level = isLevel(image) || (onlyOne && image == images.get(0));
      // Of files of equal size (another focal plane or optical path) the one asked for counts.
      Optional<DicomImage> shown =
          levels.stream().filter(other -> sameSize(other, image)).findFirst();
      if (level && shown.isEmpty()) {
        levels.add(image);
      } else if (level) {
        warnOfOther(shown.get(), image);
      } else {
        addAssociated(content, image);
      }
    }
    levels.sort(Comparator.comparingLong(DicomImage::width).reversed());
    levels.forEach(content::addLevel);
    DicomImage base = levels.get(0);
    describe(content, base);
    content.properties().put(FILE, base.file().path().toString());
    if (base.mislabelled()) {
      content
          .properties()
          .put(COLORS, "not " + base.dataset().text(DicomTag.PHOTOMETRIC).orElse("as labelled"));
    }
    return content;
  }

  /** A copy of a file is no loss; another focal plane or optical path is. */
  private static void warnOfOther(DicomImage shown, DicomImage other) {
    Optional<String> uid = shown.dataset().text(DicomTag.SOP_INSTANCE_UID);
    if (uid.isEmpty() || !uid.equals(other.dataset().text(DicomTag.SOP_INSTANCE_UID))) {
      LOG.warn(
          "{} is another image of the size of {} (a focal plane or an optical path) and not shown:"
              + " name its file to see it.",
          other.file().path(),
          shown.file().path());
    }
  }

  private static boolean sameSize(DicomImage one, DicomImage other) {
    return one.width() == other.width() && one.height() == other.height();
  }

  private static void addAssociated(SlideContent content, DicomImage image) {
    String name =
        switch (image.flavor()) {
          case "LABEL" -> "label";
          case "OVERVIEW" -> "macro";
          case "THUMBNAIL" -> "thumbnail";
          default -> "";
        };
    if (!name.isEmpty() && WholeImage.fits(image)) {
      content.addAssociated(name, () -> WholeImage.of(image));
    }
  }

  private static void describe(SlideContent content, DicomImage base) {
    Map<String, String> properties = content.properties();
    TEXTS.forEach(
        (key, tag) -> base.dataset().text(tag).ifPresent(text -> properties.put(key, text)));
    base.mppX().ifPresent(mpp -> properties.put("openslide.mpp-x", Numbers.format(mpp)));
    base.mppY().ifPresent(mpp -> properties.put("openslide.mpp-y", Numbers.format(mpp)));
    content.evidence().add(MppSource.DICOM, base.mppX().orElse(0), base.mppY().orElse(0));
    base.dataset()
        .item(DicomTag.OPTICAL_PATH_SEQUENCE)
        .ifPresent(
            path -> {
              path.decimal(DicomTag.OBJECTIVE_LENS_POWER, 0)
                  .ifPresent(
                      power -> properties.put("openslide.objective-power", Numbers.format(power)));
              content.setIccProfile(path.bytes(DicomTag.ICC_PROFILE));
            });
  }
}
