package io.github.gpfm.eval.bench;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.gpfm.api.ProgressListener;
import io.github.gpfm.encoder.weights.Safetensors;
import io.github.gpfm.encoder.weights.WeightTensor;
import io.github.gpfm.eval.EvaluationException;
import io.github.gpfm.eval.data.FeatureFusion;
import io.github.gpfm.eval.data.LabelledFeatures;
import io.github.gpfm.eval.linalg.Matrix;
import io.github.gpfm.support.FileHashes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tiles of two encoders as one's: by their names, or by the rows of files that name none. */
class FusedTilesTest {
  @TempDir private Path folder;

  private final List<String> notes = new ArrayList<>();

  private LabelledFeatures join(LabelledFeatures one, LabelledFeatures other) {
    Map<String, LabelledFeatures> all = new LinkedHashMap<>();
    all.put("uni", one);
    all.put("gpfm", other);
    return FusedTiles.join("both", all, FeatureFusion.CONCATENATION, notes::add);
  }

  private static LabelledFeatures tiles(int width, int first, List<String> classes, String... ids) {
    Matrix features = Matrix.zeros(ids.length, width);
    int[] labels = new int[ids.length];
    for (int i = 0; i < ids.length; i++) {
      labels[i] = classes.indexOf(ids[i].substring(0, 1));
      for (int d = 0; d < width; d++) {
        features.set(i, d, first + i);
      }
    }
    return new LabelledFeatures("tiles", List.of(ids), features, labels, classes);
  }

  @Test
  void byName() {
    // The second numbers its classes otherwise; their names count.
    LabelledFeatures one = tiles(1, 10, List.of("a", "b"), "a0", "b1", "b2");
    LabelledFeatures other = tiles(2, 20, List.of("b", "a"), "b2", "a0");
    LabelledFeatures both = join(one, other);
    assertEquals(List.of("a0", "b2"), both.ids());
    assertArrayEquals(new float[] {10, 21, 21, 12, 20, 20}, both.features().values());
    assertArrayEquals(new int[] {0, 1}, both.labels());
    assertEquals(
        List.of(
            "2 tiles of 'both' are those that all fused encoders share, of 3 of 'uni', 2 of 'gpfm'; the others were left out"),
        notes);
    notes.clear();
    join(one, one);
    assertEquals(List.of(), notes);
    Map<String, LabelledFeatures> all = Map.of("uni", one, "gpfm", other);
    assertThrows(
        EvaluationException.class,
        () -> FusedTiles.join("both", all, FeatureFusion.SHAZAM, notes::add));
  }

  @Test
  void anotherClassOfOneTileIsAnError() {
    LabelledFeatures one = tiles(1, 10, List.of("a", "b"), "a0", "b1");
    LabelledFeatures other =
        new LabelledFeatures(
            "tiles", one.ids(), one.features(), new int[] {0, 0}, List.of("a", "b"));
    EvaluationException e = assertThrows(EvaluationException.class, () -> join(one, other));
    String expected =
        "tile 'b1' of 'both' is of class 'b' with encoder 'uni' and of class 'a' with encoder 'gpfm'";
    assertTrue(e.getMessage().startsWith(expected), e.getMessage());
  }

  @Test
  void encodersWithoutACommonTileAreRefused() {
    LabelledFeatures one = tiles(1, 10, List.of("a", "b"), "a0", "b1");
    LabelledFeatures other = tiles(1, 10, List.of("a", "b"), "a2");
    EvaluationException e = assertThrows(EvaluationException.class, () -> join(one, other));
    assertTrue(e.getMessage().contains("share no tile of 'both'; they have 2"), e.getMessage());
  }

  private void side(String encoder, String side, float[] features, long... labels)
      throws IOException {
    Files.createDirectories(folder.resolve(encoder));
    long n = labels.length;
    Safetensors.write(
        folder.resolve(encoder).resolve(side + ".safetensors"),
        List.of(
            WeightTensor.ofFloats("feature", List.of(n, 1L), features),
            WeightTensor.ofLongs("label", List.of(n), labels)),
        Map.of());
  }

  private RoiData load() throws IOException {
    Path file = folder.resolve("c.yaml");
    Files.writeString(
        file,
        """
        protocol: official
        encoders:
          - {name: uni, features: uni}
          - {name: gpfm, features: gpfm}
          - {name: both, fuse: [uni, gpfm]}
        tasks: [{name: t, type: roi-classification}]
        """);
    BenchConfig config = BenchConfig.read(file);
    return RoiData.load(
        new TaskRunner.Run(
            config,
            config.tasks().get(0),
            config.encoders().get(2),
            0,
            ProgressListener.NONE,
            FileHashes.inMemory(),
            Optional.empty(),
            Optional.empty()));
  }

  private void refused(String expected) {
    EvaluationException e = assertThrows(EvaluationException.class, this::load);
    assertTrue(e.getMessage().contains(expected), e.getMessage());
  }

  @Test
  void byRow() throws IOException {
    for (String encoder : List.of("uni", "gpfm")) {
      for (String side : List.of("train", "val", "test")) {
        side(encoder, side, new float[] {1, 2, 3, 4}, 0, 1, 0, 1);
      }
    }
    assertEquals(List.of(), load().notes());
    side("gpfm", "train", new float[] {1, Float.NaN, 3, 4}, 0, 1, 0, 1);
    RoiData data = load();
    assertArrayEquals(new float[] {1, 1, 3, 3, 4, 4}, data.train().features().values());
    String notes = String.join("\n", data.notes());
    assertTrue(notes.contains("3 tiles of 'train'") && notes.contains("of 4 of 'uni', 3"), notes);
    side("gpfm", "train", new float[] {1, 2, 3, 4}, 0, 1, 1, 0);
    refused("tile 'train/2' of 'train' is of class '0' with encoder 'uni' and of class '1'");
    side("gpfm", "train", Arrays.copyOf(new float[] {1, 2, 3, 4}, 5), 0, 1, 0, 1, 1);
    refused("'train' have different numbers of tiles, which are paired by row: 4 of 'uni', 5");
    side("gpfm", "train", new float[] {1, 2, 3, 4}, 0, 1, 0, 1);
    Files.delete(folder.resolve("gpfm/test.safetensors"));
    refused("encoder 'gpfm' has no '");
    Files.delete(folder.resolve("uni/test.safetensors"));
    assertEquals(4, load().report().size());
  }
}
