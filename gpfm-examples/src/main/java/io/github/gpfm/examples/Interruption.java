package io.github.gpfm.examples;

import com.sun.jna.Function;
import com.sun.jna.Platform;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The end of the command by a signal: the thread that runs it is interrupted, so that files half
 * written are removed and native calls come to their end before the libraries unload. What does not
 * stop in time is ended without unloading: that crashes under a call.
 */
final class Interruption {
  private static final int PATIENCE_SECONDS = 20;
  private static final int SIGTERM_EXIT = 143;

  private static volatile boolean requested;
  private static volatile boolean ownOrder;

  private final Thread main;
  private final CountDownLatch done = new CountDownLatch(1);

  private Interruption(Thread main) {
    this.main = main;
  }

  /** Watches for signals from now on; to be called by the thread that runs the command. */
  static Interruption install() {
    System.setProperty("gpfm.exit", "program");
    Interruption interruption = new Interruption(Thread.currentThread());
    Runtime.getRuntime().addShutdownHook(new Thread(interruption::onExit, "gpfm-interruption"));
    return interruption;
  }

  /** Whether the command was asked to stop. */
  static boolean requested() {
    return requested;
  }

  /** From now on the command's own shutdown hook ends it, in an order of its own. */
  static void endsInOwnOrder() {
    ownOrder = true;
  }

  /** The command has ended; the program may. */
  void done() {
    done.countDown();
  }

  private void onExit() {
    if (done.getCount() == 0 || ownOrder) {
      return;
    }
    requested = true;
    main.interrupt();
    try {
      if (done.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
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
    if (Platform.isWindows()) {
      Runtime.getRuntime().halt(SIGTERM_EXIT);
    }
    Function.getFunction(Platform.C_LIBRARY_NAME, "_exit").invoke(new Object[] {SIGTERM_EXIT});
  }
}
