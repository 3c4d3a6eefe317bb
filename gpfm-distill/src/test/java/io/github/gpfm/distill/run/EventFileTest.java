package io.github.gpfm.distill.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.common.hash.Hashing;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reads the records back by the format's rules. */
class EventFileTest {
  @TempDir Path folder;

  @Test
  void scalarsComeBackAndChecksumsHold() throws IOException {
    Map<Long, Float> found = new TreeMap<>();
    try (EventFile events = new EventFile(folder, 1, 1_700_000_000)) {
      for (long step = 1; step < 400; step += 99) {
        events.write(1.7e9 + step, step, Map.of("total_loss", step / 8.0));
      }
    }
    List<Path> files;
    try (var list = Files.list(folder)) {
      files = list.toList();
    }
    assertEquals(1, files.size());
    ByteBuffer data =
        ByteBuffer.wrap(Files.readAllBytes(files.get(0))).order(ByteOrder.LITTLE_ENDIAN);
    int records = 0;
    while (data.hasRemaining()) {
      byte[] length = new byte[8];
      data.get(length);
      assertEquals(masked(length), data.getInt());
      byte[] event =
          new byte[(int) ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN).getLong()];
      data.get(event);
      assertEquals(masked(event), data.getInt());
      records++;
      readScalar(ByteBuffer.wrap(event).order(ByteOrder.LITTLE_ENDIAN), found);
    }
    assertEquals(7, records);
    assertEquals(
        Map.of(1L, 0.125f, 100L, 12.5f, 199L, 24.875f, 298L, 37.25f, 397L, 49.625f), found);
  }

  private static int masked(byte[] data) {
    int crc = Hashing.crc32c().hashBytes(data).asInt();
    return Integer.rotateRight(crc, 15) + 0xa282ead8;
  }

  /**
   * wall_time = 1 (double), step = 2 (varint), summary = 5 { value = 1 { tag = 1, simple = 2 }}.
   */
  private static void readScalar(ByteBuffer event, Map<Long, Float> found) {
    assertEquals(1 << 3 | 1, event.get());
    event.getDouble();
    assertEquals(2 << 3, event.get());
    long step = varint(event);
    int field = event.get();
    if (field != (5 << 3 | 2)) {
      return;
    }
    varint(event);
    assertEquals(1 << 3 | 2, event.get());
    varint(event);
    assertEquals(1 << 3 | 2, event.get());
    byte[] tag = new byte[(int) varint(event)];
    event.get(tag);
    assertEquals("total_loss", new String(tag, StandardCharsets.UTF_8));
    assertEquals(2 << 3 | 5, event.get());
    found.put(step, event.getFloat());
  }

  private static long varint(ByteBuffer data) {
    long value = 0;
    for (int shift = 0; ; shift += 7) {
      byte b = data.get();
      value |= (long) (b & 127) << shift;
      if (b >= 0) {
        return value;
      }
    }
  }
}
