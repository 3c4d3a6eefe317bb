package io.github.gpfm.slideio.internal.region;

import io.github.gpfm.api.Slide;
import io.github.gpfm.api.SlideFormatException;
import java.awt.color.CMMException;
import java.awt.color.ColorSpace;
import java.awt.color.ICC_ColorSpace;
import java.awt.color.ICC_Profile;
import java.awt.image.ColorConvertOp;
import java.awt.image.DataBufferByte;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.util.Optional;

/** From a slide's own colours to sRGB, through the JDK's colour management (Little CMS). */
public final class SrgbTransform {
  private final ICC_Profile profile;
  private final ThreadLocal<ColorConvertOp> operation;

  private SrgbTransform(ICC_Profile profile) {
    this.profile = profile;
    this.operation =
        ThreadLocal.withInitial(
            () ->
                new ColorConvertOp(
                    new ICC_ColorSpace(this.profile),
                    ColorSpace.getInstance(ColorSpace.CS_sRGB),
                    null));
  }

  /**
   * The transform of a slide; empty when it has no profile or one for sRGB itself.
   *
   * @throws SlideFormatException if the profile is damaged or not one for RGB
   */
  public static Optional<SrgbTransform> of(Slide slide) {
    return slide.iccProfile().map(bytes -> of(slide, bytes));
  }

  private static SrgbTransform of(Slide slide, byte[] bytes) {
    try {
      ICC_Profile profile = ICC_Profile.getInstance(bytes);
      if (profile.getColorSpaceType() != ColorSpace.TYPE_RGB) {
        throw new SlideFormatException(
            slide.path(), "The ICC profile of " + slide.path() + " is not one for RGB pictures.");
      }
      SrgbTransform transform = new SrgbTransform(profile);
      transform.apply(new int[] {0xff808080}, 1, 1);
      return transform;
    } catch (IllegalArgumentException | CMMException e) {
      throw new SlideFormatException(
          slide.path(), "The ICC profile of " + slide.path() + " is damaged.", e);
    }
  }

  /** Converts straight ARGB pixels in place; alpha stays. */
  public void apply(int[] argb, int width, int height) {
    byte[] rgb = new byte[argb.length * 3];
    for (int i = 0; i < argb.length; i++) {
      rgb[3 * i] = (byte) (argb[i] >> 16);
      rgb[3 * i + 1] = (byte) (argb[i] >> 8);
      rgb[3 * i + 2] = (byte) argb[i];
    }
    WritableRaster raster =
        Raster.createInterleavedRaster(
            new DataBufferByte(rgb, rgb.length),
            width,
            height,
            width * 3,
            3,
            new int[] {0, 1, 2},
            null);
    WritableRaster converted = operation.get().filter(raster, null);
    int[] row = new int[width * 3];
    for (int y = 0; y < height; y++) {
      converted.getPixels(0, y, width, 1, row);
      for (int x = 0; x < width; x++) {
        int at = y * width + x;
        boolean visible = argb[at] >>> 24 != 0;
        argb[at] =
            visible
                ? argb[at] & 0xff000000 | row[3 * x] << 16 | row[3 * x + 1] << 8 | row[3 * x + 2]
                : 0;
      }
    }
  }
}
