package io.github.gpfm.slideio.bioformats.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class DeadlineTest {
  private final Deadline patient = new Deadline(Duration.ofSeconds(60));
  private final Deadline hasty = new Deadline(Duration.ofMillis(50));

  @Test
  void resultsAndFailuresComeThrough() throws Exception {
    assertEquals(7, patient.call(() -> 7, late -> {}));
    IOException failure = new IOException("no");
    assertEquals(
        failure,
        assertThrows(
            IOException.class,
            () ->
                patient.call(
                    () -> {
                      throw failure;
                    },
                    late -> {})));
  }

  @Test
  void whatNeverAnswersIsLeftBehindAndItsLateResultDisposedOf() throws Exception {
    AtomicBoolean released = new AtomicBoolean();
    BlockingQueue<String> disposed = new ArrayBlockingQueue<>(1);
    Deadline.Exceeded failure =
        assertThrows(
            Deadline.Exceeded.class, () -> hasty.call(() -> spinUntil(released), disposed::add));
    assertTrue(failure.getMessage().contains("gpfm.bioformats.timeoutSeconds"));
    released.set(true);
    assertEquals("late", disposed.poll(60, TimeUnit.SECONDS));
  }

  @Test
  void afterAFewThatNeverAnswerNothingIsTriedUntilOneDoes() throws Exception {
    AtomicBoolean released = new AtomicBoolean();
    BlockingQueue<String> disposed = new ArrayBlockingQueue<>(8);
    try {
      for (int i = 0; i < 4; i++) {
        assertThrows(
            Deadline.Exceeded.class, () -> hasty.call(() -> spinUntil(released), disposed::add));
      }
      Deadline.Exceeded refusal =
          assertThrows(Deadline.Exceeded.class, () -> patient.call(() -> "never", late -> {}));
      assertTrue(refusal.getMessage().contains("restart"));
    } finally {
      released.set(true);
    }
    for (int i = 0; i < 4; i++) {
      assertEquals("late", disposed.poll(60, TimeUnit.SECONDS));
    }
    assertEquals("again", untilTried());
  }

  /** The count goes down a moment after a late result is disposed of. */
  private String untilTried() throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (true) {
      try {
        return patient.call(() -> "again", late -> {});
      } catch (Deadline.Exceeded e) {
        assertTrue(System.nanoTime() < end, e.getMessage());
        Thread.sleep(10);
      }
    }
  }

  /** Like a loop over damaged data, it does not heed interrupts. */
  private static String spinUntil(AtomicBoolean released) {
    while (!released.get()) {
      Thread.onSpinWait();
    }
    return "late";
  }
}
