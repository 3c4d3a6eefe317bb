package io.github.gpfm.spark.internal;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class TaskThreadsTest {
  @Test
  void noThreadRunsOnAfterAFailure() {
    CountDownLatch begun = new CountDownLatch(1);
    AtomicBoolean through = new AtomicBoolean();
    assertThrows(
        LinkageError.class,
        () ->
            TaskThreads.map(
                List.of(0, 1),
                2,
                number -> {
                  if (number == 0) {
                    begun.await();
                    throw new LinkageError("none");
                  }
                  begun.countDown();
                  long end = System.nanoTime() + 200_000_000;
                  while (System.nanoTime() < end) {
                    Thread.onSpinWait();
                  }
                  through.set(true);
                  return number;
                }));
    assertTrue(through.get());
  }
}
