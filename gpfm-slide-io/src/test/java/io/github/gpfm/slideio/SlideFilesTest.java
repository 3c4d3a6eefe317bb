package io.github.gpfm.slideio;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The files that an OME slide is made of. */
class SlideFilesTest {
  private static final String ENTRY = "<UUID FileName=\"%s\">urn:uuid:1</UUID>";

  @TempDir Path folder;

  /** A directory with a size and a description, and no pixels. */
  private Path tiff(String name, String description) throws IOException {
    byte[] text = (description + "\0").getBytes(StandardCharsets.US_ASCII);
    int entries = 3;
    int after = 8 + 2 + 12 * entries + 4;
    ByteBuffer bytes = ByteBuffer.allocate(after + text.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.put(new byte[] {'I', 'I', 42, 0}).putInt(8).putShort((short) entries);
    bytes.putShort((short) 256).putShort((short) 4).putInt(1).putInt(16);
    bytes.putShort((short) 257).putShort((short) 4).putInt(1).putInt(16);
    bytes.putShort((short) 270).putShort((short) 2).putInt(text.length).putInt(after);
    bytes.putInt(0).put(text);
    return Files.write(folder.resolve(name), bytes.array());
  }

  private static List<String> names(Path slide) {
    return SlideFiles.of(slide).files().stream().map(f -> f.getFileName().toString()).toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.ome.tif", "a.ome.tiff", "a.ome.tf2", "a.ome.tf8", "a.ome.btf"})
  void anOmeTiffNamesItsFilesWhateverItsExtension(String name) throws IOException {
    tiff("b.ome.tif", "");
    Path slide = tiff(name, "<OME>" + ENTRY.formatted("b.ome.tif") + "</OME>");
    assertEquals(List.of(name, "b.ome.tif"), names(slide));
  }

  @Test
  void aFileOfItsOwnNamesTheOthers() throws IOException {
    tiff("b.ome.tif", "");
    Path slide = tiff("a.ome.tif", "<OME><BinaryOnly MetadataFile=\"a.companion.ome\"/></OME>");
    Path companion =
        Files.writeString(
            folder.resolve("a.companion.ome"),
            Stream.of("a.ome.tif", "b.ome.tif", "a.companion.ome")
                .map(ENTRY::formatted)
                .reduce("<OME>", String::concat));
    List<String> all = List.of("a.companion.ome", "a.ome.tif", "b.ome.tif");
    assertEquals(all, names(slide));
    assertEquals(all, names(companion));
  }
}
