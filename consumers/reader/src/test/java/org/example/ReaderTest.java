package org.example;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.gpfm.api.Slide;
import io.github.gpfm.api.SlideFormatException;
import io.github.gpfm.slideio.Slides;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReaderTest {
  @TempDir Path folder;

  @Test
  void isFoundBesideOneThatCannotBeLoadedAndOneThatFails() throws Exception {
    assertTrue(Slides.readers().contains("chess"));
    Path file = Files.writeString(folder.resolve("board.chess"), "chess");
    try (Slide slide = Slides.open(file)) {
      assertEquals("chess", slide.reader());
      assertEquals(0xff000000, slide.readRegion(64, 0, 0, 1, 1).getRGB(0, 0));
    }
  }

  @Test
  void whatFailedIsNamedWhereNothingOpens() throws Exception {
    Path file = Files.writeString(folder.resolve("board.draughts"), "draughts");
    SlideFormatException e = assertThrows(SlideFormatException.class, () -> Slides.open(file));
    assertTrue(e.getMessage().contains("org.example.ReaderOfAMissingJar"), e.getMessage());
    assertTrue(e.getMessage().contains("not today"), e.getMessage());
  }
}
