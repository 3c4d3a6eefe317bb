package io.github.gpfm.tiling.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.gpfm.api.TileGeometry;
import io.github.gpfm.api.TileGrid;
import io.github.gpfm.api.TilingException;
import io.github.gpfm.tiling.grid.ContourTest;
import io.github.gpfm.tiling.grid.TileTable;
import io.github.gpfm.tiling.segment.SegmentationParameters;
import io.github.gpfm.tiling.segment.TilingPreset;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TablesTest {
  private static final ProcessList.Entry DEFAULTS =
      ProcessList.Entry.of("", SegmentationParameters.OFFICIAL, true, ContourTest.FOUR_PT);

  @TempDir Path folder;

  @Test
  void csvKeepsEveryValue() {
    TileGeometry geometry = new TileGeometry(1, 320, 256, 1280.1, 1024.3, Double.NaN);
    TileTable first =
        TileTable.of("a, \"b\"\nc", TileGrid.of(geometry, 0, 0, 1L << 50, -3))
            .with("blur", 1.0 / 3, Double.NaN)
            .with("fold", 1e-310, Double.POSITIVE_INFINITY);
    TileTable second =
        TileTable.of("d", TileGrid.of(new TileGeometry(0, 1, 1, 1, 1, 0.25), 5, 6))
            .with("white", 0.1);
    Path file = folder.resolve("t.csv");
    TileCsv.write(file, List.of(first, second));
    assertEquals(List.of(first, second), TileCsv.read(file));
    TileCsv.write(file, List.of());
    assertEquals(List.of(), TileCsv.read(file));
  }

  @Test
  void badTablesAreRefused() throws IOException {
    Path file = folder.resolve("bad.csv");
    for (String text :
        List.of(
            "",
            "slide,x\na,1\n",
            TileCsv.COLUMNS + "\na,b,0,0,1,1,1,1,1\n",
            TileCsv.COLUMNS + "\na,1,0\n")) {
      Files.writeString(file, text);
      assertThrows(TilingException.class, () -> TileCsv.read(file), text);
    }
    assertThrows(TilingException.class, () -> TileCsv.read(folder.resolve("none.csv")));
  }

  @Test
  void aMisspeltColumnOfAListIsRefused() throws IOException {
    Path file = folder.resolve("list.csv");
    for (String column : List.of("sthersh", "Sthresh", "seg-level", "max_n_hole", "use_paddding")) {
      Files.writeString(file, "slide_id," + column + "\na.svs,1\n");
      TilingException refused =
          assertThrows(TilingException.class, () -> ProcessList.read(file, DEFAULTS), column);
      assertTrue(refused.getMessage().contains("column '" + column + "'"), refused.getMessage());
    }
    for (String column : List.of("vis_level", "line_thickness", "label", "case_id", "notes")) {
      Files.writeString(file, "slide_id," + column + "\na.svs,1\n");
      assertEquals("1", ProcessList.read(file, DEFAULTS).get(0).other().get(column));
    }
  }

  @Test
  void readsAListAsClamWritesIt() throws IOException {
    Path file = folder.resolve("process_list_autogen.csv");
    Files.writeString(
        file,
        """
        slide_id,process,status,seg_level,sthresh,mthresh,close,use_otsu,keep_ids,exclude_ids,\
        a_t,a_h,max_n_holes,vis_level,line_thickness,use_padding,contour_fn
        a.svs,1,tbp,-1,8,7,4,False,none,none,100.0,16.0,8,-1,250,True,four_pt
        b.svs,0,processed,2,15,,4.0,TRUE,"0,2",1,16.0,4.0,8,2,100,FALSE,center
        """);
    List<ProcessList.Entry> entries = ProcessList.read(file, DEFAULTS);
    assertEquals(2, entries.size());
    assertTrue(entries.get(0).process());
    assertEquals(
        SegmentationParameters.OFFICIAL.withAreas(100, 16, 8), entries.get(0).segmentation());
    ProcessList.Entry second = entries.get(1);
    assertEquals("b.svs", second.slideId());
    assertFalse(second.process());
    assertEquals("processed", second.status());
    assertEquals(
        new SegmentationParameters(2, 15, 7, 4, true, 16, 4, 8, List.of(0, 2), List.of(1)),
        second.segmentation());
    assertFalse(second.usePadding());
    assertEquals(ContourTest.CENTER, second.contourTest());
    assertEquals("100", second.other().get("line_thickness"));
    Path copy = folder.resolve("copy.csv");
    ProcessList.write(copy, entries);
    assertEquals(entries, ProcessList.read(copy, DEFAULTS));
    assertTrue(Files.readString(copy).contains("True"));
  }

  @Test
  void missingColumnsTakeDefaults() throws IOException {
    Path file = Files.writeString(folder.resolve("short.csv"), "slide_id\nx.tif\n");
    TilingPreset preset = TilingPreset.of("bcnb");
    ProcessList.Entry defaults =
        ProcessList.Entry.of("", preset.segmentation(), preset.usePadding(), preset.contourTest());
    assertEquals(
        ProcessList.Entry.of("x.tif", preset.segmentation(), false, ContourTest.FOUR_PT),
        ProcessList.read(file, defaults).get(0));
    assertEquals("failed_seg", ProcessList.read(file, defaults).get(0).done("failed_seg").status());
  }

  @Test
  void badCellsAreNamed() throws IOException {
    Path file = folder.resolve("bad.csv");
    for (String row :
        List.of(
            "sthresh\na,x",
            "sthresh\na,1.5",
            "use_otsu\na,maybe",
            "keep_ids\na,1;2",
            "contour_fn\na,five_pt",
            "mthresh\na,-1")) {
      Files.writeString(file, "slide_id," + row + "\n");
      TilingException e =
          assertThrows(TilingException.class, () -> ProcessList.read(file, DEFAULTS), row);
      assertTrue(e.getMessage().contains("row 1"), e.getMessage());
    }
    Files.writeString(file, "a,slide_id\n3,x\n");
    assertThrows(TilingException.class, () -> ProcessList.read(file, DEFAULTS));
    Files.writeString(file, "name\nx\n");
    assertThrows(TilingException.class, () -> ProcessList.read(file, DEFAULTS));
  }
}
