package io.github.gpfm.slideio.internal.tiff;

/** Tag numbers, named as in the TIFF 6.0 specification; NDPI's are Hamamatsu's private ones. */
public final class TiffTag {
  public static final int NEW_SUBFILE_TYPE = 254;
  public static final int IMAGE_WIDTH = 256;
  public static final int IMAGE_LENGTH = 257;
  public static final int BITS_PER_SAMPLE = 258;
  public static final int COMPRESSION = 259;
  public static final int PHOTOMETRIC = 262;
  public static final int FILL_ORDER = 266;
  public static final int DOCUMENT_NAME = 269;
  public static final int IMAGE_DESCRIPTION = 270;
  public static final int MAKE = 271;
  public static final int MODEL = 272;
  public static final int STRIP_OFFSETS = 273;
  public static final int ORIENTATION = 274;
  public static final int SAMPLES_PER_PIXEL = 277;
  public static final int ROWS_PER_STRIP = 278;
  public static final int STRIP_BYTE_COUNTS = 279;
  public static final int X_RESOLUTION = 282;
  public static final int Y_RESOLUTION = 283;
  public static final int PLANAR_CONFIGURATION = 284;
  public static final int X_POSITION = 286;
  public static final int Y_POSITION = 287;
  public static final int RESOLUTION_UNIT = 296;
  public static final int SOFTWARE = 305;
  public static final int DATE_TIME = 306;
  public static final int ARTIST = 315;
  public static final int HOST_COMPUTER = 316;
  public static final int PREDICTOR = 317;
  public static final int COLOR_MAP = 320;
  public static final int TILE_WIDTH = 322;
  public static final int TILE_LENGTH = 323;
  public static final int TILE_OFFSETS = 324;
  public static final int TILE_BYTE_COUNTS = 325;
  public static final int SUB_IFDS = 330;
  public static final int EXTRA_SAMPLES = 338;
  public static final int SAMPLE_FORMAT = 339;
  public static final int JPEG_TABLES = 347;
  public static final int YCBCR_SUBSAMPLING = 530;
  public static final int XML_PACKET = 700;
  public static final int IMAGE_DEPTH = 32997;
  public static final int COPYRIGHT = 33432;
  public static final int ICC_PROFILE = 34675;
  public static final int NDPI_FORMAT_FLAG = 65420;
  public static final int NDPI_SOURCE_LENS = 65421;
  public static final int NDPI_X_OFFSET = 65422;
  public static final int NDPI_Y_OFFSET = 65423;
  public static final int NDPI_FOCAL_PLANE = 65424;
  public static final int NDPI_MCU_STARTS = 65426;
  public static final int NDPI_REFERENCE = 65427;
  public static final int NDPI_PROPERTY_MAP = 65449;

  private TiffTag() {}
}
