package io.github.gpfm.spark.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.spark.rows.SlideRow;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.util.SerializableConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SlideListingTest {
  @TempDir Path folder;

  private final SlideListing listing = new SlideListing(new HadoopFiles(configuration()));

  private static SerializableConfiguration configuration() {
    Configuration configuration = new Configuration(false);
    configuration.set("fs.far.impl", "io.github.gpfm.spark.FarFileSystem");
    configuration.set("fs.file.impl", "org.apache.hadoop.fs.LocalFileSystem");
    return new SerializableConfiguration(configuration);
  }

  private List<String> names(String... paths) {
    return listing.rows(List.of(paths)).stream().map(SlideRow::getName).toList();
  }

  @Test
  void localNamesMayHaveSpacesAndLettersBeyondAscii() throws IOException {
    Charset names = Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));
    String name = names.newEncoder().canEncode('ü') ? "my 100% slide ü" : "my 100% slide";
    Path slide = folder.resolve(name + ".tif");
    Files.write(slide, new byte[7]);
    SlideRow row = listing.rows(List.of(folder.toString())).get(0);
    assertEquals(name, row.getName());
    assertEquals(slide.toString(), row.getPath());
    assertEquals(7, row.getBytes());
    assertEquals(Files.getLastModifiedTime(slide).toMillis(), row.getModified());
  }

  @Test
  void aFarFolderOfDicomFilesIsOneSlide() throws IOException {
    Path series = Files.createDirectories(folder.resolve("all/series"));
    for (String name : List.of("1.dcm", "2.DCM", "._1.dcm")) {
      Files.write(series.resolve(name), new byte[10]);
    }
    Files.write(folder.resolve("all/a.tif"), new byte[5]);
    Files.createDirectory(folder.resolve("all/empty"));
    String far = "far://" + folder + "/all";
    assertEquals(List.of("a", "series"), names(far));
    assertEquals(List.of("series"), names(far + "/ser*"));
    assertEquals(30, listing.rows(List.of(far + "/series")).get(0).getBytes());
    String message =
        assertThrows(InvalidOptionException.class, () -> names(far + "/series/1.dcm")).getMessage();
    assertTrue(message.contains("name its folder"), message);
    assertTrue(message.contains("all/series"), message);
  }
}
