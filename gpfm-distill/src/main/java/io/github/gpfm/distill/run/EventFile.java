package io.github.gpfm.distill.run;

import com.google.common.hash.Hashing;
import io.github.gpfm.api.OutputException;
import io.github.gpfm.support.AtomicFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * A TensorBoard event file of scalars: TFRecord framing (length, masked CRC-32C, data, masked
 * CRC-32C) around {@code Event} protocol buffers.
 */
final class EventFile implements AutoCloseable {
  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int BYTES = 2;
  private static final int FIXED32 = 5;

  private final Path file;
  private final OutputStream out;

  /** A new file in the folder; steps from {@code start} on replace those of earlier files. */
  EventFile(Path folder, long start, long seconds) {
    file = folder.resolve("events.out.tfevents.%010d.%d.gpfm".formatted(seconds, start));
    try {
      Files.createDirectories(folder);
      out = Files.newOutputStream(file);
    } catch (IOException e) {
      throw AtomicFile.cannotWrite(file, e);
    }
    try {
      write(event(seconds, 0, field(3, bytes("brain.Event:2"))));
      // SessionLog.START: TensorBoard forgets what a crashed run wrote from this step on.
      write(event(seconds, start, field(7, varintField(1, 1))));
    } catch (OutputException e) {
      close();
      throw e;
    }
  }

  void write(double seconds, long step, Map<String, Double> scalars) {
    ByteArrayOutputStream summary = new ByteArrayOutputStream();
    scalars.forEach(
        (tag, value) -> {
          ByteArrayOutputStream one = new ByteArrayOutputStream();
          one.writeBytes(field(1, bytes(tag)));
          tag(one, 2, FIXED32);
          one.writeBytes(little(4).putFloat(value.floatValue()).array());
          summary.writeBytes(field(1, one.toByteArray()));
        });
    write(event(seconds, step, field(5, summary.toByteArray())));
  }

  @Override
  public void close() {
    try {
      out.close();
    } catch (IOException e) {
      throw AtomicFile.cannotWrite(file, e);
    }
  }

  private void write(byte[] event) {
    byte[] length = little(8).putLong(event.length).array();
    ByteArrayOutputStream record = new ByteArrayOutputStream();
    record.writeBytes(length);
    record.writeBytes(crc(length));
    record.writeBytes(event);
    record.writeBytes(crc(event));
    try {
      record.writeTo(out);
    } catch (IOException e) {
      throw AtomicFile.cannotWrite(file, e);
    }
  }

  private static byte[] crc(byte[] data) {
    int crc = Hashing.crc32c().hashBytes(data).asInt();
    return little(4).putInt((crc >>> 15 | crc << 17) + 0xA282EAD8).array();
  }

  private static byte[] event(double seconds, long step, byte[] what) {
    ByteArrayOutputStream event = new ByteArrayOutputStream();
    tag(event, 1, FIXED64);
    event.writeBytes(little(8).putDouble(seconds).array());
    event.writeBytes(varintField(2, step));
    event.writeBytes(what);
    return event.toByteArray();
  }

  private static byte[] field(int number, byte[] content) {
    ByteArrayOutputStream field = new ByteArrayOutputStream();
    tag(field, number, BYTES);
    varint(field, content.length);
    field.writeBytes(content);
    return field.toByteArray();
  }

  private static byte[] varintField(int number, long value) {
    ByteArrayOutputStream field = new ByteArrayOutputStream();
    tag(field, number, VARINT);
    varint(field, value);
    return field.toByteArray();
  }

  private static void tag(ByteArrayOutputStream out, int number, int type) {
    varint(out, (long) number << 3 | type);
  }

  private static void varint(ByteArrayOutputStream out, long value) {
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      out.write((int) (rest & 0x7F | 0x80));
      rest >>>= 7;
    }
    out.write((int) rest);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static ByteBuffer little(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }
}
