package io.github.gpfm.parquet;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.gpfm.api.GpfmException;
import io.github.gpfm.api.OutputException;
import io.github.gpfm.api.TileGeometry;
import io.github.gpfm.api.TileGrid;
import io.github.gpfm.tiling.grid.TileTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ParquetFilesTest {
  @TempDir Path folder;

  @Test
  void everyColumnComesBackToTheBit() {
    float[] vectors = {1.5f, Float.NaN, -0f, Float.MIN_VALUE, 3f, Float.POSITIVE_INFINITY};
    ColumnTable table =
        ColumnTable.builder()
            .longs("x", 0, Long.MIN_VALUE, Long.MAX_VALUE)
            .doubles("score", 1.0 / 3, Double.NaN, -0.0)
            .strings("slide", List.of("a", "", "Ωlide, \"b\""))
            .vectors("features", 2, vectors)
            .metadata("weights.sha256", "abc")
            .build();
    Path file = folder.resolve("t.parquet");
    ParquetFiles.write(file, table);
    ColumnTable back = ParquetFiles.read(file);
    assertEquals(List.copyOf(table.names()), List.copyOf(back.names()));
    assertEquals(table.metadata(), back.metadata());
    assertArrayEquals(table.longs("x"), back.longs("x"));
    assertArrayEquals(bits(table.doubles("score")), bits(back.doubles("score")));
    assertEquals(table.strings("slide"), back.strings("slide"));
    assertEquals(2, back.dimension("features"));
    assertArrayEquals(vectors, back.vectors("features"));
  }

  private static long[] bits(double[] values) {
    return Arrays.stream(values).mapToLong(Double::doubleToRawLongBits).toArray();
  }

  @Test
  void tilesKeepEveryValue() {
    TileTable tiles =
        TileTable.of(
                "s.1",
                TileGrid.of(
                    new TileGeometry(1, 320, 256, 1280.1, 1024.3, Double.NaN), 0, 1, 1L << 50, -3))
            .with("blur", 0.1, Double.NaN);
    Path file = folder.resolve("tiles.parquet");
    TileParquet.write(file, tiles);
    assertEquals(tiles, TileParquet.read(file));
    TileTable none = TileTable.of("empty", TileGrid.of(tiles.grid().geometry()));
    TileParquet.write(file, none);
    assertEquals(none, TileParquet.read(file));
  }

  @Test
  void manyRowsOfFeatures() {
    int rows = 3000;
    float[] features = new float[rows * 64];
    for (int i = 0; i < features.length; i++) {
      features[i] = (float) Math.sin(i);
    }
    Path file = folder.resolve("features.parquet");
    ParquetFiles.write(file, ColumnTable.builder().vectors("features", 64, features).build());
    assertArrayEquals(features, ParquetFiles.read(file).vectors("features"));
  }

  @Test
  void badInputIsRefused() throws IOException {
    Path text = Files.writeString(folder.resolve("text.parquet"), "PAR1 but not really PAR1");
    assertThrows(GpfmException.class, () -> ParquetFiles.read(text));
    assertThrows(GpfmException.class, () -> ParquetFiles.read(folder.resolve("none.parquet")));
    ColumnTable table = ColumnTable.builder().longs("x", 1).build();
    Path plain = folder.resolve("plain.parquet");
    ParquetFiles.write(plain, table);
    assertThrows(GpfmException.class, () -> TileParquet.read(plain));
    Path blocked = text.resolve("t.parquet");
    assertThrows(OutputException.class, () -> ParquetFiles.write(blocked, table));
    assertThrows(
        IllegalArgumentException.class,
        () -> ColumnTable.builder().longs("x", 1).doubles("y", 1, 2).build());
    assertThrows(
        IllegalArgumentException.class, () -> ColumnTable.builder().longs("a b", 1).build());
    byte[] bytes = Files.readAllBytes(plain);
    Path cut = folder.resolve("cut.parquet");
    Files.write(cut, Arrays.copyOf(bytes, bytes.length / 2));
    GpfmException e = assertThrows(GpfmException.class, () -> ParquetFiles.read(cut));
    assertTrue(e.getMessage().contains("cut.parquet"));
  }
}
