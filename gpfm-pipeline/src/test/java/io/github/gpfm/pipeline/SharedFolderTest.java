package io.github.gpfm.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.gpfm.api.ProgressListener;
import io.github.gpfm.encoder.features.FeatureReader;
import io.github.gpfm.sample.SyntheticSlide;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Several processes on one folder, some of them killed: every file equals that of a single process,
 * no slide is made twice, none is missing. {@code -Dgpfm.test.rounds=50} and {@code
 * -Dgpfm.test.slides=30} make it longer.
 */
class SharedFolderTest {
  private static final int ROUNDS = Integer.getInteger("gpfm.test.rounds", 1);
  private static final int SLIDES = Integer.getInteger("gpfm.test.slides", 10);

  @TempDir static Path temp;

  private static Path slides;
  private static Map<String, String> alone;

  @BeforeAll
  static void embedAlone() throws IOException {
    slides = Files.createDirectories(temp.resolve("slides"));
    for (int i = 0; i < SLIDES; i++) {
      Path slide = slides.resolve("s%02d.tif".formatted(i));
      if (i < 2) {
        new SyntheticSlide(i, 640 + 128 * i, 600, 0.25, SyntheticSlide.Compression.DEFLATE)
            .write(slide, ProgressListener.NONE);
      } else {
        Files.copy(slides.resolve("s%02d.tif".formatted(i % 2)), slide);
      }
    }
    Path out = temp.resolve("out-000");
    EmbedProgram.run(slides, out, "w", 0);
    alone = features(out);
    assertEquals(SLIDES, alone.size(), "every slide has tiles");
  }

  /** All that the files say, by name, but for the time and the folder. */
  private static Map<String, String> features(Path out) throws IOException {
    Map<String, String> content = new TreeMap<>();
    try (Stream<Path> files = Files.list(out)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".h5")).toList()) {
        try (FeatureReader reader = FeatureReader.open(file)) {
          content.put(
              file.getFileName().toString(),
              Files.size(file)
                  + Arrays.toString(reader.coords())
                  + Arrays.toString(reader.read(0, reader.rows()))
                  + reader.provenance().orElseThrow().entries());
        }
      }
    }
    return content;
  }

  private static void assertClean(Path out) throws IOException {
    try (Stream<Path> files = Files.walk(out)) {
      List<Path> left = files.filter(f -> f.toString().endsWith(".part")).toList();
      assertEquals(List.of(), left);
    }
  }

  private record Round(Path out, Path log, List<Process> processes) {
    void await() throws InterruptedException {
      for (Process process : processes) {
        assertTrue(process.waitFor(3, TimeUnit.MINUTES), "a process hangs");
      }
    }

    Map<String, Long> made() throws IOException {
      return Files.readAllLines(log).stream()
          .filter(line -> line.endsWith(" DONE"))
          .collect(Collectors.groupingBy(line -> line, Collectors.counting()));
    }
  }

  private static Round start(String name, int processes, int millis) throws IOException {
    Path out = temp.resolve(name);
    Path log = temp.resolve(name + ".log");
    List<Process> all = new ArrayList<>();
    for (int i = 0; i < processes; i++) {
      all.add(EmbedProgram.start(slides, out, "w", millis, log));
    }
    return new Round(out, log, all);
  }

  @Test
  void processesShareTheWork() throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      for (int processes : ROUNDS == 1 ? new int[] {3} : new int[] {2, 4, 8}) {
        Round run = start("out-%d%02d".formatted(processes, round), processes, 100);
        run.await();
        assertEquals(alone, features(run.out()));
        assertEquals(SLIDES, run.made().size());
        assertTrue(run.made().values().stream().allMatch(n -> n == 1), "" + run.made());
        String summary = Files.readString(run.out().resolve("summary.json"));
        for (String name : alone.keySet()) {
          assertTrue(summary.contains("\"" + name.replace(".h5", "") + "\""), name);
        }
        assertFalse(summary.contains("\"busy\""), summary);
        String list = Files.readString(run.out().resolve("report.html"));
        alone.keySet().forEach(name -> assertTrue(list.contains(name.replace(".h5", "")), name));
        assertClean(run.out());
      }
    }
  }

  @Test
  void killedProcessesCostNothingButTime() throws Exception {
    SplittableRandom random = new SplittableRandom(11);
    for (int round = 0; round < ROUNDS; round++) {
      Round run = start("kill-%02d".formatted(round), ROUNDS == 1 ? 3 : 6, 60);
      for (int i = 0; i < (ROUNDS == 1 ? 2 : 3); i++) {
        Thread.sleep(random.nextInt(600, 2500));
        run.processes().get(i).destroyForcibly();
      }
      run.await();
      EmbedProgram.run(slides, run.out(), "w", 0);
      assertEquals(alone, features(run.out()));
      assertClean(run.out());
    }
  }

  @Test
  void otherWeightsAreNotMixedIn() throws Exception {
    Path out = temp.resolve("mix-000");
    Path log = temp.resolve("mix-000.log");
    Process first = EmbedProgram.start(slides, out, "w", 150, log);
    Process second = EmbedProgram.start(slides, out, "other", 150, log);
    assertTrue(first.waitFor(3, TimeUnit.MINUTES) && second.waitFor(3, TimeUnit.MINUTES));
    String text = Files.readString(log);
    assertTrue(first.exitValue() == 0 ^ second.exitValue() == 0, text);
    assertTrue(text.contains("weights.sha256: "), text);
    if (first.exitValue() == 0) {
      assertEquals(alone, features(out));
    }
  }
}
