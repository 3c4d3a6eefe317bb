package io.github.gpfm.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoctorCommandTest {
  @TempDir Path folder;

  @Test
  void jsonNamesWhatIsInUseAndComparesTheProcessorWithItself() {
    CommandRun run = CommandRun.of("doctor", "--device", "cpu", "--json").succeeded();
    JsonObject all = JsonParser.parseString(run.out()).getAsJsonObject();
    assertEquals("2.7.1", all.getAsJsonObject("PyTorch").get("version").getAsString());
    assertTrue(all.getAsJsonObject("folders").has("cache"), run.out());
    String jpeg = all.getAsJsonObject("slides").get("JPEG").getAsString();
    assertTrue(jpeg.matches("libjpeg-turbo \\(.+\\)|Java's decoder: .+"), jpeg);
    JsonObject check = all.getAsJsonObject("check on cpu()");
    assertEquals(0, check.get("features differ by").getAsDouble(), 1e-5);
    assertEquals(0, check.get("parameters differ by").getAsDouble(), 1e-5);
    assertEquals(0, all.getAsJsonArray("problems").size());
  }

  @Test
  void aGpuThatIsAskedForAndNotThereIsASentenceAndExitOne() {
    CommandRun run = CommandRun.of("doctor", "--device", "cuda:63");
    assertEquals(1, run.exitCode());
    assertTrue(run.err().contains("GPU 63 is not there"), run.err());
    assertTrue(run.err().contains("docs/gpu.md"), run.err());
    assertTrue(run.out().contains("PyTorch"), run.out());
  }

  @Test
  void ratesAndTheBottleneckAreMeasured() {
    String out = CommandRun.of("doctor", "--device", "cpu", "--bench").succeeded().out();
    for (String name :
        new String[] {
          "JPEG tiles/s a thread", "bundled model images/s", "training step s", "bottleneck"
        }) {
      assertTrue(out.contains(name), out);
    }
  }

  @Test
  void anEnvironmentWithoutPyTorchIsASentence() {
    CommandRun run = CommandRun.of("doctor", "--find-natives", folder.toString());
    assertEquals(1, run.exitCode());
    assertTrue(run.err().contains("has no PyTorch"), run.err());
  }
}
