package io.github.gpfm.slideio.bioformats.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.spi.IIORegistry;
import javax.imageio.spi.ImageReaderSpi;

/**
 * Orders Image I/O's JPEG readers. Bio-Formats decodes JPEG tiles with the first of them and is
 * made for the JDK's own; TwelveMonkeys', for one, puts itself first and takes the RGB tiles of
 * some Aperio slides for YCbCr, so that their colours come out wrong.
 */
final class JpegPlugins {
  private static final String JDK_READER = "com.sun.imageio.plugins.jpeg.JPEGImageReaderSpi";

  private JpegPlugins() {}

  /** Puts the JDK's JPEG reader before all others; Image I/O has one order for the whole JVM. */
  static synchronized void preferJdk() {
    IIORegistry registry = IIORegistry.getDefaultInstance();
    List<ImageReaderSpi> others = new ArrayList<>();
    List<ImageReaderSpi> jdk = new ArrayList<>();
    registry
        .getServiceProviders(ImageReaderSpi.class, false)
        .forEachRemaining(
            reader -> {
              if (reader.getClass().getName().equals(JDK_READER)) {
                jdk.add(reader);
              } else if (Stream.of(reader.getFormatNames()).anyMatch("jpeg"::equalsIgnoreCase)) {
                others.add(reader);
              }
            });
    for (ImageReaderSpi first : jdk) {
      for (ImageReaderSpi other : others) {
        // Both orders at once would hide both readers.
        registry.unsetOrdering(ImageReaderSpi.class, other, first);
        registry.setOrdering(ImageReaderSpi.class, first, other);
      }
    }
  }
}
