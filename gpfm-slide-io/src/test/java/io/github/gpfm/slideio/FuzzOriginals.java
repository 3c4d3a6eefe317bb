package io.github.gpfm.slideio;

import io.github.gpfm.testkit.Fixtures;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.opentest4j.TestAbortedException;

/** The sound files that mutants are made from: some written here, and the small real ones. */
final class FuzzOriginals {
  private static final long LARGEST = 400_000;

  private FuzzOriginals() {}

  /** All files, always in the same order; the real ones only where they are. */
  static List<byte[]> all() throws IOException {
    List<byte[]> originals = new ArrayList<>();
    originals.add(pyramid(ByteOrder.LITTLE_ENDIAN, false, TestTiff.NONE));
    originals.add(pyramid(ByteOrder.BIG_ENDIAN, true, TestTiff.DEFLATE));
    originals.add(pyramid(ByteOrder.LITTLE_ENDIAN, true, TestTiff.JPEG));
    originals.add(picture("png"));
    originals.add(picture("jpg"));
    originals.add(TestDicom.tiled(false));
    originals.add(TestDicom.tiled(true));
    int[] tile = TestTiff.picture(64, 64, 5);
    originals.add(
        TestJpeg2000.slide(
            TestJpeg2000.encode(tile, 64, 64, true, false), 64, 2, 2, TestJpeg2000.APERIO_RGB));
    originals.add(
        TestJpeg2000.slide(TestJpeg2000.resource("ycc-422"), 128, 1, 1, TestJpeg2000.APERIO_YCBCR));
    originals.add(TestJpeg2000.encode(tile, 64, 64, true, true));
    originals.add(pyramid(ByteOrder.LITTLE_ENDIAN, false, TestTiff.ZSTD));
    originals.add(pyramid(ByteOrder.BIG_ENDIAN, true, TestTiff.WEBP));
    originals.add(ome());
    originals.add(planar(ByteOrder.BIG_ENDIAN, true, TestTiff.DEFLATE));
    originals.add(planar(ByteOrder.LITTLE_ENDIAN, false, TestTiff.JPEG));
    originals.add(TestDicom.deflated(TestDicom.tiled(true)));
    originals.add(
        TestDicom.instance(
            TestDicom.DEFLATED_FRAMES, 80, 50, "1.2.3", "DERIVED\\PRIMARY\\VOLUME\\NONE", 0.001));
    if (hasSlides()) {
      try (Stream<Path> files = Files.walk(Fixtures.data("slides"))) {
        for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
          String name = file.toString();
          boolean record = name.endsWith(".json") || name.endsWith(".png");
          if (!record && Files.size(file) <= LARGEST) {
            originals.add(Files.readAllBytes(file));
          }
        }
      }
    }
    return originals;
  }

  private static boolean hasSlides() {
    try {
      return Files.isDirectory(Fixtures.data("slides"));
    } catch (TestAbortedException e) {
      return false;
    }
  }

  private static byte[] pyramid(ByteOrder order, boolean big, int compression) {
    TestTiff tiff = new TestTiff(order, big);
    TestTiff.Directory main = tiff.directory();
    main.rgb(TestTiff.picture(200, 150, 1), 200, 150, 64, true, compression)
        .tag(270, "Aperio x|AppMag = 20|MPP = 0.5");
    main.sub().rgb(TestTiff.picture(50, 40, 1), 50, 40, 64, true, TestTiff.NONE);
    tiff.directory().rgb(TestTiff.picture(60, 40, 2), 60, 40, 16, false, compression);
    tiff.directory().rgb(TestTiff.picture(100, 75, 3), 100, 75, 64, true, compression).tag(254, 1);
    return tiff.bytes();
  }

  private static byte[] planar(ByteOrder order, boolean big, int compression) {
    TestTiff tiff = new TestTiff(order, big);
    tiff.directory().planar(TestTiff.picture(200, 150, 1), 200, 150, 64, compression);
    tiff.directory().planar(TestTiff.picture(100, 75, 3), 100, 75, 64, compression).tag(254, 1);
    return tiff.bytes();
  }

  private static byte[] ome() {
    TestTiff tiff = new TestTiff(ByteOrder.LITTLE_ENDIAN, false);
    tiff.directory()
        .rgb(TestTiff.picture(200, 150, 1), 200, 150, 64, true, TestTiff.DEFLATE)
        .tag(
            270,
            """
            <?xml version="1.0"?><OME xmlns="http://www.openmicroscopy.org/Schemas/OME/2016-06"\
             UUID="urn:uuid:a"><Image ID="Image:0"><Pixels DimensionOrder="XYCZT" ID="Pixels:0"\
             PhysicalSizeX="0.25" PhysicalSizeY="0.5" SizeX="200" SizeY="150" SizeC="3" SizeZ="1"\
             SizeT="1" Type="uint8"><Channel ID="Channel:0" SamplesPerPixel="3"/><TiffData IFD="0"\
             PlaneCount="1"><UUID FileName="mutant.bin">urn:uuid:a</UUID></TiffData></Pixels></Image>\
            </OME>""")
        .sub()
        .rgb(TestTiff.picture(100, 75, 1), 100, 75, 64, true, TestTiff.ZSTD);
    return tiff.bytes();
  }

  private static byte[] picture(String format) throws IOException {
    BufferedImage image = new BufferedImage(120, 90, BufferedImage.TYPE_INT_RGB);
    image.setRGB(0, 0, 120, 90, TestTiff.picture(120, 90, 4), 0, 120);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageIO.write(image, format, out);
    return out.toByteArray();
  }
}
