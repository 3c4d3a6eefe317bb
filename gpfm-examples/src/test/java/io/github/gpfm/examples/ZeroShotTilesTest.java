package io.github.gpfm.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.gpfm.api.SlideFeatures;
import io.github.gpfm.api.TextEncoder;
import io.github.gpfm.encoder.text.ZeroShotClasses;
import io.github.gpfm.encoder.text.ZeroShotClassifier;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ZeroShotTilesTest {
  @TempDir Path folder;

  /** Knows two words, at right angles. */
  private static final class TwoWords implements TextEncoder {
    @Override
    public String name() {
      return "words";
    }

    @Override
    public String imageFeature() {
      return "projected-class-token";
    }

    @Override
    public int dimension() {
      return 2;
    }

    @Override
    public double scale() {
      return 10;
    }

    @Override
    public String weightsSha256() {
      return "";
    }

    @Override
    public List<float[]> embed(List<String> texts) {
      return texts.stream()
          .map(text -> text.contains("tumor") ? new float[] {1, 0} : new float[] {0, 1})
          .toList();
    }

    @Override
    public void close() {
      // Nothing is held.
    }
  }

  private static ZeroShotTiles tiles(ZeroShotClassifier classifier, SlideFeatures features) {
    return new ZeroShotTiles(classifier, features, classifier.cosines(features));
  }

  private static ZeroShotClassifier classifier() {
    Map<String, List<String>> classes = new LinkedHashMap<>();
    classes.put("tumor, any", List.of("tumor"));
    classes.put("normal", List.of("normal"));
    return ZeroShotClassifier.of(new TwoWords(), new ZeroShotClasses(List.of("{}"), classes));
  }

  @Test
  void everyTileHasARowAndACell() throws IOException {
    SlideFeatures features =
        SlideFeatures.builder("slide", 2, new float[] {3, 0, 0, 2})
            .coords(0, 0, 512, 256)
            .level0Size(256)
            .encoder("words")
            .build();
    ZeroShotTiles tiles = tiles(classifier(), features);
    List<String> lines = tiles.csv().lines().toList();
    assertEquals("tile,x,y,class,\"tumor, any\",normal", lines.get(0));
    assertEquals("0,0,0,\"tumor, any\",0.999955,0.000045", lines.get(1));
    assertEquals("1,512,256,normal,0.000045,0.999955", lines.get(2));
    Path file = folder.resolve("map.png");
    tiles.writeMap(file);
    BufferedImage map = ImageIO.read(file.toFile());
    assertEquals(0xffffff, map.getRGB(12, 4) & 0xffffff);
    assertTrue((map.getRGB(4, 4) & 0xffffff) != (map.getRGB(20, 12) & 0xffffff));
    assertTrue((map.getRGB(20, 12) & 0xffffff) != 0xffffff);
    assertEquals("normal 0.800, tumor, any 0.200", tiles.describe(new double[] {0.2, 0.8}));
  }

  @Test
  void withoutPlacesThereIsNoMap() {
    SlideFeatures features =
        SlideFeatures.builder("slide", 2, new float[] {3, 0}).encoder("words").build();
    ZeroShotTiles tiles = tiles(classifier(), features);
    Path file = folder.resolve("none.png");
    tiles.writeMap(file);
    assertTrue(Files.notExists(file));
    assertEquals("0,,,\"tumor, any\",0.999955,0.000045", tiles.csv().lines().toList().get(1));
  }

  @Test
  void optionsThatContradictAreRefused() {
    CommandRun none = CommandRun.of("zeroshot", "f.h5", "--weights", "w.bin");
    assertEquals(2, none.exitCode());
    CommandRun noOut =
        CommandRun.of("zeroshot", "f.h5", "--weights", "w.bin", "--classes", "c.yaml");
    assertEquals(2, noOut.exitCode());
    assertTrue(noOut.err().contains("--out"), noOut.err());
  }
}
