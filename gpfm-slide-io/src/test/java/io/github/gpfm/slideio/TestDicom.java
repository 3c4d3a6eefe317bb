package io.github.gpfm.slideio;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.Deflater;

/** Writes small DICOM whole-slide files: explicit little endian, RGB, 3 x 2 frames of 32 x 32. */
final class TestDicom {
  static final int EDGE = 32;
  static final int WIDTH = 80;
  static final int HEIGHT = 50;

  static final String PLAIN = "1.2.840.10008.1.2.1";
  static final String RUN_LENGTH = "1.2.840.10008.1.2.5";
  static final String DEFLATED_FRAMES = "1.2.840.10008.1.2.8.1";

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  private TestDicom() {}

  /** Frames in the order of the grid, run-length coded, or sparse and plain. */
  static byte[] tiled(boolean sparse) {
    return instance(sparse, WIDTH, HEIGHT, "1.2.3", "DERIVED\\PRIMARY\\VOLUME\\RESAMPLED", 0.00025);
  }

  static byte[] instance(
      boolean sparse, int width, int height, String series, String imageType, double spacing) {
    return instance(sparse ? PLAIN : RUN_LENGTH, width, height, series, imageType, spacing);
  }

  /** As {@link #instance(boolean, int, int, String, String, double)}, sparse where it is plain. */
  static byte[] instance(
      String syntax, int width, int height, String series, String imageType, double spacing) {
    boolean sparse = syntax.equals(PLAIN);
    TestDicom dicom = new TestDicom();
    dicom.head(syntax);
    dicom.text(0x00080008, "CS", imageType);
    dicom.text(0x00080016, "UI", "1.2.840.10008.5.1.4.1.1.77.1.6");
    dicom.text(0x0020000e, "UI", series);
    dicom.text(0x00209311, "CS", sparse ? "TILED_SPARSE" : "TILED_FULL");
    dicom.shorts(0x00280002, 3);
    dicom.text(0x00280004, "CS", "RGB");
    dicom.shorts(0x00280006, 0);
    int columns = (width + EDGE - 1) / EDGE;
    int rows = (height + EDGE - 1) / EDGE;
    int frames = sparse ? 2 : columns * rows;
    dicom.text(0x00280008, "IS", Integer.toString(frames));
    dicom.shorts(0x00280010, EDGE);
    dicom.shorts(0x00280011, EDGE);
    dicom.shorts(0x00280100, 8);
    dicom.shorts(0x00280101, 8);
    dicom.longs(0x00480006, width);
    dicom.longs(0x00480007, height);
    TestDicom measures = new TestDicom();
    measures.text(0x00280030, "DS", spacing + "\\" + spacing);
    TestDicom shared = new TestDicom();
    shared.sequence(0x00289110, measures);
    dicom.sequence(0x52009229, shared);
    if (sparse) {
      TestDicom[] groups = new TestDicom[frames];
      for (int i = 0; i < frames; i++) {
        TestDicom position = new TestDicom();
        position.longs(0x0048021e, 1 + i * EDGE);
        position.longs(0x0048021f, 1 + i * EDGE);
        groups[i] = new TestDicom();
        groups[i].sequence(0x0048021a, position);
      }
      dicom.sequence(0x52009230, groups);
    }
    dicom.pixels(syntax, frames);
    return dicom.out.toByteArray();
  }

  /** All elements of a plain file deflated, as raw deflate of zlib's strongest level. */
  static byte[] deflated(byte[] plain) {
    TestDicom head = new TestDicom();
    head.head(PLAIN);
    int at = head.out.size();
    TestDicom dicom = new TestDicom();
    dicom.head("1.2.840.10008.1.2.1.99");
    dicom.out.writeBytes(deflate(Arrays.copyOfRange(plain, at, plain.length)));
    return dicom.out.toByteArray();
  }

  private static byte[] deflate(byte[] bytes) {
    Deflater deflater = new Deflater(9, true);
    deflater.setInput(bytes);
    deflater.finish();
    byte[] coded = new byte[bytes.length + 64];
    int length = deflater.deflate(coded);
    deflater.end();
    return Arrays.copyOf(coded, length + (length & 1));
  }

  private void head(String syntax) {
    out.writeBytes(new byte[128]);
    out.writeBytes("DICM".getBytes(StandardCharsets.US_ASCII));
    text(0x00020010, "UI", syntax);
  }

  /** Grey value of a frame's pixels. */
  static int shade(int frame) {
    return 10 + 20 * frame;
  }

  private void pixels(String syntax, int frames) {
    int plane = EDGE * EDGE;
    if (syntax.equals(PLAIN)) {
      header(0x7fe00010, "OW", (long) frames * plane * 3);
      for (int i = 0; i < frames; i++) {
        byte[] frame = new byte[plane * 3];
        Arrays.fill(frame, (byte) shade(i));
        out.writeBytes(frame);
      }
      return;
    }
    header(0x7fe00010, "OB", 0xffffffffL);
    item(0, new byte[0]);
    for (int i = 0; i < frames; i++) {
      if (syntax.equals(DEFLATED_FRAMES)) {
        byte[] frame = new byte[plane * 3];
        Arrays.fill(frame, (byte) shade(i));
        byte[] coded = deflate(frame);
        item(coded.length, coded);
        continue;
      }
      ByteArrayOutputStream runs = new ByteArrayOutputStream();
      for (int left = plane; left > 0; left -= 128) {
        runs.write(257 - Math.min(128, left));
        runs.write(shade(i));
      }
      byte[] segment = runs.toByteArray();
      ByteBuffer frame =
          ByteBuffer.allocate(64 + 3 * segment.length).order(ByteOrder.LITTLE_ENDIAN);
      frame.putInt(3);
      for (int band = 0; band < 3; band++) {
        frame.putInt(64 + band * segment.length);
      }
      frame.position(64);
      for (int band = 0; band < 3; band++) {
        frame.put(segment);
      }
      item(frame.capacity(), frame.array());
    }
    tag(0xfffee0dd);
    int32(0);
  }

  private void item(int length, byte[] content) {
    tag(0xfffee000);
    int32(length);
    out.writeBytes(content);
  }

  private void sequence(int tag, TestDicom... items) {
    header(tag, "SQ", 0xffffffffL);
    for (TestDicom each : items) {
      item(each.out.size(), each.out.toByteArray());
    }
    tag(0xfffee0dd);
    int32(0);
  }

  private void text(int tag, String vr, String value) {
    byte[] bytes = value.getBytes(StandardCharsets.US_ASCII);
    int padded = bytes.length + (bytes.length & 1);
    header(tag, vr, padded);
    out.writeBytes(bytes);
    if (padded > bytes.length) {
      out.write(vr.equals("UI") ? 0 : ' ');
    }
  }

  private void shorts(int tag, int value) {
    header(tag, "US", 2);
    out.write(value);
    out.write(value >> 8);
  }

  private void longs(int tag, int value) {
    header(tag, tag == 0x0048021e || tag == 0x0048021f ? "SL" : "UL", 4);
    int32(value);
  }

  private void header(int tag, String vr, long length) {
    tag(tag);
    out.writeBytes(vr.getBytes(StandardCharsets.US_ASCII));
    if (vr.equals("SQ") || vr.equals("OB") || vr.equals("OW")) {
      out.writeBytes(new byte[2]);
      int32((int) length);
    } else {
      out.write((int) length);
      out.write((int) (length >> 8));
    }
  }

  private void tag(int tag) {
    out.write(tag >> 16);
    out.write(tag >> 24);
    out.write(tag);
    out.write(tag >> 8);
  }

  private void int32(int value) {
    out.writeBytes(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array());
  }
}
