package io.github.gpfm.distill.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.github.gpfm.distill.config.DistillConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A JVM killed without warning loses nothing but the steps since its last checkpoint. */
class KillTest {
  @TempDir Path folder;

  /** The run of a child JVM: the folder as argument. */
  public static final class Child {
    private Child() {}

    /** Trains; waits for its end after step 7 so that the parent can kill it there. */
    public static void main(String[] args) {
      train(Path.of(args[0]), Long.parseLong(args[1]));
    }
  }

  @Test
  void killedJvmResumesBitEqual() throws IOException, InterruptedException {
    Path whole = folder.resolve("whole");
    Path killed = folder.resolve("killed");
    train(whole, -1);
    Process child =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElse("java"),
                "-cp",
                System.getProperty("java.class.path"),
                "-Dai.djl.offline=true",
                Child.class.getName(),
                killed.toString(),
                "7")
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("child.log").toFile())
            .start();
    Path marker = killed.resolve("waiting");
    for (int i = 0; i < 1200 && child.isAlive() && !Files.exists(marker); i++) {
      Thread.sleep(100);
    }
    assertTrue(Files.exists(marker), () -> log());
    child.destroyForcibly();
    assertTrue(child.waitFor(60, TimeUnit.SECONDS));
    assertEquals(List.of(5L), steps(killed));
    train(killed, -1);
    List<JsonObject> expected = MetricsLog.read(whole.resolve("metrics.jsonl"));
    List<JsonObject> actual = MetricsLog.read(killed.resolve("metrics.jsonl"));
    assertEquals(expected.size(), actual.size());
    for (int i = 0; i < expected.size(); i++) {
      assertEquals(
          expected.get(i).get("objective"), actual.get(i).get("objective"), "step " + (i + 1));
    }
  }

  private String log() {
    try {
      return Files.readString(folder.resolve("child.log"));
    } catch (IOException e) {
      return e.toString();
    }
  }

  private static List<Long> steps(Path run) {
    return new Checkpoints(run, 9).list().stream().map(Checkpoints::steps).toList();
  }

  private static void train(Path out, long waitAfter) {
    DistillConfig config = TinyRuns.config();
    try (Trainer trainer = new Trainer(config, new RandomTiles(9, 64), TinyRuns.experts(), out)) {
      trainer.run(
          (done, total, result) -> {
            if (done == waitAfter) {
              try {
                Files.createFile(out.resolve("waiting"));
                Thread.sleep(600_000);
              } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
              }
            }
          });
    }
  }
}
