package io.github.gpfm.slideio.internal.dicom;

import io.github.gpfm.slideio.internal.io.SlideFile;

/**
 * One DICOM file of the class VL Whole Slide Microscopy Image: its elements, before anything is
 * asked of its pixels.
 *
 * @param file open
 * @param dataset its elements
 */
record DicomInstance(SlideFile file, DicomDataset dataset) {
  static final String SOP_CLASS = "1.2.840.10008.5.1.4.1.1.77.1.6";

  /**
   * Reads the elements of a file.
   *
   * @throws io.github.gpfm.api.SlideFormatException if it is damaged or of another class
   */
  static DicomInstance of(SlideFile file) {
    DicomDataset dataset = DicomParser.parse(file);
    DicomInstance instance = new DicomInstance(file, dataset);
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
    String media = text(DicomTag.MEDIA_STORAGE_SOP_CLASS_UID);
    return text(DicomTag.SOP_CLASS_UID).isEmpty() && (media.isEmpty() || media.equals(SOP_CLASS));
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
