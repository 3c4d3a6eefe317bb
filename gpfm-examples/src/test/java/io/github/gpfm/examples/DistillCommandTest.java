package io.github.gpfm.examples;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.gpfm.api.ProgressListener;
import io.github.gpfm.sample.SyntheticSlide;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code gpfm distill} from slides or shards to an exported model. */
class DistillCommandTest {
  private static final List<String> TILES =
      List.of("--tile-size", "96", "--mpp", "1", "--a-t", "0.1");

  @TempDir Path folder;

  private Path slide() {
    Path slide = folder.resolve("slide.tif");
    new SyntheticSlide(3, 1024, 1024, 0.25, SyntheticSlide.Compression.JPEG)
        .write(slide, ProgressListener.NONE);
    return slide;
  }

  private static List<String> distill(Path data, Path out) {
    List<String> args = new ArrayList<>(List.of("distill", "--config", "tiny", "--data"));
    args.addAll(List.of(data.toString(), "--out", out.toString()));
    List<String> changes =
        List.of(
            "optim.epochs=1",
            "train.epoch-length=2",
            "train.batch=2",
            "train.log-every=1",
            "train.devices=cpu",
            "student.width=32",
            "student.heads=2",
            "student.depth=2");
    changes.forEach(change -> args.addAll(List.of("--set", change)));
    return args;
  }

  @Test
  void trainsOnASlideAndOnItsShards() throws IOException {
    Path slide = slide();
    Path run = folder.resolve("run");
    List<String> onSlide = distill(slide, run);
    onSlide.addAll(TILES);
    String said = CommandRun.of(onSlide).succeeded().out();
    assertTrue(said.contains("0 of 2 steps done"), said);
    assertEquals(2, Files.readAllLines(run.resolve("metrics.jsonl")).size());
    byte[] teacher = Files.readAllBytes(run.resolve("teacher.safetensors"));

    String again = CommandRun.of(onSlide).succeeded().out();
    assertTrue(again.contains("2 of 2 steps done"), again);
    assertArrayEquals(teacher, Files.readAllBytes(run.resolve("teacher.safetensors")));

    Path shards = folder.resolve("shards");
    List<String> extract =
        new ArrayList<>(List.of("extract", slide.toString(), "--out", shards.toString()));
    extract.addAll(TILES);
    CommandRun.of(extract).succeeded();
    String first = said.substring(0, said.indexOf(','));
    String onShards = CommandRun.of(distill(shards, folder.resolve("other"))).succeeded().out();
    assertTrue(onShards.startsWith(first), first + " / " + onShards);
  }

  @Test
  void learnsFromACacheAndFromAnEarlierRun() throws IOException {
    Path slide = slide();
    Path cache = folder.resolve("tokens.safetensors");
    List<String> compute =
        new ArrayList<>(List.of("cache", "--data", slide.toString(), "--out", cache.toString()));
    compute.addAll(TILES);
    String said = CommandRun.of(compute).succeeded().out();
    assertTrue(said.contains("class and patch tokens"), said);

    Path first = folder.resolve("first");
    String expert =
        "experts={e: {kind: %s, model: e, path: '%s', class-weight: 1.0, patch-weight: 0.25,"
            + " normalize: false}}";
    List<String> fromCache = distill(slide, first);
    fromCache.addAll(TILES);
    fromCache.addAll(List.of("--set", expert.formatted("cache", cache)));
    CommandRun.of(fromCache).succeeded();
    String metrics = Files.readString(first.resolve("metrics.jsonl"));
    assertTrue(metrics.contains("distill_e_patch_loss"), metrics);

    Path second = folder.resolve("second");
    List<String> fromRun = distill(slide, second);
    fromRun.addAll(TILES);
    fromRun.addAll(
        List.of("--set", expert.formatted("weights", first.resolve("teacher.safetensors"))));
    CommandRun.of(fromRun).succeeded();
    assertTrue(Files.readString(second.resolve("metrics.jsonl")).contains("distill_e_cls_loss"));
  }

  @Test
  void tilesOnDiskAndSlidesDoNotMix() {
    List<String> args = distill(slide(), folder.resolve("run"));
    args.addAll(List.of("--data", folder.toString()));
    CommandRun run = CommandRun.of(args);
    assertEquals(2, run.exitCode(), run.err());
    assertTrue(run.err().contains(folder.toString()) && run.err().lines().count() == 1, run.err());
  }
}
