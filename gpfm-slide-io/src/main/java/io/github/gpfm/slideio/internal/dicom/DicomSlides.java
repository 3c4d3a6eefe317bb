package io.github.gpfm.slideio.internal.dicom;

import io.github.gpfm.api.MppSource;
import io.github.gpfm.api.SlideException;
import io.github.gpfm.api.SlideFormatException;
import io.github.gpfm.slideio.internal.builtin.Numbers;
import io.github.gpfm.slideio.internal.builtin.SlideContent;
import io.github.gpfm.slideio.internal.builtin.WholeImage;
import io.github.gpfm.slideio.internal.io.SlideFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Puts the files of one series together: VOLUME images are levels, THUMBNAIL, LABEL and OVERVIEW
 * are associated images. A file is opened with its neighbours of the same series, a folder with the
 * series of its largest image.
 */
public final class DicomSlides {
  static final String VENDOR = "dicom";

  private static final int MAX_FILES = 1000;
  private static final int HEAD = 132;
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

  /**
   * Opens a file and its neighbours of the same series.
   *
   * @param file open; handed over to the content
   */
  public static SlideContent open(SlideFile file) {
    DicomImage opened = new DicomImage(file);
    List<DicomImage> images = new ArrayList<>();
    images.add(opened);
    Path parent = file.path().toAbsolutePath().getParent();
    try {
      if (parent != null) {
        images.addAll(neighbours(parent, file.path(), series(opened)));
      }
      return assemble(file, images);
    } catch (RuntimeException | Error e) {
      images.stream().skip(1).forEach(image -> image.file().close());
      throw e;
    }
  }

  /**
   * Opens the slide in a folder.
   *
   * @throws SlideFormatException if it holds no DICOM slide
   */
  public static SlideContent openFolder(Path folder) {
    List<DicomImage> all = neighbours(folder, null, null);
    DicomImage largest =
        all.stream()
            .filter(image -> isLevel(image))
            .max(Comparator.comparingLong(DicomImage::width))
            .orElse(null);
    if (largest == null) {
      all.forEach(image -> image.file().close());
      throw new SlideFormatException(folder, folder + " is a folder without a DICOM slide.");
    }
    List<DicomImage> same = new ArrayList<>();
    same.add(largest);
    for (DicomImage image : all) {
      if (image != largest && series(image).equals(series(largest))) {
        same.add(image);
      } else if (image != largest) {
        image.file().close();
      }
    }
    return assemble(largest.file(), same);
  }

  private static String series(DicomImage image) {
    return image.dataset().text(DicomTag.SERIES_INSTANCE_UID).orElse("");
  }

  private static boolean isLevel(DicomImage image) {
    return image.flavor().equals("VOLUME");
  }

  /** Whole-slide images in a folder, of one series if given; other and damaged files are passed. */
  private static List<DicomImage> neighbours(
      Path folder, @Nullable Path except, @Nullable String series) {
    List<DicomImage> images = new ArrayList<>();
    if (series != null && series.isEmpty()) {
      return images;
    }
    for (Path path : files(folder)) {
      if (except != null && path.getFileName().equals(except.getFileName())) {
        continue;
      }
      SlideFile file = null;
      try {
        file = new SlideFile(path);
        if (recognises(file.readUpTo(0, HEAD))) {
          DicomImage image = new DicomImage(file);
          if (series == null || series(image).equals(series)) {
            images.add(image);
            file = null;
          }
        }
      } catch (SlideException e) {
        // Not a readable part of this slide: the file asked for decides, not what lies beside it.
        continue;
      } finally {
        if (file != null) {
          file.close();
        }
      }
    }
    return images;
  }

  private static List<Path> files(Path folder) {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.filter(Files::isRegularFile).sorted().limit(MAX_FILES).toList();
    } catch (IOException e) {
      throw new SlideFormatException(
          folder, "The folder " + folder + " cannot be listed: " + e.getMessage() + ".", e);
    }
  }

  private static SlideContent assemble(SlideFile file, List<DicomImage> images) {
    SlideContent content = new SlideContent(VENDOR, file);
    images.stream().skip(1).forEach(image -> content.addFile(image.file()));
    List<DicomImage> levels = new ArrayList<>();
    boolean onlyOne = images.stream().noneMatch(DicomSlides::isLevel);
    for (DicomImage image : images) {
      boolean level = isLevel(image) || (onlyOne && image == images.get(0));
      // Of files of equal size (another focal plane or optical path) the one asked for counts.
      if (level && levels.stream().noneMatch(other -> sameSize(other, image))) {
        levels.add(image);
      } else if (!level) {
        addAssociated(content, image);
      }
    }
    levels.sort(Comparator.comparingLong(DicomImage::width).reversed());
    levels.forEach(content::addLevel);
    describe(content, levels.get(0));
    return content;
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
