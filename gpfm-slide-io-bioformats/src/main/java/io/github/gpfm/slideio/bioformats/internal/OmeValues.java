package io.github.gpfm.slideio.bioformats.internal;

import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** Makes numbers of the OME model's quantities. */
interface OmeValues {
  /**
   * A length in µm; empty for {@code null} or a unit that is not one of length.
   *
   * @param length an {@code ome.units.quantity.Length}
   */
  OptionalDouble micrometres(@Nullable Object length);

  /**
   * Red, green and blue, 8 bits each.
   *
   * @param colour an {@code ome.xml.model.primitives.Color}
   */
  int rgb(Object colour);
}
