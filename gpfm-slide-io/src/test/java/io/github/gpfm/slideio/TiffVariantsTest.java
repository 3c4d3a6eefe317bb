package io.github.gpfm.slideio;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.gpfm.api.MppSource;
import io.github.gpfm.api.Slide;
import io.github.gpfm.api.SlideFormatException;
import io.github.gpfm.api.SlideOpenResult;
import io.github.gpfm.api.SlideOptions;
import io.github.gpfm.slideio.internal.builtin.BuiltinProvider;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Set;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The built-in reader on TIFFs written here, of every layout and of the vendors' structures. */
class TiffVariantsTest {
  private static final int WIDTH = 300;
  private static final int HEIGHT = 220;

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "little, false, true, 1",
    "little, true, true, 8",
    "big, false, true, 8",
    "big, true, true, 1",
    "little, false, false, 1",
    "big, true, false, 8",
    "little, false, true, 50000",
    "big, true, false, 50000",
    "little, false, true, 50001",
    "little, true, false, 50001"
  })
  void losslessLayoutsAreExact(String order, boolean big, boolean tiled, int compression) {
    int[] picture = TestTiff.picture(WIDTH, HEIGHT, 1);
    TestTiff tiff = new TestTiff(order(order), big);
    tiff.directory().rgb(picture, WIDTH, HEIGHT, 64, tiled, compression);
    try (Slide slide = Slides.open(tiff.write(folder.resolve("a.tif")), "builtin")) {
      assertArrayEquals(picture, pixels(slide, WIDTH, HEIGHT));
    }
  }

  @Test
  void greyOf16BitsIsTheSameWhoeverReads() {
    TestTiff tiff = new TestTiff(ByteOrder.LITTLE_ENDIAN, false);
    byte[] samples = new byte[2 * 128 * 128];
    for (int i = 0; i < 128 * 128; i++) {
      int value = i / 128 * 257;
      samples[2 * i] = (byte) value;
      samples[2 * i + 1] = (byte) (value >> 8);
    }
    tiff.directory()
        .tiles(samples, 128, 1, 1, TestTiff.NONE)
        .tag(258, new long[] {16})
        .tag(262, 1)
        .tag(277, 1);
    Path file = tiff.write(folder.resolve("grey.tif"));
    try (Slide slide = Slides.open(file)) {
      int[] argb = pixels(slide, 128, 128);
      for (int i = 128; i < argb.length; i++) {
        assertEquals(0xff000000 | i / 128 * 0x010101, argb[i], slide.reader() + " at " + i);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aJpegTileWhoseRestIsZerosIsDamaged(boolean endIsThere) throws IOException {
    TestTiff tiff = new TestTiff(ByteOrder.LITTLE_ENDIAN, false);
    tiff.directory().rgb(TestTiff.picture(256, 128, 7), 256, 128, 128, true, TestTiff.JPEG);
    byte[] bytes = tiff.bytes();
    long[] tile = TestTiff.secondTile(bytes);
    int end = (int) (tile[0] + tile[1]);
    Arrays.fill(bytes, end - (int) tile[1] / 3, endIsThere ? end - 2 : end, (byte) 0);
    Path file = Files.write(folder.resolve("zeros.tif"), bytes);
    try (Slide slide = Slides.open(file, "builtin")) {
      slide.readRegion(0, 0, 0, 128, 128);
      SlideFormatException e =
          assertThrows(SlideFormatException.class, () -> slide.readRegion(128, 0, 0, 128, 128));
      assertTrue(e.getMessage().contains("tile 1,0"), e.getMessage());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "builtin"})
  void aPictureBehindItsReducedImagesIsTheFirstLevel(String reader) {
    TestTiff tiff = new TestTiff(ByteOrder.LITTLE_ENDIAN, false);
    int[] picture = TestTiff.picture(300, 220, 5);
    tiff.directory()
        .rgb(TestTiff.picture(150, 110, 5), 150, 110, 64, true, TestTiff.DEFLATE)
        .tag(254, 1);
    tiff.directory().rgb(picture, 300, 220, 64, true, TestTiff.DEFLATE);
    tiff.directory()
        .rgb(TestTiff.picture(75, 55, 5), 75, 55, 64, true, TestTiff.DEFLATE)
        .tag(254, 1);
    // Of another shape: a label.
    tiff.directory().rgb(TestTiff.picture(400, 100, 6), 400, 100, 64, true, TestTiff.DEFLATE);
    Path file = tiff.write(folder.resolve("unsorted.tif"));
    try (Slide slide = reader.isEmpty() ? Slides.open(file) : Slides.open(file, reader)) {
      assertArrayEquals(
          new long[] {300, 150, 75}, slide.levels().stream().mapToLong(l -> l.width()).toArray());
      assertArrayEquals(picture, pixels(slide, 300, 220));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {TestTiff.DEFLATE, TestTiff.ZSTD})
  void aDamagedTileIsAnErrorWhereItIsRead(int compression) throws IOException {
    TestTiff tiff = new TestTiff(ByteOrder.LITTLE_ENDIAN, false);
    tiff.directory().rgb(TestTiff.picture(128, 64, 7), 128, 64, 64, true, compression);
    byte[] bytes = tiff.bytes();
    long[] tile = TestTiff.secondTile(bytes);
    int middle = (int) (tile[0] + tile[1] / 2);
    Arrays.fill(bytes, middle, middle + 20, (byte) 0x55);
    Path file = Files.write(folder.resolve("damaged.tif"), bytes);
    try (Slide slide = Slides.open(file, "builtin")) {
      slide.readRegion(0, 0, 0, 64, 64);
      SlideFormatException e =
          assertThrows(SlideFormatException.class, () -> slide.readRegion(64, 0, 0, 64, 64));
      assertTrue(e.getMessage().contains("tile 1,0"), e.getMessage());
    }
  }

  @Test
  void aWebPPictureThatIsCutOrOfAnotherSizeThanItsTileIsRefused() {
    TestTiff other = new TestTiff(ByteOrder.LITTLE_ENDIAN, false);
    other.directory().rgb(TestTiff.picture(64, 64, 7), 64, 64, 64, true, TestTiff.WEBP);
    byte[] bytes = other.bytes();
    long[] first = TestTiff.firstTile(bytes);
    byte[] picture = Arrays.copyOfRange(bytes, (int) first[0], (int) (first[0] + first[1]));
    TestTiff tiff = new TestTiff(ByteOrder.LITTLE_ENDIAN, false);
    tiff.directory().tiles(picture, 128, 1, 1, TestTiff.WEBP);
    try (Slide slide = Slides.open(tiff.write(folder.resolve("w.tif")), "builtin")) {
      SlideFormatException e =
          assertThrows(SlideFormatException.class, () -> slide.readRegion(0, 0, 0, 64, 64));
      assertTrue(e.getMessage().contains("64 x 64"), e.getMessage());
    }
    TestTiff cut = new TestTiff(ByteOrder.LITTLE_ENDIAN, false);
    byte[] part = Arrays.copyOf(picture, picture.length * 2 / 3);
    cut.directory().tiles(part, 64, 1, 1, TestTiff.WEBP);
    try (Slide slide = Slides.open(cut.write(folder.resolve("c.tif")), "builtin")) {
      SlideFormatException e =
          assertThrows(SlideFormatException.class, () -> slide.readRegion(0, 0, 0, 64, 64));
      assertTrue(e.getMessage().contains("cut off"), e.getMessage());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"LZW", "Deflate", "PackBits", "None", "ZLib"})
  void stripsOfAnotherWriterAreExact(String compression) throws IOException {
    int[] picture = TestTiff.picture(WIDTH, HEIGHT, 2);
    BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_3BYTE_BGR);
    image.setRGB(0, 0, WIDTH, HEIGHT, picture, 0, WIDTH);
    Path file = folder.resolve("b.tif");
    write(image, file, compression);
    try (Slide slide = Slides.open(file, "builtin")) {
      assertArrayEquals(picture, pixels(slide, WIDTH, HEIGHT));
    }
  }

  @Test
  void omeTiffHasItsSubIfdsAsLevelsAndItsPhysicalSize() {
    TestTiff tiff = new TestTiff(ByteOrder.LITTLE_ENDIAN, true);
    TestTiff.Directory main = tiff.directory();
    main.rgb(TestTiff.picture(WIDTH, HEIGHT, 3), WIDTH, HEIGHT, 64, true, TestTiff.DEFLATE);
    main.tag(
        270,
        "<?xml version=\"1.0\"?><OME xmlns=\"http://www.openmicroscopy.org/Schemas/OME/2016-06\">"
            + "<Instrument ID=\"Instrument:0\"><Objective ID=\"Objective:0:0\""
            + " NominalMagnification=\"40\"/></Instrument>"
            + "<Image ID=\"Image:0\" Name=\"scan\"><Pixels SizeX=\"300\" SizeY=\"220\""
            + " PhysicalSizeX=\"250\" PhysicalSizeXUnit=\"nm\" PhysicalSizeY=\"0.26\"><TiffData"
            + " IFD=\"0\"/></Pixels></Image>"
            + "<Image ID=\"Image:1\" Name=\"label\"><Pixels SizeX=\"50\" SizeY=\"40\"><TiffData"
            + " IFD=\"1\"/></Pixels></Image></OME>");
    main.sub().rgb(TestTiff.picture(150, 110, 4), 150, 110, 64, true, TestTiff.NONE);
    main.sub().rgb(TestTiff.picture(75, 55, 5), 75, 55, 64, true, TestTiff.NONE);
    tiff.directory().rgb(TestTiff.picture(50, 40, 6), 50, 40, 64, false, TestTiff.NONE);
    Path file = tiff.write(folder.resolve("c.ome.tif"));
    try (Slide slide = Slides.open(file)) {
      assertEquals("builtin", slide.reader(), "OpenSlide sees one level of this pyramid");
      assertEquals(3, slide.levels().size());
      assertEquals(MppSource.OME_XML, slide.mpp().orElseThrow().source());
      assertEquals(0.25, slide.mpp().orElseThrow().x(), 1e-12);
      assertEquals(0.26, slide.mpp().orElseThrow().y(), 1e-12);
      assertEquals(40, slide.objectivePower().orElseThrow());
      assertEquals(Set.of("label"), slide.associatedImageNames());
      assertEquals(50, slide.associatedImage("label").getWidth());
    }
    try (Slide slide = Slides.open(file, "builtin", SlideOptions.DEFAULT.withSeries(1))) {
      assertEquals(50, slide.width());
    }
  }

  @Test
  void entitiesInXmlAreNotResolved() {
    TestTiff tiff = new TestTiff(ByteOrder.LITTLE_ENDIAN, false);
    tiff.directory()
        .rgb(TestTiff.picture(64, 64, 3), 64, 64, 64, true, TestTiff.NONE)
        .tag(
            270,
            "<!DOCTYPE OME [<!ENTITY x SYSTEM \"file:///etc/hostname\">]><OME><Image"
                + " Name=\"&x;\"><Pixels/></Image></OME>");
    Path file = tiff.write(folder.resolve("d.ome.tif"));
    String message =
        assertThrows(SlideFormatException.class, () -> Slides.open(file, "builtin")).getMessage();
    assertTrue(message.contains("well-formed"), message);
  }

  @Test
  void philipsLevelsLoseTheirPadding() {
    TestTiff tiff = new TestTiff(ByteOrder.LITTLE_ENDIAN, false);
    String level =
        "<DataObject ObjectType=\"PixelDataRepresentation\"><Attribute"
            + " Name=\"DICOM_PIXEL_SPACING\">&quot;%s&quot; &quot;%s&quot;</Attribute></DataObject>";
    String xml =
        "<?xml version=\"1.0\"?><DataObject ObjectType=\"DPUfsImport\"><Attribute"
            + " Name=\"PIM_DP_SCANNED_IMAGES\"><Array><DataObject><Attribute"
            + " Name=\"PIM_DP_IMAGE_TYPE\">WSI</Attribute><Attribute"
            + " Name=\"DICOM_PIXEL_SPACING\">&quot;0.00025&quot; &quot;0.00025&quot;</Attribute>"
            + "<Attribute Name=\"PIIM_PIXEL_DATA_REPRESENTATION_SEQUENCE\"><Array>"
            + level.formatted("0.00025", "0.00025")
            + level.formatted("0.0005", "0.0005")
            + "</Array></Attribute></DataObject></Array></Attribute></DataObject>";
    tiff.directory()
        .rgb(TestTiff.picture(300, 220, 7), 300, 220, 64, true, TestTiff.JPEG)
        .tag(305, "Philips DP v1.0")
        .tag(270, xml);
    tiff.directory()
        .rgb(TestTiff.picture(192, 128, 8), 192, 128, 64, true, TestTiff.JPEG)
        .tag(254, 1);
    try (Slide slide = Slides.open(tiff.write(folder.resolve("e.tiff")), "builtin")) {
      assertEquals("philips", slide.vendor());
      assertEquals(150, slide.levels().get(1).width());
      assertEquals(110, slide.levels().get(1).height());
      assertEquals(2, slide.levels().get(1).downsample());
      assertEquals(0.25, slide.mpp().orElseThrow().x(), 1e-12);
      assertEquals(MppSource.VENDOR, slide.mpp().orElseThrow().source());
    }
  }

  @Test
  void ventanaLevelsFollowTheirMagnification() {
    TestTiff tiff = new TestTiff(ByteOrder.LITTLE_ENDIAN, false);
    byte[] scan = "<iScan Magnification=\"20\" ScanRes=\"0.465\"/>".getBytes();
    tiff.directory()
        .rgb(TestTiff.picture(60, 40, 1), 60, 40, 64, false, TestTiff.NONE)
        .tag(270, "Label Image")
        .tag(700, scan);
    tiff.directory()
        .rgb(TestTiff.picture(300, 220, 2), 300, 220, 64, true, TestTiff.DEFLATE)
        .tag(270, "level=0 mag=20 quality=90");
    tiff.directory()
        .rgb(TestTiff.picture(150, 110, 3), 150, 110, 64, true, TestTiff.DEFLATE)
        .tag(270, "level=1 mag=10 quality=90");
    try (Slide slide = Slides.open(tiff.write(folder.resolve("f.tif")), "builtin")) {
      assertEquals("ventana", slide.vendor());
      assertEquals(2, slide.levels().size());
      assertEquals(0.465, slide.mpp().orElseThrow().x(), 1e-12);
      assertEquals(20, slide.objectivePower().orElseThrow());
      assertEquals(Set.of("macro"), slide.associatedImageNames());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {TestTiff.NONE, TestTiff.DEFLATE})
  void planesAreInterleaved(int compression) {
    TestTiff tiff = new TestTiff(ByteOrder.BIG_ENDIAN, true);
    int[] picture = TestTiff.picture(WIDTH, HEIGHT, 7);
    tiff.directory().planar(picture, WIDTH, HEIGHT, 64, compression);
    try (Slide slide = Slides.open(tiff.write(folder.resolve("planar.tif")), "builtin")) {
      assertArrayEquals(
          picture,
          slide.readRegion(0, 0, 0, WIDTH, HEIGHT).getRGB(0, 0, WIDTH, HEIGHT, null, 0, WIDTH));
    }
  }

  /** Else a reader of a lower priority would show what is left of it. */
  @Test
  void aCutFileIsDeclinedAsDamagedAndAForeignOneIsNot() throws IOException {
    TestTiff tiff = new TestTiff(ByteOrder.LITTLE_ENDIAN, false);
    tiff.directory().rgb(TestTiff.picture(200, 150, 1), 200, 150, 64, true, TestTiff.DEFLATE);
    byte[] bytes = tiff.bytes();
    Path cut = Files.write(folder.resolve("cut.tif"), Arrays.copyOf(bytes, bytes.length * 6 / 10));
    Path text = Files.writeString(folder.resolve("text.tif"), "no slide at all");
    assertTrue(declined(cut).damaged(), declined(cut).reason());
    assertFalse(declined(text).damaged(), declined(text).reason());
  }

  private static SlideOpenResult.Declined declined(Path file) {
    return (SlideOpenResult.Declined) new BuiltinProvider().open(file, SlideOptions.DEFAULT);
  }

  @Test
  void mppFollowsTheOrderOfEvidence() {
    TestTiff tiff = new TestTiff(ByteOrder.LITTLE_ENDIAN, false);
    tiff.directory()
        .rgb(TestTiff.picture(64, 64, 3), 64, 64, 64, true, TestTiff.NONE)
        .tag(282, 40000.0)
        .tag(283, 40000.0)
        .tag(296, 3)
        .tag(270, "Aperio |AppMag = 20");
    Path file = tiff.write(folder.resolve("g.svs"));
    try (Slide slide = Slides.open(file, "builtin")) {
      assertEquals(MppSource.TIFF_RESOLUTION, slide.mpp().orElseThrow().source());
      assertEquals(0.25, slide.mpp().orElseThrow().x(), 1e-12);
    }
    try (Slide slide = Slides.open(file, "builtin", SlideOptions.DEFAULT.withMpp(0.5))) {
      assertEquals(MppSource.USER, slide.mpp().orElseThrow().source());
      assertEquals(0.5, slide.requireMpp().mean(), 1e-12);
    }
    TestTiff printed = new TestTiff(ByteOrder.LITTLE_ENDIAN, false);
    printed
        .directory()
        .rgb(TestTiff.picture(64, 64, 3), 64, 64, 64, true, TestTiff.NONE)
        .tag(282, 72.0)
        .tag(283, 72.0)
        .tag(296, 2)
        .tag(270, "Aperio |AppMag = 20");
    try (Slide slide = Slides.open(printed.write(folder.resolve("h.svs")), "builtin")) {
      assertEquals(MppSource.OBJECTIVE_POWER, slide.mpp().orElseThrow().source());
      assertEquals(0.5, slide.mpp().orElseThrow().x(), 1e-12);
    }
  }

  private static ByteOrder order(String name) {
    return name.equals("little") ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
  }

  private static int[] pixels(Slide slide, int width, int height) {
    return slide.readRegion(0, 0, 0, width, height).getRGB(0, 0, width, height, null, 0, width);
  }

  private static void write(BufferedImage image, Path file, String compression) throws IOException {
    Iterator<ImageWriter> writers = ImageIO.getImageWritersByFormatName("tiff");
    ImageWriter writer = writers.next();
    while (!writer.getClass().getName().startsWith("com.twelvemonkeys") && writers.hasNext()) {
      writer = writers.next();
    }
    ImageWriteParam param = writer.getDefaultWriteParam();
    param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
    param.setCompressionType(compression);
    try (ImageOutputStream out = ImageIO.createImageOutputStream(file.toFile())) {
      writer.setOutput(out);
      writer.write(null, new IIOImage(image, null, null), param);
    } finally {
      writer.dispose();
    }
  }
}
