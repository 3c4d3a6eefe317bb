package io.github.gpfm.slideio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.gpfm.api.GpfmException;
import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.api.MppUnknownException;
import io.github.gpfm.api.Slide;
import io.github.gpfm.api.SlideException;
import io.github.gpfm.api.SlideFormatException;
import io.github.gpfm.api.SlideOptions;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@link Slides#open} says when a slide cannot be opened: one sentence each. */
class SlidesTest {
  @TempDir Path folder;

  @Test
  void missingFileIsNamed() {
    Path missing = folder.resolve("none.svs");
    assertSentence(assertThrows(SlideException.class, () -> Slides.open(missing)), missing);
  }

  @Test
  void emptyFileIsNamed() throws IOException {
    Path empty = Files.createFile(folder.resolve("empty.svs"));
    assertSentence(assertThrows(SlideFormatException.class, () -> Slides.open(empty)), empty);
  }

  @Test
  void folderWithoutSlideIsDeclinedByEveryReader() {
    SlideFormatException error =
        assertThrows(SlideFormatException.class, () -> Slides.open(folder));
    assertSentence(error, folder);
    assertNamesEveryReader(error);
  }

  @Test
  void textNamedSvsIsDeclinedByEveryReader() throws IOException {
    Path text = Files.writeString(folder.resolve("text.svs"), "This is not a slide.\n".repeat(40));
    SlideFormatException error = assertThrows(SlideFormatException.class, () -> Slides.open(text));
    assertSentence(error, text);
    assertNamesEveryReader(error);
  }

  @Test
  void unknownReaderIsAUsageErrorThatListsTheReaders() throws IOException {
    Path text = Files.writeString(folder.resolve("text.svs"), "text");
    InvalidOptionException error =
        assertThrows(InvalidOptionException.class, () -> Slides.open(text, "nosuch"));
    assertNamesEveryReader(error);
    assertTrue(error.getMessage().contains("nosuch"));
  }

  @Test
  void chosenReaderThatDeclinesNamesTheOthersAndTheFileOnce() throws IOException {
    Path text = Files.writeString(folder.resolve("text.svs"), "This is not a slide.");
    SlideFormatException error =
        assertThrows(SlideFormatException.class, () -> Slides.open(text, "builtin"));
    assertSentence(error, text);
    assertNamesEveryReader(error);
    String message = error.getMessage();
    assertEquals(message.indexOf(text.toString()), message.lastIndexOf(text.toString()), message);
  }

  @Test
  void slideWithoutResolutionNamesTheOverride() {
    try (Slide slide = new MemorySlide(10, 10, 0, Map.of())) {
      MppUnknownException error = assertThrows(MppUnknownException.class, slide::requireMpp);
      assertSentence(error, slide.path());
      assertTrue(error.getMessage().contains("SlideOptions.withMpp"), error.getMessage());
      assertEquals(List.of("SlideOptions.mpp"), error.parameters());
    }
  }

  @Test
  void seriesOfAFileWithOneImageIsRefused() {
    TestTiff tiff = new TestTiff(ByteOrder.LITTLE_ENDIAN, false);
    tiff.directory().rgb(TestTiff.picture(80, 60, 1), 80, 60, 64, true, TestTiff.NONE);
    Path file = tiff.write(folder.resolve("one.tif"));
    Slides.open(file, SlideOptions.DEFAULT.withSeries(0)).close();
    SlideFormatException error =
        assertThrows(
            SlideFormatException.class,
            () -> Slides.open(file, SlideOptions.DEFAULT.withSeries(3)));
    assertSentence(error, file);
    assertTrue(error.getMessage().contains("series 3 is asked for"), error.getMessage());
  }

  @Test
  void anArrayOfAnotherLengthThanTheRegionIsRefused() {
    TestTiff tiff = new TestTiff(ByteOrder.LITTLE_ENDIAN, false);
    tiff.directory().rgb(TestTiff.picture(80, 60, 1), 80, 60, 64, true, TestTiff.NONE);
    try (Slide slide = Slides.open(tiff.write(folder.resolve("array.tif")))) {
      for (int length : new int[] {0, 99, 101}) {
        IllegalArgumentException error =
            assertThrows(
                IllegalArgumentException.class,
                () -> slide.readRegion(0, 0, 0, 10, 10, new int[length]));
        assertEquals("argb must have 100 elements, not " + length, error.getMessage());
      }
    }
  }

  @Test
  void openslideComesFirst() {
    assertEquals("openslide", Slides.readers().get(0));
  }

  private static void assertNamesEveryReader(GpfmException error) {
    for (String reader : Slides.readers()) {
      assertTrue(error.getMessage().contains(reader), error.getMessage());
    }
  }

  private static void assertSentence(SlideException error, Path path) {
    String message = error.getMessage();
    assertTrue(message.contains(path.toString()), message);
    assertTrue(message.endsWith("."), message);
    assertFalse(message.contains("\n"), message);
    assertEquals(path, error.path());
  }
}
