package io.github.gpfm.encoder.slide;

import io.github.gpfm.api.SlideEncoderInfo;
import io.github.gpfm.encoder.catalog.CatalogException;
import java.util.List;

/** What distinguishes one slide encoder from another. */
public final class SlideModel {
  private final String title;
  private final SlideEncoderInfo info;
  private final SlideNetwork network;
  private final List<String> files;
  private final String page;
  private final String citation;
  private final String check;

  SlideModel(
      String title,
      SlideNetwork network,
      SlideEncoderInfo info,
      List<String> files,
      String page,
      String citation,
      String check) {
    this.title = title;
    this.info = info;
    this.network = network;
    this.files = files;
    this.page = page;
    this.citation = citation;
    this.check = check;
  }

  /** By which it is found, lower case, for instance {@code prov-gigapath-slide}. */
  public String name() {
    return info.name();
  }

  /** As its authors write it. */
  public String title() {
    return title;
  }

  /** The encoder's information, without the hash of a file. */
  public SlideEncoderInfo info() {
    return info;
  }

  /** The features it gives, the authors' usual one first. */
  public List<String> features() {
    return network.features();
  }

  /** Names of the weight file as the authors publish it. */
  public List<String> files() {
    return files;
  }

  /** Where the authors offer it. */
  public String page() {
    return page;
  }

  /** The paper. */
  public String citation() {
    return citation;
  }

  /** How the program was checked against the authors' code, and what could not be confirmed. */
  public String check() {
    return check;
  }

  /**
   * This model with another of its features.
   *
   * @throws CatalogException naming the features it has
   */
  public SlideModel withFeature(String feature) {
    if (!features().contains(feature)) {
      throw new CatalogException(
          "Slide encoder '%s' has no feature '%s'; choose one of %s."
              .formatted(name(), feature, String.join(", ", features())));
    }
    return new SlideModel(
        title, network, info(feature, info.weightsSha256()), files, page, citation, check);
  }

  /** The same information with the hash of a file. */
  SlideEncoderInfo infoOf(String weightsSha256) {
    return info(info.feature(), weightsSha256);
  }

  private SlideEncoderInfo info(String feature, String weightsSha256) {
    return new SlideEncoderInfo(
        info.name(),
        info.architecture(),
        feature,
        info.dimension(),
        info.inputs(),
        info.tileSize(),
        info.mpp(),
        info.needsCoords(),
        info.licence(),
        weightsSha256);
  }

  SlideNetwork network() {
    return network;
  }
}
