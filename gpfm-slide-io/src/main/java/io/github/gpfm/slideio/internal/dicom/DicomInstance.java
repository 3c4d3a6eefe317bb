package io.github.gpfm.slideio.internal.dicom;

import io.github.gpfm.slideio.internal.io.SlideFile;
import io.github.gpfm.support.Budget;

/**
 * One DICOM file of the class VL Whole Slide Microscopy Image: its elements, before anything is
 * asked of its pixels.
 *
 * @param dataset its elements
 */
record DicomInstance(DicomDataset dataset) {
  static final String SOP_CLASS = "1.2.840.10008.5.1.4.1.1.77.1.6";

  /**
   * Reads the elements of a file.
   *
   * @param budget for deflated elements
   * @throws io.github.gpfm.api.SlideFormatException if it is damaged or of another class
   */
  static DicomInstance of(SlideFile file, Budget budget) {
    DicomDataset dataset = new DicomDataset(file);
    DicomParser.parse(dataset, budget);
    DicomInstance instance = new DicomInstance(dataset);
    if (!instance.wholeSlide()) {
      throw file.unsupported("DICOM, but not of the class VL Whole Slide Microscopy Image");
    }
    return instance;
  }

  /** Whether it is of the class of whole-slide images. */
  boolean wholeSlide() {
    return text(DicomTag.SOP_CLASS_UID).equals(SOP_CLASS);
  }

  /** Whether neither its elements nor its file meta information state another class. */
  boolean unknownClass() {
    return text(DicomTag.SOP_CLASS_UID).isEmpty() && mayBeWholeSlide(dataset);
  }

  /** Whether the file meta information states no other class. */
  static boolean mayBeWholeSlide(DicomDataset meta) {
    String media = meta.text(DicomTag.MEDIA_STORAGE_SOP_CLASS_UID).orElse("");
    return media.isEmpty() || media.equals(SOP_CLASS);
  }

  /** Open. */
  SlideFile file() {
    return dataset.file();
  }

  /** UID of its series, empty when not stated. */
  String series() {
    return text(DicomTag.SERIES_INSTANCE_UID);
  }

  /** UID of the concatenation it is a part of, empty for a file that is whole. */
  String concatenation() {
    return text(DicomTag.CONCATENATION_UID);
  }

  /** Its place among the parts of a concatenation, from 1; 0 when not stated. */
  long part() {
    return dataset.integer(DicomTag.IN_CONCATENATION_NUMBER).orElse(0);
  }

  /** How many parts its concatenation has; 0 when not stated. */
  long parts() {
    return dataset.integer(DicomTag.IN_CONCATENATION_TOTAL).orElse(0);
  }

  /** VOLUME, THUMBNAIL, LABEL or OVERVIEW: the third value of ImageType. */
  String flavor() {
    String[] parts = text(DicomTag.IMAGE_TYPE).split("\\\\");
    return parts.length > 2 ? parts[2].strip() : "VOLUME";
  }

  private String text(int tag) {
    return dataset.text(tag).orElse("");
  }
}
