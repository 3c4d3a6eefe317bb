package io.github.gpfm.slideio.internal.formats;

import io.github.gpfm.api.MppSource;
import io.github.gpfm.api.SlideOptions;
import io.github.gpfm.slideio.internal.builtin.Numbers;
import io.github.gpfm.slideio.internal.builtin.SlideContent;
import io.github.gpfm.slideio.internal.io.SlideFile;
import io.github.gpfm.slideio.internal.tiff.TiffDirectory;
import io.github.gpfm.slideio.internal.tiff.TiffImage;
import io.github.gpfm.slideio.internal.tiff.TiffReader.Tiff;
import io.github.gpfm.slideio.internal.tiff.TiffTag;
import io.github.gpfm.slideio.internal.tiff.TiffTileSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.w3c.dom.Element;

/**
 * OME-TIFF: the images named in OME-XML, their smaller levels in SubIFDs. The largest image (or the
 * series asked for) is the slide; small ones called label, macro, thumbnail or overview are
 * associated images. Of several channels or planes the first is shown.
 */
final class OmeTiffFormat {
  /** OpenSlide reads these files as generic TIFF. */
  static final String VENDOR = GenericTiffFormat.VENDOR;

  private static final Set<String> ASSOCIATED = Set.of("label", "macro", "thumbnail", "overview");

  /** One {@code Image} element. */
  private record Series(OmeXml.Image image, TiffDirectory directory, List<TiffDirectory> smaller) {
    long area() {
      long width = directory.integer(TiffTag.IMAGE_WIDTH, 0);
      return width * directory.integer(TiffTag.IMAGE_LENGTH, 0);
    }
  }

  private OmeTiffFormat() {}

  static boolean matches(Tiff tiff) {
    return OmeXml.matches(tiff.first().text(TiffTag.IMAGE_DESCRIPTION).orElse(""));
  }

  static SlideContent open(SlideFile file, Tiff tiff, SlideOptions options) {
    String text = tiff.first().text(TiffTag.IMAGE_DESCRIPTION).orElse("");
    OmeXml xml =
        OmeXml.parse(text).orElseThrow(() -> file.damaged("its OME-XML is not well-formed"));
    List<Series> all = series(file, tiff, xml);
    Series main = choose(file, all, options);
    SlideContent content = new SlideContent(VENDOR, file);
    TiffImage smallest = addLevels(content, tiff, main);
    TiffProperties.addTo(content, main.directory(), smallest);
    content.evidence().add(MppSource.OME_XML, main.image().mppX(), main.image().mppY());
    addObjective(content, xml.root());
    for (Series each : all) {
      String name = each.image().name().toLowerCase(Locale.ROOT).strip();
      for (String kind : ASSOCIATED) {
        if (each != main && name.startsWith(kind)) {
          TiffParts.addAssociated(
              content, kind.equals("overview") ? "macro" : kind, each.directory());
        }
      }
    }
    return content;
  }

  private static List<Series> series(SlideFile file, Tiff tiff, OmeXml xml) {
    List<Series> all = new ArrayList<>();
    int next = 0;
    for (OmeXml.Image image : xml.of(file.path())) {
      int ifd = image.directory().orElse(next);
      if (ifd < 0 || ifd >= tiff.directories().size()) {
        continue;
      }
      TiffDirectory directory = tiff.directories().get(ifd);
      all.add(new Series(image, directory, tiff.subDirectories(directory)));
      next = ifd + Math.max(1, image.data().size());
    }
    if (all.isEmpty()) {
      throw file.damaged("its OME-XML names no image of this file");
    }
    return all;
  }

  private static Series choose(SlideFile file, List<Series> all, SlideOptions options) {
    if (options.series().isPresent()) {
      int wanted = options.series().getAsInt();
      if (wanted >= all.size()) {
        throw file.unsupported("it has the series 0 to " + (all.size() - 1) + ", not " + wanted);
      }
      return all.get(wanted);
    }
    return all.stream().max(Comparator.comparingLong(Series::area)).orElseThrow();
  }

  private static TiffImage addLevels(SlideContent content, Tiff tiff, Series main) {
    List<TiffImage> images = new ArrayList<>();
    images.add(new TiffImage(main.directory()));
    main.smaller().forEach(directory -> images.add(new TiffImage(directory)));
    if (main.smaller().isEmpty() && main.directory().index() == 0) {
      for (TiffDirectory directory : tiff.directories()) {
        if (directory.index() > 0 && TiffParts.reduced(directory)) {
          images.add(new TiffImage(directory));
        }
      }
    }
    TiffImage base = images.get(0);
    images.removeIf(image -> !GenericTiffFormat.sameShape(base, image));
    GenericTiffFormat.requireOneOrientation(images.get(0).file(), images);
    images.sort(Comparator.comparingLong(TiffImage::width).reversed());
    images.forEach(image -> content.addLevel(new TiffTileSource(image)));
    return images.get(images.size() - 1);
  }

  private static void addObjective(SlideContent content, Element root) {
    List<Element> instruments = SafeXml.children(root, "Instrument");
    for (Element instrument : instruments) {
      for (Element objective : SafeXml.children(instrument, "Objective")) {
        Numbers.parse(objective.getAttribute("NominalMagnification"))
            .ifPresent(
                power ->
                    content
                        .properties()
                        .putIfAbsent("openslide.objective-power", Numbers.format(power)));
      }
    }
  }
}
