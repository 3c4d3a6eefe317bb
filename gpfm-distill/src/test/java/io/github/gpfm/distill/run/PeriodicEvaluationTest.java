package io.github.gpfm.distill.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.github.gpfm.api.EncoderException;
import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.distill.config.DistillConfig;
import io.github.gpfm.distill.model.StepResult;
import io.github.gpfm.encoder.GpfmEncoder;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The teacher measured while it is trained. */
class PeriodicEvaluationTest {
  @TempDir Path folder;

  private final DistillConfig config = TinyRuns.config();
  private final RandomTiles tiles = new RandomTiles(9, 56);

  private Trainer trainer() {
    return new Trainer(config, tiles, TinyRuns.experts(), folder);
  }

  @Test
  void whatIsMeasuredIsTheTeacherThatIsExported() throws IOException {
    BufferedImage image = tiles.image(1);
    Map<Long, float[]> seen = new HashMap<>();
    List<Long> heard = new ArrayList<>();
    List<Path> files;
    try (Trainer trainer = trainer()) {
      trainer.evaluateEvery(
          5,
          (done, teacher) -> {
            seen.put(done, teacher.embed(List.of(image)).vector(0));
            return Map.of("first", (double) seen.get(done)[0], "strange", Double.NaN);
          });
      files =
          trainer.run(
              new TrainingListener() {
                @Override
                public void stepDone(long done, long total, StepResult result) {}

                @Override
                public void evaluated(long done, Map<String, Double> figures) {
                  heard.add(done);
                }
              });
    }
    assertEquals(List.of(0L, 5L, 10L, 12L), heard);
    try (GpfmEncoder encoder = GpfmEncoder.builder().weights(files.get(1)).heads(2).build()) {
      assertArrayEquals(encoder.embed(List.of(image)).vector(0), seen.get(12L), 0);
    }
    List<JsonObject> rows =
        MetricsLog.read(folder.resolve("metrics.jsonl")).stream()
            .filter(row -> row.has("eval/first"))
            .toList();
    assertEquals(4, rows.size());
    for (JsonObject row : rows) {
      assertEquals(
          seen.get(row.get("step").getAsLong())[0], row.get("eval/first").getAsFloat(), 1e-6f);
      assertTrue(row.has("evaluation_seconds"));
      assertFalse(row.has("eval/strange"));
    }
    String page = Files.readString(folder.resolve("curves.html"));
    assertTrue(page.contains("<h2>Quality of the teacher</h2>"), page);
    assertTrue(page.contains("<figcaption>first<span>"), page);
    assertTrue(page.contains("12 steps, 12 of them logged."), page);
    try (Stream<Path> left = Files.list(folder)) {
      assertFalse(left.anyMatch(f -> f.getFileName().toString().startsWith(".evaluated")));
    }
  }

  @Test
  void aFailureEndsTheRunAtTheStartAndIsAWarningLater() {
    try (Trainer trainer = trainer()) {
      trainer.evaluateEvery(
          5,
          (done, teacher) -> {
            throw new EncoderException("no figures at " + done);
          });
      EncoderException e =
          assertThrows(EncoderException.class, () -> trainer.run(TrainingListener.NONE));
      assertEquals("no figures at 0", e.getMessage());
    }
    try (Trainer trainer = trainer()) {
      trainer.evaluateEvery(
          5,
          (done, teacher) -> {
            if (done > 0) {
              throw new EncoderException("no figures at " + done);
            }
            return Map.of("a", 1.0);
          });
      assertEquals(2, trainer.run(TrainingListener.NONE).size());
    }
  }

  @Test
  void everyNoStepsIsRefused() {
    try (Trainer trainer = trainer()) {
      assertThrows(
          InvalidOptionException.class, () -> trainer.evaluateEvery(0, (d, t) -> Map.of()));
    }
  }
}
