package io.github.gpfm.examples;

import com.sun.jna.Function;
import com.sun.jna.Platform;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The end of the command by a signal: the thread that runs it is interrupted, so that files half
 * written are removed and native calls come to their end before the libraries unload. What does not
 * stop in time is ended without unloading: that crashes under a call.
 */
final class Interruption {
  private static final int PATIENCE_SECONDS = 20;
  private static final int ORDERLY_PATIENCE_SECONDS = 600;
  private static final int SIGTERM_EXIT = 143;

  /** The JVM answers each signal in a thread of this name, which waits for the hooks to end. */
  private static final Map<String, Integer> EXIT_CODES =
      Map.of("SIGHUP handler", 129, "SIGINT handler", 130, "SIGTERM handler", SIGTERM_EXIT);

  private static volatile boolean requested;
  private static volatile @Nullable Runnable orderly;

  private final Thread main;
  private final CountDownLatch done = new CountDownLatch(1);

  private Interruption(Thread main) {
    this.main = main;
  }

  /** Watches for signals from now on; to be called by the thread that runs the command. */
  static Interruption install() {
    System.setProperty("gpfm.exit", "program");
    Interruption interruption = new Interruption(Thread.currentThread());
    try {
      Runtime.getRuntime().addShutdownHook(new Thread(interruption::onExit, "gpfm-interruption"));
    } catch (IllegalStateException e) {
      // The signal came first: this waits for the end, whose exit code is the signal's.
      System.exit(SIGTERM_EXIT);
    }
    return interruption;
  }

  /** Whether the command was asked to stop. */
  static boolean requested() {
    return requested;
  }

  /**
   * From now on a signal does not interrupt the command but asks it to stop, and its end is awaited
   * for as long as orderly work may take.
   *
   * @param stop asks; called by another thread, possibly at once
   */
  static void stopBy(Runnable stop) {
    orderly = stop;
    if (requested) {
      stop.run();
    }
  }

  /** From now on a signal interrupts the command again. */
  static void stopByInterrupt() {
    orderly = null;
  }

  /** The command has ended; the program may. */
  void done() {
    done.countDown();
  }

  private void onExit() {
    if (done.getCount() == 0) {
      return;
    }
    requested = true;
    Runnable stop = orderly;
    if (stop == null) {
      main.interrupt();
    } else {
      stop.run();
    }
    try {
      if (done.await(
          stop == null ? PATIENCE_SECONDS : ORDERLY_PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    endAtOnce();
  }

  /** Ends the process without the C library's clean-up. */
  private static void endAtOnce() {
    System.err.println("The command did not stop in time and is ended.");
    System.err.flush();
    int code = exitCode();
    if (Platform.isWindows()) {
      Runtime.getRuntime().halt(code);
    }
    Function.getFunction(Platform.C_LIBRARY_NAME, "_exit").invoke(new Object[] {code});
  }

  /** That of the signal which ends the program. */
  static int exitCode() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(thread -> EXIT_CODES.get(thread.getName()))
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(SIGTERM_EXIT);
  }
}
