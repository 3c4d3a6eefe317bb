package io.github.gpfm.examples;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.gpfm.api.Embeddings;
import io.github.gpfm.api.Provenance;
import io.github.gpfm.encoder.features.FeatureFormat;
import io.github.gpfm.encoder.features.FeatureHeader;
import io.github.gpfm.encoder.features.FeatureReader;
import io.github.gpfm.encoder.features.FeatureWriter;
import io.github.gpfm.encoder.weights.Safetensors;
import io.github.gpfm.encoder.weights.WeightTensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbedSlideCommandTest {
  private static final int TILES = 5;
  private static final int DIMENSION = 768;

  @TempDir Path folder;

  private Path tiles(String name, String encoder, double mpp) {
    Path file = folder.resolve("features").resolve(name);
    long[] coords = new long[2 * TILES];
    float[] values = new float[TILES * DIMENSION];
    for (int i = 0; i < values.length; i++) {
      values[i] = (i % 7) + i / DIMENSION;
    }
    Map<String, String> entries =
        encoder.isEmpty() ? Map.of() : Map.of("encoder", encoder, "tokens", "CLASS_TOKEN");
    FeatureHeader header =
        new FeatureHeader(
            name,
            encoder,
            0,
            DIMENSION,
            coords,
            new TreeMap<>(
                Map.of("gpfm_level0_size", 512.0, "gpfm_mpp", mpp, "gpfm_tile_size", 256L)),
            new Provenance("test", Instant.EPOCH, entries));
    try (FeatureWriter writer = FeatureFormat.HDF5.create(file, header)) {
      writer.write(0, Embeddings.of(TILES, DIMENSION, values));
      writer.commit();
    }
    return file;
  }

  /** Weights that look at nothing: every tile weighs the same. */
  private Path chief() {
    List<WeightTensor> tensors = new ArrayList<>();
    add(tensors, "attention_net.0", 512, 768);
    add(tensors, "attention_net.3.attention_a.0", 256, 512);
    add(tensors, "attention_net.3.attention_b.0", 256, 512);
    add(tensors, "attention_net.3.attention_c", 1, 256);
    add(tensors, "classifiers", 2, 512);
    Path file = folder.resolve("CHIEF_pretraining.safetensors");
    Safetensors.write(file, tensors, Map.of());
    return file;
  }

  private static void add(List<WeightTensor> tensors, String name, long out, long in) {
    tensors.add(
        WeightTensor.ofFloats(name + ".weight", List.of(out, in), new float[(int) (out * in)]));
    tensors.add(WeightTensor.ofFloats(name + ".bias", List.of(out), new float[(int) out]));
  }

  private static float[] row(Path file) {
    try (FeatureReader reader = FeatureReader.openVectors(file)) {
      assertEquals(1, reader.rows());
      return reader.read(0, 1);
    }
  }

  @Test
  void aSlidesFeatureIsWrittenOnceAndSaysWhatItIsOf() throws IOException {
    Path input = tiles("a.h5", "chief", 1.0);
    tiles("b.h5", "chief", 1.05);
    Path weights = chief();
    Path out = folder.resolve("slides");
    String[] command = {
      "embed-slide",
      input.getParent().toString(),
      "--slide-encoder",
      "chief",
      "--weights",
      weights.toString(),
      "--out",
      out.toString()
    };
    CommandRun run = CommandRun.of(command);
    assertEquals(0, run.exitCode(), run.err());
    float[] feature = row(out.resolve("a.h5"));
    float[] mean = new float[DIMENSION];
    for (int i = 0; i < DIMENSION; i++) {
      for (int tile = 0; tile < TILES; tile++) {
        mean[i] += ((tile * DIMENSION + i) % 7 + tile) / (float) TILES;
      }
    }
    assertArrayEquals(mean, feature, 1e-5f);
    try (FeatureReader reader = FeatureReader.open(out.resolve("b.h5"))) {
      Map<String, String> entries = reader.provenance().orElseThrow().entries();
      assertEquals("chief", entries.get("slide_encoder"));
      assertEquals("chief", entries.get("tiles.encoder"));
      assertEquals(64, entries.getOrDefault("tiles.sha256", "").length());
    }
    CommandRun again = CommandRun.of(command);
    assertEquals(2, again.out().lines().filter(line -> line.contains("skipped")).count());
    tiles("a.h5", "ctranspath", 1.0);
    assertFalse(CommandRun.of(command).out().contains("a.h5: there already"));

    CommandRun average =
        CommandRun.of(
            "embed-slide",
            input.toString(),
            "--slide-encoder",
            "mean",
            "--out",
            folder.resolve("mean").toString());
    assertEquals(0, average.exitCode(), average.err());
    assertArrayEquals(mean, row(folder.resolve("mean/a.h5")), 1e-5f);
  }

  @Test
  void tilesOfAnotherKindAreRefusedByName() {
    String weights = chief().toString();
    refused(weights, tiles("a.h5", "phikon", 1.0), "phikon", "ctranspath");
    refused(weights, tiles("b.h5", "chief", 0.5), "256 pixels at 1.0 um", "0.5 um");
    refused(weights, tiles("c.h5", "", 1.0), "do not say their patch encoder");
    Path silent = tiles("d.h5", "", 1.0);
    CommandRun stated =
        CommandRun.of(
            "embed-slide",
            silent.toString(),
            "--slide-encoder",
            "chief",
            "--weights",
            weights,
            "--patch-encoder",
            "ctranspath",
            "--out",
            folder.resolve("s").toString());
    assertEquals(0, stated.exitCode(), stated.err());
    CommandRun contradicted =
        CommandRun.of(
            "embed-slide",
            silent.toString(),
            "--slide-encoder",
            "chief",
            "--weights",
            weights,
            "--patch-encoder",
            "ctranspath",
            "--tile-mpp",
            "0.5",
            "--out",
            folder.resolve("s").toString(),
            "--overwrite");
    assertEquals(1, contradicted.exitCode());
    assertTrue(contradicted.err().contains("--tile-mpp is 0.5"), contradicted.err());
  }

  private void refused(String weights, Path tiles, String... words) {
    Path out = folder.resolve("refused");
    CommandRun run =
        CommandRun.of(
            "embed-slide",
            tiles.toString(),
            "--slide-encoder",
            "chief",
            "--weights",
            weights,
            "--out",
            out.toString());
    assertEquals(1, run.exitCode());
    for (String word : words) {
      assertTrue(run.err().contains(word), run.err());
    }
    assertFalse(Files.exists(out.resolve(tiles.getFileName())));
  }

  @Test
  void tileFeaturesAreNotWrittenOver() {
    Path input = tiles("a.h5", "chief", 1.0);
    CommandRun run =
        CommandRun.of(
            "embed-slide",
            input.toString(),
            "--slide-encoder",
            "mean",
            "--out",
            String.valueOf(input.getParent()));
    assertEquals(1, run.exitCode());
    assertTrue(run.err().contains("written over"), run.err());
    try (FeatureReader reader = FeatureReader.open(input)) {
      assertEquals(TILES, reader.rows());
    }
  }
}
