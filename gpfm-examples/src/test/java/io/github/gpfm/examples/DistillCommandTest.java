package io.github.gpfm.examples;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.gpfm.api.ProgressListener;
import io.github.gpfm.sample.SyntheticSlide;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;
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
    List<String> otherwise = new ArrayList<>(onSlide);
    otherwise.addAll(List.of("--set", "train.loader-threads=3"));
    String noted = CommandRun.of(otherwise).succeeded().err();
    assertTrue(noted.contains("train.loader-threads: "), noted);
    assertTrue(noted.contains(" → 3 from step 2"), noted);

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

  /** A folder of pictures and a file that names a preset, as the documentation has it. */
  @Test
  void trainsOnAFolderByAConfigurationFile() throws IOException {
    Path config = folder.resolve("mine.yaml");
    Files.writeString(
        config,
        """
        preset: tiny
        student: {width: 32, depth: 2, heads: 2, registers: 2}
        optim: {epochs: 1}
        train: {batch: 2, epoch-length: 3, devices: cpu, log-every: 1, precision: bfloat16}
        """);
    Path run = folder.resolve("run");
    CommandRun said =
        CommandRun.of(
                "distill",
                "--config",
                config.toString(),
                "--data",
                pictures().toString(),
                "--out",
                run.toString(),
                "--set",
                "train.epoch-length=2")
            .succeeded();
    assertTrue(said.out().contains("4 tiles") && said.out().contains("0 of 2 steps"), said.out());
    assertTrue(Files.readString(run.resolve("config.yaml")).contains("registers: 2"));
    Path file = run.resolve("teacher.safetensors");
    assertTrue(said.out().contains(file.toString()), said.out());
  }

  private Path pictures() throws IOException {
    Path pictures = Files.createDirectories(folder.resolve("pictures/case 1"));
    SplittableRandom random = new SplittableRandom(3);
    for (int i = 0; i < 4; i++) {
      BufferedImage image = new BufferedImage(120, 100, BufferedImage.TYPE_INT_RGB);
      for (int p = 0; p < 12_000; p++) {
        image.setRGB(p % 120, p / 120, random.nextInt(1 << 24));
      }
      ImageIO.write(image, "png", pictures.resolve("tile" + i + ".png").toFile());
    }
    return pictures.getParent();
  }

  /** SIGTERM, as a scheduler sends it: a checkpoint of the very last step, then the end. */
  @Test
  void aSignalEndsTheRunWithACheckpoint() throws IOException, InterruptedException {
    Path run = folder.resolve("run");
    List<String> args = distill(pictures(), run);
    args.addAll(List.of("--set", "train.epoch-length=100000"));
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    String classPath = System.getProperty("java.class.path");
    command.addAll(List.of("-cp", System.getProperty("surefire.test.class.path", classPath)));
    command.add(Gpfm.class.getName());
    command.addAll(args);
    Path log = folder.resolve("child.log");
    Process child =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    Path metrics = run.resolve("metrics.jsonl");
    for (int i = 0; i < 1200 && child.isAlive(); i++) {
      if (Files.exists(metrics) && Files.readAllLines(metrics).size() > 4) {
        break;
      }
      Thread.sleep(50);
    }
    assertTrue(child.isAlive(), Files.readString(log));
    child.destroy();
    assertTrue(child.waitFor(60, TimeUnit.SECONDS), Files.readString(log));
    String said = Files.readString(log);
    int steps = Files.readAllLines(metrics).size();
    assertTrue(said.contains("stopped after step " + steps + "; run again to go on"), said);
    assertTrue(Files.exists(run.resolve("checkpoint-%08d.safetensors".formatted(steps))), said);
    assertTrue(Files.exists(run.resolve("curves.html")));
    assertFalse(Files.exists(run.resolve("teacher.pth")));
  }

  @Test
  void tilesOnDiskAndSlidesDoNotMix() {
    List<String> args = distill(slide(), folder.resolve("run"));
    args.addAll(List.of("--data", folder.toString()));
    CommandRun run = CommandRun.of(args);
    assertEquals(2, run.exitCode(), run.err());
    assertTrue(run.err().contains(folder.toString()) && run.err().lines().count() == 1, run.err());
  }

  /** 0 done, 2 what was asked for cannot be, 1 what happened on the way. */
  @Test
  void exitCodesTellUsageFromFailure() throws IOException {
    Path run = folder.resolve("run");
    List<String> args =
        new ArrayList<>(
            List.of(
                "distill",
                "--config",
                "tiny",
                "--data",
                pictures().toString(),
                "--out",
                run.toString()));
    for (String option :
        List.of(
            "train.batch=2", "optim.epochs=1", "optim.warmup-epochs=0", "train.epoch-length=2")) {
      args.addAll(List.of("--set", option));
    }
    assertEquals(0, CommandRun.of(args).exitCode());
    assertEquals(0, CommandRun.of(args).exitCode(), "a finished run");
    List<String> other = new ArrayList<>(args);
    other.addAll(List.of("--set", "optim.base-lr=0.5"));
    CommandRun refused = CommandRun.of(other);
    assertEquals(2, refused.exitCode(), refused.err());
    assertTrue(refused.err().contains("optim.base-lr: "), refused.err());
    List<String> misspelt = new ArrayList<>(args);
    misspelt.addAll(List.of("--set", "optim.base-rl=0.5"));
    CommandRun unknown = CommandRun.of(misspelt);
    assertEquals(2, unknown.exitCode(), unknown.err());
    assertTrue(unknown.err().contains("'base-lr'"), unknown.err());
    // A tile that cannot be read ends the run with a checkpoint.
    Files.writeString(folder.resolve("pictures/case 1/tile2.png"), "torn");
    args.set(args.indexOf(run.toString()), folder.resolve("torn").toString());
    CommandRun failed = CommandRun.of(args);
    assertEquals(1, failed.exitCode(), failed.err());
    assertTrue(failed.err().contains("tile2.png"), failed.err());
  }
}
