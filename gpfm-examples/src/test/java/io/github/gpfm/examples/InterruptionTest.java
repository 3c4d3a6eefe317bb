package io.github.gpfm.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class InterruptionTest {
  /** A program in which the signal comes before the command has begun. */
  static final class SignalFirst {
    private SignalFirst() {}

    /** Ends with 3, as an exit is under way when the command begins. */
    public static void main(String[] args) {
      Runtime.getRuntime()
          .addShutdownHook(
              new Thread(
                  () -> {
                    Thread command = new Thread(() -> Gpfm.main(new String[] {"--version"}));
                    command.setDaemon(true);
                    command.start();
                    try {
                      command.join(2000);
                    } catch (InterruptedException e) {
                      Thread.currentThread().interrupt();
                    }
                  }));
      System.exit(3);
    }
  }

  @Test
  @Timeout(60)
  void aSignalBeforeTheCommandBeginsEndsItInSilence(@TempDir Path folder)
      throws IOException, InterruptedException {
    Path out = folder.resolve("out");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                SignalFirst.class.getName())
            .redirectErrorStream(true)
            .redirectOutput(out.toFile())
            .start();
    assertEquals(3, process.waitFor());
    assertEquals("", Files.readString(out));
  }

  @Test
  void theExitCodeIsThatOfTheSignal() throws InterruptedException {
    assertEquals(143, Interruption.exitCode());
    for (String signal : new String[] {"INT", "HUP", "TERM"}) {
      CountDownLatch over = new CountDownLatch(1);
      Thread handler =
          new Thread(
              () -> {
                try {
                  over.await();
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
              },
              "SIG" + signal + " handler");
      handler.start();
      try {
        int code = signal.equals("INT") ? 130 : signal.equals("HUP") ? 129 : 143;
        assertEquals(code, Interruption.exitCode(), signal);
      } finally {
        over.countDown();
        handler.join();
      }
    }
  }
}
