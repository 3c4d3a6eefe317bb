package io.github.gpfm.slideio.bioformats.internal;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The methods of {@code loci.formats.ome.OMEXMLMetadata} that the adapter uses, by the same names
 * and parameters. Image indices are series indices. What the file does not state is {@code null},
 * or the getter throws: ask through {@link #stated}.
 */
public interface OmeMetadata {
  /**
   * What a getter returns; {@code null} also where it throws because an element that would hold the
   * value is missing.
   */
  static <T> @Nullable T stated(Supplier<? extends @Nullable T> getter) {
    try {
      return getter.get();
    } catch (NullPointerException | IndexOutOfBoundsException e) {
      return null;
    }
  }

  @Nullable String getImageName(int image);

  /** An {@code ome.units.quantity.Length}. */
  @Nullable Object getPixelsPhysicalSizeX(int image);

  /** An {@code ome.units.quantity.Length}. */
  @Nullable Object getPixelsPhysicalSizeY(int image);

  /** An {@code ome.xml.model.primitives.Color}. */
  @Nullable Object getChannelColor(int image, int channel);

  @Nullable String getObjectiveSettingsID(int image);

  int getInstrumentCount();

  int getObjectiveCount(int instrument);

  @Nullable String getObjectiveID(int instrument, int objective);

  @Nullable Double getObjectiveNominalMagnification(int instrument, int objective);
}
