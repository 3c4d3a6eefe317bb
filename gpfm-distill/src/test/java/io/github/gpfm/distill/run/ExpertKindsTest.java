package io.github.gpfm.distill.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.gpfm.api.Encoder;
import io.github.gpfm.api.ProgressListener;
import io.github.gpfm.distill.config.DistillConfig;
import io.github.gpfm.distill.config.DistillConfigs;
import io.github.gpfm.distill.data.BlockMasks;
import io.github.gpfm.distill.data.CropBatch;
import io.github.gpfm.distill.data.CropGeometry;
import io.github.gpfm.distill.expert.Expert;
import io.github.gpfm.distill.expert.ExpertTokens;
import io.github.gpfm.distill.expert.Experts;
import io.github.gpfm.distill.expert.TokenCache;
import io.github.gpfm.distill.model.StepResult;
import io.github.gpfm.encoder.GpfmEncoder;
import io.github.gpfm.encoder.catalog.Encoders;
import io.github.gpfm.encoder.vit.VitConfig;
import io.github.gpfm.encoder.vit.VitInitialization;
import io.github.gpfm.encoder.weights.Safetensors;
import io.github.gpfm.encoder.weights.WeightTensor;
import io.github.gpfm.testkit.Fixtures;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One student learns from every kind of expert that a configuration can name. */
class ExpertKindsTest {
  @TempDir Path folder;

  @Test
  void everyKindTeaches() throws IOException {
    Path weights = Fixtures.parity("encoder/gpfm-tiny.pth");
    RandomTiles tiles = new RandomTiles(9, 64);
    Path cache = folder.resolve("cache.safetensors");
    try (Encoder encoder = GpfmEncoder.builder().weights(weights).build()) {
      TokenCache.write(cache, tiles, encoder, true, ProgressListener.NONE);
    }
    Path script = folder.resolve("grid.pt");
    try (InputStream in = Experts.class.getResourceAsStream("grid.pt")) {
      Files.copy(in, script);
    }
    String expert =
        "  %s: {kind: %s, model: %s, path: '%s', class-weight: 1.0, patch-weight: 0.5,"
            + " normalize: %s}\n";
    String yaml =
        TinyRuns.YAML
            .replaceAll("(?m)^  mean:.*\n", "%s")
            .formatted(
                expert.formatted("listed", "catalogue", "resnet50", listed(), false)
                    + expert.formatted("own", "weights", "own", weights, true)
                    + expert.formatted("cached", "cache", "own", cache, false)
                    + expert.formatted("script", "torchscript", "grid", script, false));
    DistillConfig config =
        DistillConfigs.with(
            DistillConfigs.parse("test", yaml),
            Map.of("optim.epochs", "1", "optim.warmup-epochs", "0", "train.epoch-length", "1"));
    AtomicReference<StepResult> last = new AtomicReference<>();
    try (Experts experts = Experts.open(config, tiles);
        Trainer trainer = new Trainer(config, tiles, experts.byName(), folder.resolve("run"))) {
      assertEquals(
          List.of("listed", "own", "cached", "script"), List.copyOf(experts.byName().keySet()));
      trainer.run((done, total, result) -> last.set(result));
    }
    for (String name : List.of("listed", "own", "cached", "script")) {
      for (String kind : List.of("cls", "patch")) {
        String term = "distill_" + name + "_" + kind + "_loss";
        assertTrue(last.get().terms().get(term) > 0, term + " of " + last.get().terms());
      }
      assertTrue(last.get().gradientNorms().get("distill_heads." + name) > 0);
    }
    assertEquals(
        new TreeSet<>(
            List.of(
                "student.backbone",
                "student.dino_head",
                "distill_heads.listed",
                "distill_heads.own",
                "distill_heads.cached",
                "distill_heads.script")),
        new TreeSet<>(last.get().gradientNorms().keySet()));
  }

  /** The catalogue's smallest network at its full size, with weights drawn at random. */
  private Path listed() {
    JsonObject manifest = Fixtures.json(Fixtures.parity("families/resnet50/manifest.json"));
    SplittableRandom random = new SplittableRandom(1);
    List<WeightTensor> tensors = new ArrayList<>();
    for (Map.Entry<String, JsonElement> e : manifest.getAsJsonObject("tensors").entrySet()) {
      List<Long> shape = new ArrayList<>();
      e.getValue().getAsJsonArray().forEach(size -> shape.add(size.getAsLong()));
      int count = (int) shape.stream().mapToLong(size -> size).reduce(1, (a, b) -> a * b);
      float[] values = new float[count];
      for (int i = 0; i < count; i++) {
        values[i] = e.getKey().contains("var") ? 1 : (float) random.nextDouble(-0.05, 0.06);
      }
      tensors.add(
          e.getKey().endsWith("num_batches_tracked")
              ? WeightTensor.ofLongs(e.getKey(), shape, 1)
              : WeightTensor.ofFloats(e.getKey(), shape, values));
    }
    Path file = folder.resolve("resnet50.safetensors");
    Safetensors.write(file, tensors, Map.of());
    return file;
  }

  /** Its authors cut the centre out of a larger picture; the student's patches reach the edge. */
  @Test
  void aListedExpertSeesTheEdgeOfTheCrop() {
    String expert =
        "experts={e: {kind: catalogue, model: dinov2-vits14, path: '%s', class-weight: 1.0,"
            + " patch-weight: 0.5, normalize: false}}";
    VitConfig shape = VitConfig.of(384, 12, 6, 14, 37);
    Path weights = folder.resolve("vits14.safetensors");
    Safetensors.write(weights, VitInitialization.draw(shape, 1, 1).values(), Map.of());
    assertTrue(Encoders.find("dinov2-vits14").preprocessing().seenShare() < 0.9);
    DistillConfig config =
        TinyRuns.config(Map.of("experts", expert.formatted(weights).substring(8)));
    int size = config.crops().globalSize();
    float[] globals = new float[2 * 3 * size * size];
    // The second crop differs in its first column, of 1.8 % of the width, only.
    for (int at = 3 * size * size; at < globals.length; at += size) {
      globals[at] = 2;
    }
    CropBatch batch =
        new CropBatch(
            0,
            new int[1],
            globals,
            List.of(CropGeometry.WHOLE, CropGeometry.WHOLE),
            new float[0],
            new BlockMasks.Collated(new boolean[2], new long[0], new float[0], 0));
    try (Experts experts = Experts.open(config, new RandomTiles(9, 64))) {
      ExpertTokens tokens = experts.byName().get("e").tokens(batch, true);
      int patches = tokens.patchTokens().length / 2;
      assertFalse(
          Arrays.equals(
              Arrays.copyOf(tokens.patchTokens(), patches),
              Arrays.copyOfRange(tokens.patchTokens(), patches, 2 * patches)));
    }
  }

  /** Class tokens of 6 values and patch tokens of 4, each with a head. */
  @Test
  void patchTokensMayBeOfAnotherLength() {
    DistillConfig config = TinyRuns.config(Map.of("experts.mean.patch-weight", "0.5"));
    Expert expert =
        new Expert() {
          @Override
          public int dimension() {
            return 6;
          }

          @Override
          public int patchDimension() {
            return 4;
          }

          @Override
          public boolean hasPatchTokens() {
            return true;
          }

          @Override
          public ExpertTokens tokens(CropBatch batch, boolean patchTokens) {
            int n = 2 * batch.tiles().length;
            float[] classes = Arrays.copyOf(batch.globals(), n * 6);
            float[] patches = Arrays.copyOf(batch.globals(), n * 3 * 3 * 4);
            return new ExpertTokens(6, classes, 3, 3, patches);
          }

          @Override
          public void close() {}
        };
    AtomicReference<StepResult> last = new AtomicReference<>();
    try (Trainer trainer =
        new Trainer(config, new RandomTiles(9, 64), Map.of("mean", expert), folder)) {
      trainer.run((done, total, result) -> last.set(result));
    }
    assertTrue(last.get().terms().get("distill_mean_patch_loss") > 0);
    assertTrue(last.get().gradientNorms().get("distill_heads.mean_patch") > 0);
    assertTrue(last.get().gradientNorms().get("distill_heads.mean") > 0);
  }

  @Test
  void tokensMayBeBroughtToUnitLength() {
    ExpertTokens tokens =
        new ExpertTokens(2, new float[] {3, 4, 0, 0}, 1, 1, new float[] {0, -2, 5, 12});
    ExpertTokens unit = tokens.normalized();
    assertArrayEquals(new float[] {0.6f, 0.8f, 0, 0}, unit.classTokens(), 1e-7f);
    assertArrayEquals(new float[] {0, -1, 5 / 13f, 12 / 13f}, unit.patchTokens(), 1e-7f);
    assertEquals(3, tokens.classTokens()[0]);
  }
}
