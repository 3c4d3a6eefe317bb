package io.github.gpfm.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.gpfm.slideio.OpenSlideRuntime;
import io.github.gpfm.testkit.Fixtures;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Geometry and pixels that libopenslide gave, through {@code gpfm info} and {@code region}. */
class SlideCommandsParityTest {
  private static final Set<String> KEYS =
      Set.of(
          "reader",
          "vendor",
          "levels",
          "mppX",
          "mppY",
          "mppSource",
          "objectivePower",
          "iccProfileBytes",
          "backgroundColor",
          "bounds",
          "associatedImages",
          "properties");

  @TempDir Path folder;

  @TestFactory
  Stream<DynamicTest> openSlidesSlides() throws IOException {
    try (Stream<Path> files = Files.walk(Fixtures.data("slides"))) {
      return files
          .filter(file -> file.toString().endsWith(".json"))
          .filter(file -> Fixtures.json(file).has("opens"))
          .filter(file -> Fixtures.json(file).get("opens").getAsBoolean())
          .sorted()
          .toList()
          .stream()
          .map(json -> DynamicTest.dynamicTest(json.getFileName().toString(), () -> check(json)));
    }
  }

  private void check(Path jsonFile) throws IOException {
    assumeTrue(OpenSlideRuntime.failure().isEmpty(), "libopenslide is not installed");
    JsonObject expected = Fixtures.json(jsonFile);
    String slide = jsonFile.toString().replaceFirst("\\.json$", "");
    Path pictures = folder.resolve("associated");
    CommandRun run =
        CommandRun.of(
                "info",
                slide,
                "--json",
                "--reader",
                "openslide",
                "--associated",
                pictures.toString())
            .succeeded();
    JsonObject info = new Gson().fromJson(run.out(), JsonObject.class);
    assertEquals(KEYS, info.keySet());
    assertEquals("openslide", info.get("reader").getAsString());
    assertEquals(expected.get("vendor"), info.get("vendor"));
    JsonArray levels = info.getAsJsonArray("levels");
    assertEquals(expected.get("level_count").getAsInt(), levels.size());
    for (int i = 0; i < levels.size(); i++) {
      JsonObject level = levels.get(i).getAsJsonObject();
      JsonArray dimensions = expected.getAsJsonArray("level_dimensions").get(i).getAsJsonArray();
      assertEquals(dimensions.get(0).getAsLong(), level.get("width").getAsLong());
      assertEquals(dimensions.get(1).getAsLong(), level.get("height").getAsLong());
      assertEquals(
          expected.getAsJsonArray("level_downsamples").get(i).getAsDouble(),
          level.get("downsample").getAsDouble(),
          1e-9);
      JsonElement tileWidth =
          expected.getAsJsonObject("properties").get("openslide.level[" + i + "].tile-width");
      assertEquals(tileWidth == null, level.get("tileWidth").isJsonNull());
      if (tileWidth != null) {
        assertEquals(tileWidth.getAsInt(), level.get("tileWidth").getAsInt());
      }
    }
    if (expected.get("mpp_x").isJsonNull()) {
      assertTrue(info.get("mppX").isJsonNull() == info.get("mppSource").isJsonNull(), run.out());
    } else {
      assertEquals(expected.get("mpp_x").getAsDouble(), info.get("mppX").getAsDouble(), 1e-6);
      assertEquals(expected.get("mpp_y").getAsDouble(), info.get("mppY").getAsDouble(), 1e-6);
    }
    Set<String> associated = new TreeSet<>();
    info.getAsJsonArray("associatedImages").forEach(name -> associated.add(name.getAsString()));
    assertEquals(expected.getAsJsonObject("associated_images").keySet(), associated);
    String recordedWith = expected.get("reference_reader").getAsString();
    if (!recordedWith.endsWith(" " + OpenSlideRuntime.version().orElse(""))) {
      return; // Another OpenSlide decodes with other libraries.
    }
    for (String name : associated) {
      JsonObject recorded = expected.getAsJsonObject("associated_images").getAsJsonObject(name);
      assertEquals(
          recorded.get("sha256_rgba").getAsString(),
          sha256(ImageIO.read(pictures.resolve(name + ".png").toFile())));
    }
    for (JsonElement element : expected.getAsJsonArray("regions")) {
      JsonObject region = element.getAsJsonObject();
      if (!region.has("error") && !narrowerThanItsTiles(info, region.get("level").getAsInt())) {
        checkRegion(slide, region);
      }
    }
  }

  /** There OpenSlide 3.4.1 returns uninitialised memory with some versions of libtiff. */
  private static boolean narrowerThanItsTiles(JsonObject info, int level) {
    JsonElement tileWidth =
        info.getAsJsonObject("properties").get("openslide.level[" + level + "].tile-width");
    long width =
        info.getAsJsonArray("levels").get(level).getAsJsonObject().get("width").getAsLong();
    return tileWidth != null && tileWidth.getAsLong() > width;
  }

  private void checkRegion(String slide, JsonObject region) throws IOException {
    Path png = folder.resolve("region.png");
    CommandRun.of(
            "region",
            slide,
            region.get("x").getAsString(),
            region.get("y").getAsString(),
            region.get("level").getAsString(),
            region.get("w").getAsString(),
            region.get("h").getAsString(),
            "--reader",
            "openslide",
            "--out",
            png.toString())
        .succeeded();
    assertEquals(
        region.get("sha256_rgba").getAsString(),
        sha256(ImageIO.read(png.toFile())),
        region.toString());
  }

  private static String sha256(BufferedImage image) {
    byte[] rgba = new byte[4 * image.getWidth() * image.getHeight()];
    int at = 0;
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        int argb = image.getRGB(x, y);
        rgba[at++] = (byte) (argb >> 16);
        rgba[at++] = (byte) (argb >> 8);
        rgba[at++] = (byte) argb;
        rgba[at++] = (byte) (argb >>> 24);
      }
    }
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(rgba));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
