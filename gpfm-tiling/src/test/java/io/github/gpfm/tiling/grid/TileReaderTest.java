package io.github.gpfm.tiling.grid;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.gpfm.api.TileGeometry;
import io.github.gpfm.api.TileGrid;
import io.github.gpfm.image.AntialiasedResize;
import io.github.gpfm.tiling.SyntheticSlide;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class TileReaderTest {
  @Test
  void resizesAsPillow() throws IOException {
    try (Reader reader =
        new InputStreamReader(
            Objects.requireNonNull(getClass().getResourceAsStream("/bicubic-resize.json")),
            StandardCharsets.UTF_8)) {
      JsonArray cases = new Gson().fromJson(reader, JsonObject.class).getAsJsonArray("cases");
      assertFalse(cases.isEmpty());
      for (JsonElement each : cases) {
        JsonObject one = each.getAsJsonObject();
        int outWidth = one.get("outWidth").getAsInt();
        int outHeight = one.get("outHeight").getAsInt();
        BufferedImage resized =
            AntialiasedResize.resize(
                ints(one.getAsJsonArray("rgb")),
                one.get("width").getAsInt(),
                one.get("height").getAsInt(),
                outWidth,
                outHeight);
        int[] actual = resized.getRGB(0, 0, outWidth, outHeight, null, 0, outWidth);
        for (int i = 0; i < actual.length; i++) {
          actual[i] &= 0xffffff;
        }
        assertArrayEquals(ints(one.getAsJsonArray("expected")), actual);
      }
    }
  }

  private static int[] ints(JsonArray array) {
    int[] values = new int[array.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = array.get(i).getAsInt();
    }
    return values;
  }

  @Test
  void padsWithTheGivenColourAndResizesToTheTile() {
    SyntheticSlide slide = new SyntheticSlide(100, 80, 0.5, (x, y) -> 0x804020, 1);
    TileGrid grid = TileGrid.of(new TileGeometry(0, 40, 20, 40, 40, 1.0), 80, 60, 0, 0);
    BufferedImage padded = new TileReader(slide, grid, TileReader.WHITE).read(0);
    assertEquals(20, padded.getWidth());
    assertEquals(0xff804020, padded.getRGB(2, 2));
    assertEquals(0xffffffff, padded.getRGB(19, 19));
    assertEquals(0xff000000, new TileReader(slide, grid).read(0).getRGB(19, 19));
    assertEquals(0xff804020, new TileReader(slide, grid).read(1).getRGB(19, 19));
    TileGrid plain = TileGrid.of(new TileGeometry(0, 40, 40, 40, 40, 1.0), 80, 60, 0, 0);
    BufferedImage own = new TileReader(slide, plain, 0x123456).read(0);
    assertEquals(BufferedImage.TYPE_INT_RGB, own.getType());
    assertEquals(0xff804020, own.getRGB(2, 2));
    assertEquals(0xff123456, own.getRGB(39, 39));
    assertEquals(0x804020, own.getRaster().getDataBuffer().getElem(0));
  }
}
