package io.github.gpfm.distill.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import com.google.gson.JsonObject;
import io.github.gpfm.api.OutputException;
import io.github.gpfm.distill.config.DistillConfig;
import io.github.gpfm.encoder.weights.WeightFile;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A disk that fills up while training: one sentence, and nothing is lost once there is room. */
class FullDiskTest {
  private static final int BLOCK = 512;
  private static final int DISK = 32 << 20;

  private final FileSystem disk =
      Jimfs.newFileSystem(
          Configuration.unix().toBuilder().setBlockSize(BLOCK).setMaxSize(DISK).build());
  private final Path folder = disk.getPath("/run");
  private final Path ballast = disk.getPath("/ballast");

  @AfterEach
  void close() throws IOException {
    disk.close();
  }

  /** Leaves room for a number of checkpoints and bytes. */
  private void fill(int checkpoints, long bytes) {
    try {
      List<Path> written = new Checkpoints(folder, 9).list();
      long left = bytes + (checkpoints == 0 ? 0 : checkpoints * Files.size(written.get(0)));
      long free = Files.getFileStore(folder).getUsableSpace();
      Files.write(ballast, new byte[Math.toIntExact(Math.max(0, free - left) / BLOCK * BLOCK)]);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<Double> train(Path out, long at, Runnable then) {
    List<Double> objectives = new ArrayList<>();
    try (Trainer trainer =
        new Trainer(TinyRuns.config(), new RandomTiles(9, 64), TinyRuns.experts(), out)) {
      trainer.run(
          (done, total, result) -> {
            objectives.add(result.objective());
            if (done == at) {
              then.run();
            }
          });
    }
    return objectives;
  }

  private String refusedAt(long step, int checkpoints, long bytes) {
    OutputException refused =
        assertThrows(
            OutputException.class, () -> train(folder, step, () -> fill(checkpoints, bytes)));
    String message = refused.getMessage();
    assertEquals(1, message.lines().count(), message);
    assertTrue(message.endsWith(".") && message.contains("free space"), message);
    return message;
  }

  @ParameterizedTest
  @CsvSource({
    "metrics.jsonl, 6, 0, 0, 5",
    "checkpoint-00000010.safetensors, 6, 0, 60000, 5",
    "curves.html, 11, 1, 4000, 12",
    "teacher.pth, 11, 1, 60000, 12"
  })
  void whateverHasNoRoomTheRunGoesOnLater(
      String file, long step, int checkpoints, long bytes, long resumesAt) throws IOException {
    DistillConfig config = TinyRuns.config();
    Path roomy = disk.getPath("/roomy");
    List<Double> whole = train(roomy, -1, () -> {});
    String message = refusedAt(step, checkpoints, bytes);
    assertTrue(message.contains("/run/" + file), message);
    try (Stream<Path> left = Files.list(folder)) {
      assertEquals(List.of(), left.filter(p -> p.toString().endsWith(".part")).toList());
    }
    WeightFile newest = new Checkpoints(folder, 9).latest().orElseThrow();
    assertEquals(resumesAt, Checkpoints.steps(newest.path()));

    Files.delete(ballast);
    List<Double> rest = train(folder, -1, () -> {});
    assertEquals(whole.subList((int) resumesAt, whole.size()), rest);
    String last = "checkpoint-%08d.safetensors".formatted(config.totalSteps());
    for (String made : List.of(last, "teacher.pth", "teacher.safetensors", "config.yaml")) {
      assertArrayEquals(
          Files.readAllBytes(roomy.resolve(made)), Files.readAllBytes(folder.resolve(made)), made);
    }
    assertEquals(
        LongStream.rangeClosed(1, config.totalSteps()).boxed().toList(),
        steps(folder.resolve("metrics.jsonl")));
  }

  @Test
  void eventsSaySoToo() throws IOException {
    Files.createDirectories(folder);
    try (EventFile events = new EventFile(folder, 1, 1_700_000_000)) {
      fill(0, 0);
      // The file's last block may still take something.
      OutputException refused =
          assertThrows(
              OutputException.class,
              () -> {
                for (long step = 1; step < BLOCK; step++) {
                  events.write(step, step, Map.of("total_loss", 1.0));
                }
              });
      assertTrue(refused.getMessage().contains("/run/events.out.tfevents."), refused.getMessage());
    }
    String message =
        assertThrows(OutputException.class, () -> new EventFile(folder, 2, 1_700_000_000))
            .getMessage();
    assertTrue(message.contains("/run/events.out.tfevents."), message);
  }

  @Test
  void aRunThatCouldWriteNoCheckpointDoesNotStart() throws IOException {
    Files.createDirectories(folder);
    fill(0, 90_000);
    String message =
        assertThrows(OutputException.class, () -> train(folder, -1, () -> {})).getMessage();
    assertTrue(message.contains("/run/checkpoint") && message.contains("needs"), message);
    Files.delete(ballast);
    assertEquals(TinyRuns.config().totalSteps(), train(folder, -1, () -> {}).size());
  }

  @Test
  void theFormerConfigurationStaysWhenThereIsNoRoomForIt() throws IOException {
    train(folder, -1, () -> {});
    byte[] before = Files.readAllBytes(folder.resolve("config.yaml"));
    fill(0, 0);
    assertTrue(
        assertThrows(OutputException.class, () -> train(folder, -1, () -> {}))
            .getMessage()
            .startsWith("Cannot write /run"));
    // Room for the run's claim on its folder.
    Files.delete(ballast);
    fill(0, 2 * BLOCK);
    String message =
        assertThrows(OutputException.class, () -> train(folder, -1, () -> {})).getMessage();
    assertTrue(message.contains("/run/config.yaml"), message);
    assertArrayEquals(before, Files.readAllBytes(folder.resolve("config.yaml")));
  }

  @Test
  void aTornOrDamagedLineIsDroppedAndWrittenAgain() throws IOException {
    Files.createDirectories(folder);
    Path log = folder.resolve("metrics.jsonl");
    Files.writeString(
        log,
        "{\"step\":1,\"objective\":2.5}\n\0\0\0}\n[3}\n{\"step\":2}\n{\"step\":3}\n{\"step\":4,\"obj");
    try (MetricsLog metrics = new MetricsLog(log, 3)) {
      metrics.write(Map.of("step", 3));
    }
    assertEquals(
        List.of("{\"step\":1,\"objective\":2.5}", "{\"step\":2}", "{\"step\":3}"),
        Files.readAllLines(log));
  }

  private static List<Long> steps(Path log) throws IOException {
    assertEquals(MetricsLog.read(log).size(), Files.readAllLines(log).size());
    return MetricsLog.read(log).stream()
        .map((JsonObject row) -> row.get("step").getAsLong())
        .toList();
  }
}
