package io.github.gpfm.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.gpfm.api.ProgressListener;
import io.github.gpfm.encoder.weights.Safetensors;
import io.github.gpfm.encoder.weights.TorchCheckpoint;
import io.github.gpfm.encoder.weights.WeightTensor;
import io.github.gpfm.sample.SyntheticSlide;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One sentence, the right exit code, nothing left behind: whatever is wrong. */
class BadInputTest {
  private static final int FAILURE = 1;
  private static final int USAGE = 2;

  private static final WeightTensor OTHER =
      WeightTensor.ofFloats("conv1.weight", List.of(2L, 3L), new float[6]);

  @TempDir static Path shared;
  private static Path slide;
  private static Path copy;

  @TempDir Path folder;

  @BeforeAll
  static void drawASlide() throws IOException {
    slide = shared.resolve("good.tif");
    new SyntheticSlide(3, 1024, 1024, 0.25, SyntheticSlide.Compression.JPEG)
        .write(slide, ProgressListener.NONE);
    copy = Files.createDirectories(shared.resolve("elsewhere")).resolve("good.tif");
    Files.copy(slide, copy);
  }

  private String sentence(CommandRun run, int exitCode) {
    assertEquals(exitCode, run.exitCode(), run.err());
    String err = run.err().strip();
    assertFalse(err.isEmpty(), "nothing was said");
    assertEquals(1, err.lines().count(), err);
    assertFalse(err.contains("\tat ") || err.contains("Exception in"), err);
    assertFalse(err.startsWith("Internal error"), err);
    assertTrue(err.matches("(?s).*[.?!]$"), err);
    return err;
  }

  private void nothingIn(Path out) throws IOException {
    if (Files.isDirectory(out)) {
      try (Stream<Path> files = Files.list(out)) {
        assertEquals(List.of(), files.toList());
      }
    }
  }

  private Path badSlide(String kind) throws IOException {
    return switch (kind) {
      case "missing" -> folder.resolve("missing.svs");
      case "empty" -> Files.createFile(folder.resolve("empty.svs"));
      case "text" -> Files.writeString(folder.resolve("text.svs"), "not a slide\n".repeat(99));
      case "truncated" -> {
        byte[] whole = Files.readAllBytes(slide);
        yield Files.write(folder.resolve("truncated.tif"), Arrays.copyOf(whole, whole.length / 2));
      }
      default -> throw new IllegalArgumentException(kind);
    };
  }

  @ParameterizedTest
  @CsvSource({
    "missing,info", "empty,info", "text,info", "truncated,info",
    "missing,region", "empty,region", "text,region", "truncated,region",
    "missing,tile", "empty,tile", "text,tile", "truncated,tile",
    "missing,embed", "empty,embed", "text,embed", "truncated,embed",
  })
  void aBadSlideIsNamed(String kind, String command) throws IOException {
    Path bad = badSlide(kind);
    Path out = folder.resolve("out");
    List<String> args = new ArrayList<>(List.of(command, bad.toString()));
    switch (command) {
      case "info" -> args.add("--json");
      case "region" ->
          args.addAll(List.of("0", "0", "0", "9", "9", "--out", out.resolve("r.png").toString()));
      default -> args.addAll(List.of("--out", out.toString()));
    }
    CommandRun run = CommandRun.of(args);
    assertTrue(sentence(run, FAILURE).contains(bad.toString()), run.err());
    assertEquals("", run.out());
    nothingIn(out);
  }

  @Test
  void aRunGoesOnAfterABadSlide() throws IOException {
    Path out = folder.resolve("out");
    CommandRun run =
        CommandRun.of(
            "tile",
            badSlide("text").toString(),
            slide.toString(),
            "--out",
            out.toString(),
            "--patch-size",
            "128",
            "--a-t",
            "0.1");
    assertEquals(FAILURE, run.exitCode());
    assertTrue(run.err().contains("text.svs"), run.err());
    assertTrue(run.out().contains("1 done") && run.out().contains("1 failed"), run.out());
    assertTrue(Files.exists(out.resolve("good.h5")));
    assertTrue(Files.readString(out.resolve("summary.json")).contains("\"status\": \"failed\""));
  }

  private Path badWeights(String kind) throws IOException {
    return switch (kind) {
      case "missing" -> folder.resolve("missing.pth");
      case "empty" -> Files.createFile(folder.resolve("empty.pth"));
      case "text" -> Files.writeString(folder.resolve("text.pth"), "no weights\n".repeat(99));
      case "foreign-class" ->
          // cposix system: what a malicious pickle would run.
          pickle("foreign.pth", "\u0080\u0002cposix\nsystem\nX\u0004\0\0\0echo\u0085R.");
      case "no-tensors" -> pickle("none.pth", "\u0080\u0002}.");
      case "other-architecture" -> {
        Path file = folder.resolve("other.pth");
        TorchCheckpoint.write(file, Map.of("conv1.weight", OTHER));
        yield file;
      }
      case "other-safetensors" -> {
        Path file = folder.resolve("other.safetensors");
        Safetensors.write(file, List.of(OTHER), Map.of());
        yield file;
      }
      case "truncated" -> {
        Path file = badWeights("other-safetensors");
        byte[] whole = Files.readAllBytes(file);
        yield Files.write(
            folder.resolve("cut.safetensors"), Arrays.copyOf(whole, whole.length - 3));
      }
      default -> throw new IllegalArgumentException(kind);
    };
  }

  private Path pickle(String name, String program) throws IOException {
    Path file = folder.resolve(name);
    byte[] bytes = program.getBytes(StandardCharsets.ISO_8859_1);
    try (OutputStream out = Files.newOutputStream(file);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      ZipEntry entry = new ZipEntry("archive/data.pkl");
      CRC32 crc = new CRC32();
      crc.update(bytes);
      entry.setMethod(ZipEntry.STORED);
      entry.setSize(bytes.length);
      entry.setCrc(crc.getValue());
      zip.putNextEntry(entry);
      zip.write(bytes);
      zip.closeEntry();
    }
    return file;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "missing",
        "empty",
        "text",
        "foreign-class",
        "no-tensors",
        "other-architecture",
        "other-safetensors",
        "truncated"
      })
  void badWeightsAreNamed(String kind) throws IOException {
    Path bad = badWeights(kind);
    Path out = folder.resolve("out");
    CommandRun run =
        CommandRun.of(
            "embed", slide.toString(), "--weights", bad.toString(), "--out", out.toString());
    assertTrue(sentence(run, FAILURE).contains(bad.toString()), run.err());
    nothingIn(out);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "tile SLIDE --out OUT --patch-size 256 --tile-size 256",
        "tile SLIDE --out OUT --step-size 64 --mpp 0.5",
        "tile SLIDE --out OUT --tile-size 256 --mpp 0.5 --magnification 20",
        "tile SLIDE --out OUT --tile-size 256",
        "tile SLIDE --out OUT --overlap 16",
        "tile SLIDE --out OUT --tile-size 256 --mpp 0.5 --min-tissue 0.5 --contour-fn basic",
        "tile SLIDE --out OUT --tile-size 256 --mpp 0.5 --overlap 256",
        "tile SLIDE --out OUT --patch-level 9",
        "tile SLIDE --out OUT --seg-level 9",
        "tile SLIDE --out OUT --patch-size 0",
        "tile SLIDE --out OUT --patch-size many",
        "tile SLIDE --out OUT --preset unheard-of",
        "tile SLIDE --out OUT --contour-fn unheard-of",
        "tile SLIDE --out OUT --segmenter unheard-of",
        "tile SLIDE --out OUT --segmenter otsu --sthresh 9",
        "tile SLIDE --out OUT --reader unheard-of",
        "tile SLIDE --out OUT --unheard-of",
        "tile SLIDE --out OUT --slide-mpp -1",
        "tile SLIDE COPY --out OUT",
        "tile SLIDE",
        "tile --out OUT",
        "embed SLIDE --out OUT --patch-size 256 --tile-size 256",
        "embed SLIDE --out OUT --batch-size 0",
        "embed SLIDE --out OUT --workers 0",
        "embed SLIDE --out OUT --device abacus",
        "embed SLIDE --out OUT --device cuda:99",
        "embed SLIDE --out OUT --precision int3",
        "embed SLIDE --out OUT --format pickle",
        "embed SLIDE --out OUT --tokens all",
        "region SLIDE 0 0 9 8 8 --out OUT/r.png",
        "region SLIDE 0 0 0 0 8 --out OUT/r.png",
        "region SLIDE zero 0 0 8 8 --out OUT/r.png",
        "region SLIDE 0 0 0 8 8",
        "region SLIDE 0 0 0 8 8 --out OUT/r.jpg",
        "info SLIDE --slide-mpp 0",
        "region SLIDE 0 0 0 8 8 --out OUT/r.png --reader unheard-of",
        "sample --out OUT/s.tif --width 1",
        "sample --out OUT/s.tif --compression lossy",
        "info SLIDE --reader unheard-of",
        "unheard-of",
      })
  void usageErrorsEndWithTwo(String line) throws IOException {
    Path out = folder.resolve("out");
    List<String> args =
        Arrays.stream(line.split(" "))
            .map(
                arg ->
                    arg.replace("SLIDE", slide.toString())
                        .replace("COPY", copy.toString())
                        .replace("OUT", out.toString()))
            .toList();
    sentence(CommandRun.of(args), USAGE);
    nothingIn(out);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "tile SLIDE --out OUT",
        "embed SLIDE --out OUT",
        "region SLIDE 0 0 0 8 8 --out OUT/r.png",
        "sample --out OUT/s.tif --width 512 --height 512"
      })
  void anOutputBelowAFileFails(String line) throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "in the way");
    List<String> args =
        Arrays.stream(line.split(" "))
            .map(
                arg ->
                    arg.replace("SLIDE", slide.toString())
                        .replace("OUT", file.resolve("out").toString()))
            .toList();
    assertTrue(sentence(CommandRun.of(args), FAILURE).contains(file.toString()));
    assertEquals("in the way", Files.readString(file));
  }

  @Test
  void aSlideWithoutResolutionSaysHowToGiveOne() throws IOException {
    Path picture = folder.resolve("picture.png");
    CommandRun.of("region", slide.toString(), "0", "0", "0", "900", "900", "--out", picture + "")
        .succeeded();
    Path out = folder.resolve("out");
    List<String> args =
        List.of("tile", picture + "", "--out", out + "", "--tile-size", "128", "--mpp", "0.5");
    assertTrue(sentence(CommandRun.of(args), FAILURE).contains("--slide-mpp"));
    nothingIn(out);
    List<String> mended = new ArrayList<>(args);
    mended.addAll(List.of("--slide-mpp", "0.25", "--sthresh", "2"));
    CommandRun.of(mended).succeeded();
  }

  @Test
  void theStackTraceComesOnlyWhenAskedFor() {
    CommandRun run = CommandRun.of("info", "nowhere.svs", "--stacktrace");
    assertEquals(FAILURE, run.exitCode());
    assertTrue(run.err().contains("\tat io.github.gpfm"), run.err());
    CommandRun many = CommandRun.of("--stacktrace", "tile", "nowhere.svs", "--out", "nowhere");
    assertTrue(many.err().contains("\tat io.github.gpfm"), many.err());
  }
}
