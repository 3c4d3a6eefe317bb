package io.github.gpfm.distill.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.api.Recipe;
import io.github.gpfm.api.TilingException;
import io.github.gpfm.distill.config.DistillConfig;
import io.github.gpfm.distill.config.DistillConfigs;
import io.github.gpfm.distill.data.CropBatch;
import io.github.gpfm.distill.expert.Expert;
import io.github.gpfm.distill.expert.ExpertTokens;
import io.github.gpfm.encoder.weights.Safetensors;
import io.github.gpfm.encoder.weights.WeightFile;
import io.github.gpfm.encoder.weights.WeightTensor;
import io.github.gpfm.tiling.dataset.TileDataset;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run that is killed goes on as if it had not been. */
class ResumeTest {
  @TempDir Path folder;

  /** Ends a session in the way of a crash: nothing is saved. */
  private static final class Killed extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  @Test
  void killedAtRandomStepsTheTrajectoryIsBitEqual() throws IOException {
    DistillConfig config = TinyRuns.config();
    List<Double> whole = new ArrayList<>();
    session(config, folder.resolve("whole"), whole, -1);
    SplittableRandom random = new SplittableRandom(System.nanoTime());
    Path interrupted = folder.resolve("interrupted");
    List<Double> parts = new ArrayList<>();
    int kills = 0;
    for (long after : random.longs(3, 1, config.totalSteps()).sorted().toArray()) {
      try {
        session(config, interrupted, parts, after);
      } catch (Killed e) {
        kills++;
      }
    }
    session(config, interrupted, parts, -1);
    assertTrue(kills > 0);
    assertEquals(whole, parts);
    Map<String, WeightTensor> expected = last(folder.resolve("whole"));
    Map<String, WeightTensor> actual = last(interrupted);
    assertEquals(expected.keySet(), actual.keySet());
    expected.forEach(
        (name, tensor) ->
            assertArrayEquals(
                tensor.toBuffer().array(), actual.get(name).toBuffer().array(), name));
    List<String> lines = Files.readAllLines(interrupted.resolve("metrics.jsonl"));
    assertEquals(config.totalSteps(), lines.size());
    assertTrue(Files.size(interrupted.resolve("curves.html")) > 1000);
  }

  @Test
  void loaderThreadsDoNotMatter() {
    List<Double> one = new ArrayList<>();
    List<Double> four = new ArrayList<>();
    session(
        TinyRuns.config(
            Map.of("train.loader-threads", "1", "optim.epochs", "1", "optim.warmup-epochs", "0")),
        folder.resolve("one"),
        one,
        -1);
    session(
        TinyRuns.config(
            Map.of("train.loader-threads", "4", "optim.epochs", "1", "optim.warmup-epochs", "0")),
        folder.resolve("four"),
        four,
        -1);
    assertEquals(one, four);
  }

  @Test
  void anotherConfigurationOrOtherTilesAreRefused() throws IOException {
    DistillConfig config = TinyRuns.config();
    try (Trainer trainer =
        new Trainer(config, new RandomTiles(9, 64), TinyRuns.experts(), folder)) {
      trainer.stop();
      trainer.run(TrainingListener.NONE);
    }
    InvalidOptionException other =
        assertThrows(
            InvalidOptionException.class,
            () ->
                new Trainer(
                    TinyRuns.config(Map.of("optim.base-lr", "0.5")),
                    new RandomTiles(9, 64),
                    TinyRuns.experts(),
                    folder));
    assertTrue(other.getMessage().contains("(optim.base-lr: 0.01 → 0.5)"), other.getMessage());
    InvalidOptionException tiles =
        assertThrows(
            InvalidOptionException.class,
            () -> new Trainer(config, new RandomTiles(8, 64), TinyRuns.experts(), folder));
    assertTrue(
        tiles.getMessage().contains("(tiles.count: 9 → 8; tiles.keys: "), tiles.getMessage());
    assertEquals(
        DistillConfigs.write(config), Files.readString(folder.resolve("config.yaml")), "kept");
  }

  @Test
  void whatDoesNotDecideMayChangeAndMoreEpochsMustBeAskedFor() {
    RandomTiles tiles = new RandomTiles(9, 64);
    session(TinyRuns.config(), folder, new ArrayList<>(), -1);
    for (Map.Entry<String, String> free :
        Map.of(
                "train.shards", "1",
                "train.recompute", "true",
                "train.precision", "bfloat16",
                "train.devices", "cpu",
                "train.loader-threads", "3",
                "train.checkpoint-every", "7")
            .entrySet()) {
      DistillConfig changed = TinyRuns.config(Map.of(free.getKey(), free.getValue()));
      try (Trainer trainer = new Trainer(changed, tiles, TinyRuns.experts(), folder)) {
        assertEquals(TinyRuns.config().totalSteps(), trainer.done(), free.getKey());
      }
    }
    int epochs = TinyRuns.config().optim().epochs();
    DistillConfig longer = TinyRuns.config(Map.of("optim.epochs", "" + (epochs + 1)));
    InvalidOptionException asked =
        assertThrows(
            InvalidOptionException.class,
            () -> new Trainer(longer, tiles, TinyRuns.experts(), folder));
    assertTrue(asked.getMessage().contains("--lengthen"), asked.getMessage());
    try (Trainer trainer = new Trainer(longer, tiles, TinyRuns.experts(), folder, true)) {
      trainer.run(TrainingListener.NONE);
      assertEquals(longer.totalSteps(), trainer.done());
    }
    assertThrows(
        InvalidOptionException.class,
        () -> new Trainer(TinyRuns.config(), tiles, TinyRuns.experts(), folder, true),
        "a run does not become shorter");
  }

  @Test
  void anExpertWithOtherContentIsRefused() throws IOException {
    RandomTiles tiles = new RandomTiles(9, 64);
    try (Trainer trainer = new Trainer(TinyRuns.config(), tiles, TinyRuns.experts(), folder)) {
      trainer.stop();
      trainer.run(TrainingListener.NONE);
    }
    Map<String, Expert> others = new LinkedHashMap<>(TinyRuns.experts());
    String name = others.keySet().iterator().next();
    Expert given = others.get(name);
    others.put(
        name,
        new Expert() {
          @Override
          public int dimension() {
            return given.dimension();
          }

          @Override
          public int patchDimension() {
            return given.patchDimension();
          }

          @Override
          public boolean hasPatchTokens() {
            return given.hasPatchTokens();
          }

          @Override
          public ExpertTokens tokens(CropBatch batch, boolean patchTokens) {
            return given.tokens(batch, patchTokens);
          }

          @Override
          public void describe(Recipe.Builder recipe) {
            Expert.super.describe(recipe);
            recipe.hash("file", "other.safetensors", "0".repeat(64));
          }

          @Override
          public void close() {
            given.close();
          }
        });
    InvalidOptionException refused =
        assertThrows(
            InvalidOptionException.class,
            () -> new Trainer(TinyRuns.config(), tiles, others, folder));
    assertTrue(
        refused
            .getMessage()
            .contains("expert." + name + ".file: nothing → other.safetensors (00000000…)"),
        refused.getMessage());
  }

  @Test
  void aCheckpointOfVersion010IsRefusedInOneSentence() throws IOException {
    RandomTiles tiles = new RandomTiles(9, 64);
    session(TinyRuns.config(), folder, new ArrayList<>(), -1);
    Path newest = new Checkpoints(folder, 9).latest().orElseThrow().path();
    Safetensors.write(
        newest,
        List.copyOf(WeightFile.open(newest).tensors().values()),
        Map.of("config", "student:\n  width: 16", "tiles", "0".repeat(64)));
    InvalidOptionException refused =
        assertThrows(
            InvalidOptionException.class,
            () -> new Trainer(TinyRuns.config(), tiles, TinyRuns.experts(), folder));
    assertTrue(refused.getMessage().contains("0.1.0"), refused.getMessage());
    assertTrue(refused.getMessage().contains(newest.toString()), refused.getMessage());
  }

  @Test
  void aTileThatBecomesUnreadableCostsNoStep() {
    DistillConfig config = TinyRuns.config();
    List<Double> whole = new ArrayList<>();
    session(config, folder.resolve("whole"), whole, -1);
    AtomicBoolean broken = new AtomicBoolean();
    RandomTiles good = new RandomTiles(9, 64);
    TileDataset tiles =
        new TileDataset() {
          @Override
          public int size() {
            return good.size();
          }

          @Override
          public BufferedImage image(int i) {
            if (broken.get()) {
              throw new TilingException(key(i) + " cannot be decoded: replace or remove it.");
            }
            return good.image(i);
          }

          @Override
          public String key(int i) {
            return good.key(i);
          }

          @Override
          public void close() {}
        };
    List<Double> parts = new ArrayList<>();
    Path out = folder.resolve("broken");
    try (Trainer trainer = new Trainer(config, tiles, TinyRuns.experts(), out)) {
      TilingException e =
          assertThrows(
              TilingException.class,
              () ->
                  trainer.run(
                      (done, total, result) -> {
                        parts.add(result.objective());
                        broken.set(done >= 2);
                      }));
      assertTrue(e.getMessage().contains("tile-"), e.getMessage());
      assertTrue(trainer.done() >= 2 && trainer.done() < config.totalSteps());
      List<Path> saved = new Checkpoints(out, 9).list();
      assertEquals(trainer.done(), Checkpoints.steps(saved.get(saved.size() - 1)));
    }
    session(config, out, parts, -1);
    assertEquals(whole, parts);
  }

  @Test
  void onlyTheNewestCheckpointsAreKeptAndADamagedOneIsSkipped() throws IOException {
    DistillConfig config =
        TinyRuns.config(Map.of("train.checkpoint-every", "2", "train.keep-checkpoints", "2"));
    session(config, folder, new ArrayList<>(), -1);
    List<Path> kept = new Checkpoints(folder, 2).list();
    assertEquals(List.of(10L, 12L), kept.stream().map(Checkpoints::steps).toList());
    Files.write(kept.get(1), new byte[] {1, 2, 3});
    assertEquals(kept.get(0), new Checkpoints(folder, 2).latest().orElseThrow().path());
  }

  private static void session(DistillConfig config, Path out, List<Double> losses, long killAfter) {
    try (Trainer trainer = new Trainer(config, new RandomTiles(9, 64), TinyRuns.experts(), out)) {
      while (losses.size() > trainer.done()) {
        losses.remove(losses.size() - 1);
      }
      trainer.run(
          (done, total, result) -> {
            losses.add(result.objective());
            if (done == killAfter) {
              throw new Killed();
            }
          });
    }
  }

  private static Map<String, WeightTensor> last(Path folder) {
    List<Path> files = new Checkpoints(folder, 1).list();
    return WeightFile.open(files.get(files.size() - 1)).tensors();
  }
}
