package io.github.gpfm.slideio.internal.dicom;

/** Tags, group in the upper 16 bits, named by the standard's keywords. */
final class DicomTag {
  static final int MEDIA_STORAGE_SOP_CLASS_UID = 0x00020002;
  static final int TRANSFER_SYNTAX_UID = 0x00020010;
  static final int IMAGE_TYPE = 0x00080008;
  static final int SOP_CLASS_UID = 0x00080016;
  static final int SOP_INSTANCE_UID = 0x00080018;
  static final int SERIES_INSTANCE_UID = 0x0020000e;
  static final int CONCATENATION_UID = 0x00209161;
  static final int IN_CONCATENATION_NUMBER = 0x00209162;
  static final int IN_CONCATENATION_TOTAL = 0x00209163;
  static final int DIMENSION_ORGANIZATION_TYPE = 0x00209311;
  static final int SAMPLES_PER_PIXEL = 0x00280002;
  static final int PHOTOMETRIC = 0x00280004;
  static final int PLANAR_CONFIGURATION = 0x00280006;
  static final int NUMBER_OF_FRAMES = 0x00280008;
  static final int ROWS = 0x00280010;
  static final int COLUMNS = 0x00280011;
  static final int PIXEL_SPACING = 0x00280030;
  static final int BITS_ALLOCATED = 0x00280100;
  static final int BITS_STORED = 0x00280101;
  static final int PIXEL_MEASURES_SEQUENCE = 0x00289110;
  static final int ICC_PROFILE = 0x00282000;
  static final int IMAGED_VOLUME_WIDTH = 0x00480001;
  static final int IMAGED_VOLUME_HEIGHT = 0x00480002;
  static final int TOTAL_PIXEL_MATRIX_COLUMNS = 0x00480006;
  static final int TOTAL_PIXEL_MATRIX_ROWS = 0x00480007;
  static final int OPTICAL_PATH_SEQUENCE = 0x00480105;
  static final int OBJECTIVE_LENS_POWER = 0x00480112;
  static final int PLANE_POSITION_SLIDE_SEQUENCE = 0x0048021a;
  static final int COLUMN_POSITION = 0x0048021e;
  static final int ROW_POSITION = 0x0048021f;
  static final int SHARED_FUNCTIONAL_GROUPS = 0x52009229;
  static final int PER_FRAME_FUNCTIONAL_GROUPS = 0x52009230;
  static final int EXTENDED_OFFSETS = 0x7fe00001;
  static final int EXTENDED_LENGTHS = 0x7fe00002;
  static final int PIXEL_DATA = 0x7fe00010;
  static final int ITEM = 0xfffee000;
  static final int ITEM_END = 0xfffee00d;
  static final int SEQUENCE_END = 0xfffee0dd;

  private DicomTag() {}
}
