package io.github.gpfm.slideio.bioformats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.api.SlideFormatException;
import io.github.gpfm.api.SlideOpenResult;
import io.github.gpfm.api.SlideOptions;
import io.github.gpfm.slideio.Slides;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How the adapter behaves without the library, and its settings. */
class BioFormatsProviderTest {
  private static final Duration WAIT = Duration.ofSeconds(60);

  @TempDir Path folder;

  private static void needsAbsence() {
    Assumptions.assumeTrue(
        BioFormatsProviderTest.class.getResource("/loci/formats/ImageReader.class") == null,
        "Bio-Formats is on the class path");
  }

  @Test
  void itIsFoundAndTriedLast() {
    assertTrue(Slides.readers().contains(BioFormatsProvider.NAME));
    assertEquals(BioFormatsProvider.NAME, Slides.readers().get(Slides.readers().size() - 1));
  }

  @Test
  void withoutTheLibraryItTellsWhatToAdd() throws IOException {
    needsAbsence();
    Path file = Files.writeString(folder.resolve("no.slide"), "no slide at all");
    SlideOpenResult result = new BioFormatsProvider().open(file, SlideOptions.DEFAULT);
    String reason = assertInstanceOf(SlideOpenResult.Declined.class, result).reason();
    assertTrue(reason.contains("ome:formats-bsd") && reason.contains("ome:formats-gpl"), reason);
    assertTrue(reason.contains("OME's Maven repository") && reason.contains("GPL"), reason);
    assertFalse(reason.contains("http"), reason);

    SlideFormatException error =
        assertThrows(SlideFormatException.class, () -> Slides.open(file).close());
    assertTrue(error.getMessage().contains("bioformats: " + reason), error.getMessage());
  }

  @Test
  void byDefaultThereIsAReaderForEachProcessorAndNoMemo() {
    BioFormatsSettings settings = BioFormatsSettings.fromSystemProperties();
    assertEquals(Runtime.getRuntime().availableProcessors(), settings.maxReaders());
    assertTrue(settings.memoFolder().isEmpty());
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-2", "many"})
  void aWrongNumberOfReadersIsNamed(String value) {
    System.setProperty(BioFormatsSettings.READERS_PROPERTY, value);
    try {
      InvalidOptionException error =
          assertThrows(InvalidOptionException.class, BioFormatsSettings::fromSystemProperties);
      assertTrue(error.getMessage().contains(BioFormatsSettings.READERS_PROPERTY));
      assertTrue(error.getMessage().contains(value), error.getMessage());
    } finally {
      System.clearProperty(BioFormatsSettings.READERS_PROPERTY);
    }
  }

  @Test
  void memoFilesNeverLieBesideSlides() {
    Path root = folder.toAbsolutePath().getRoot();
    InvalidOptionException error =
        assertThrows(
            InvalidOptionException.class, () -> new BioFormatsSettings(1, Optional.of(root), WAIT));
    assertTrue(error.getMessage().contains(BioFormatsSettings.MEMO_PROPERTY));
    assertThrows(
        InvalidOptionException.class,
        () -> new BioFormatsSettings(1, Optional.of(root.resolve("a").resolve("..")), WAIT));
    assertEquals(
        folder, new BioFormatsSettings(1, Optional.of(folder), WAIT).memoFolder().orElseThrow());
  }
}
