package io.github.gpfm.tiling.format;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The names results are kept under. */
class SlideNameTest {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "a.svs, a",
    "a.b.SVS, a.b",
    "x.ome.tif, x.ome",
    "TCGA.0001, TCGA.0001",
    "TCGA.0001.svs, TCGA.0001",
    "1.2.840.113619.7.1, 1.2.840.113619.7.1",
    "tile.png, tile",
    "slide.h5, slide",
    "plain, plain",
    ".svs, .svs"
  })
  void filesLoseAKnownExtension(String file, String name) {
    assertEquals(name, SlideName.of(Path.of("folder", file)));
  }

  @Test
  void foldersKeepTheirWholeName() throws IOException {
    for (String name : new String[] {"1.2.840.113619.7.1", "case.svs"}) {
      assertEquals(name, SlideName.of(Files.createDirectory(folder.resolve(name))));
    }
  }
}
