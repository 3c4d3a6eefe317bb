package io.github.gpfm.slideio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.api.Slide;
import io.github.gpfm.api.SlideException;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Folders in lists of slides, and slides that change while they are read. */
class SlideFoldersTest {
  @TempDir Path folder;

  @Test
  void aFolderIsItsSlidesAndPictures() throws IOException {
    for (String name :
        List.of("b.svs", "a.TIF", "p.png", "._b.svs", ".hidden.svs", "notes.txt", "m.mrxs")) {
      file(name);
    }
    file("m/Slidedat.ini");
    file("m/preview.jpg");
    file("sub/c.svs");
    file("sub/deep/d.ndpi");
    Files.createDirectories(folder.resolve("1.2.3"));
    Files.write(folder.resolve("1.2.3/x.dcm"), TestDicom.tiled(false));
    assertEquals(
        List.of("1.2.3", "a.TIF", "b.svs", "m.mrxs", "p.png"),
        names(SlideFolders.DEFAULT.expand(List.of(folder))));
    assertEquals(
        List.of("1.2.3", "a.TIF", "b.svs", "m.mrxs", "p.png", "sub/c.svs", "sub/deep/d.ndpi"),
        names(new SlideFolders(true, Optional.empty()).expand(List.of(folder))));
    assertEquals(
        List.of("b.svs", "sub/c.svs"),
        names(new SlideFolders(true, Optional.of("*.svs")).expand(List.of(folder))));
    // A DICOM folder is a slide, a file what it is, and nothing is there twice.
    Path dicom = folder.resolve("1.2.3");
    Path text = folder.resolve("notes.txt");
    assertEquals(List.of(dicom, text), SlideFolders.DEFAULT.expand(List.of(dicom, text, dicom)));
  }

  @Test
  void aFolderWithoutSlidesIsAnError() throws IOException {
    file("sub/c.svs");
    String message =
        assertThrows(
                InvalidOptionException.class, () -> SlideFolders.DEFAULT.expand(List.of(folder)))
            .getMessage();
    assertTrue(message.contains("recursive"), message);
    assertThrows(InvalidOptionException.class, () -> new SlideFolders(false, Optional.of("[")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"replaced", "vanished", "written"})
  void aSlideThatChangesWhileItIsReadIsAnError(String how) throws IOException {
    Path path = picture("a.tif", 1);
    Path other = picture("b.tif", 2);
    try (Slide slide = Slides.open(path)) {
      slide.readRegion(0, 0, 0, 64, 64);
      switch (how) {
        case "replaced" -> Files.move(other, path, StandardCopyOption.REPLACE_EXISTING);
        case "vanished" -> Files.delete(path);
        default -> Files.write(path, new byte[10]);
      }
      SlideException error =
          assertThrows(SlideException.class, () -> slide.readRegion(64, 64, 0, 64, 64));
      assertTrue(error.getMessage().contains("a.tif"), error.getMessage());
    }
  }

  private Path picture(String name, int seed) {
    TestTiff tiff = new TestTiff(ByteOrder.LITTLE_ENDIAN, false);
    tiff.directory().rgb(TestTiff.picture(300, 200, seed), 300, 200, 64, true, TestTiff.DEFLATE);
    return tiff.write(folder.resolve(name));
  }

  private List<String> names(List<Path> paths) {
    return paths.stream().map(path -> folder.relativize(path).toString()).sorted().toList();
  }

  private void file(String name) throws IOException {
    Path path = folder.resolve(name);
    Files.createDirectories(path.getParent());
    Files.writeString(path, "x");
  }
}
