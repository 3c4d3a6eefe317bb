package io.github.gpfm.slideio.bioformats.internal;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The methods of {@code loci.formats.IFormatReader} that the adapter uses, by the same names and
 * parameters. One reader serves one thread at a time.
 */
public interface FormatReader {
  void setFlattenedResolutions(boolean flattened);

  void setMetadataStore(Object store);

  Object getMetadataStore();

  void setId(String file) throws Exception;

  void close() throws Exception;

  String getFormat();

  int getSeriesCount();

  void setSeries(int series);

  boolean isThumbnailSeries();

  int getResolutionCount();

  void setResolution(int resolution);

  int getSizeX();

  int getSizeY();

  int getEffectiveSizeC();

  int getRGBChannelCount();

  int getPixelType();

  int getBitsPerPixel();

  boolean isInterleaved();

  boolean isLittleEndian();

  boolean isIndexed();

  byte @Nullable [][] get8BitLookupTable() throws Exception;

  short @Nullable [][] get16BitLookupTable() throws Exception;

  int getOptimalTileWidth();

  int getOptimalTileHeight();

  int getIndex(int z, int c, int t);

  byte[] openBytes(int plane, int x, int y, int width, int height) throws Exception;

  Map<String, Object> getGlobalMetadata();

  Map<String, Object> getSeriesMetadata();
}
