package io.github.gpfm.pipeline.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Everything that was opened ahead is handed out or discarded, however it ends. */
class OrderedPrefetchTest {
  private final ExecutorService executor = Executors.newSingleThreadExecutor();
  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch go = new CountDownLatch(1);
  private final AtomicInteger opened = new AtomicInteger();
  private final AtomicInteger discarded = new AtomicInteger();

  private int open() throws InterruptedException {
    begun.countDown();
    go.await();
    return opened.incrementAndGet();
  }

  private OrderedPrefetch<Integer> three() {
    Callable<Integer> one = this::open;
    return new OrderedPrefetch<>(executor, List.of(one, one, one).iterator(), 2);
  }

  @AfterEach
  void end() {
    executor.shutdownNow();
  }

  @Test
  void whatRunsWhenItIsDroppedIsDiscarded() throws InterruptedException {
    OrderedPrefetch<Integer> prefetch = three();
    begun.await();
    Thread later =
        new Thread(
            () -> {
              try {
                Thread.sleep(100);
              } catch (InterruptedException e) {
                throw new AssertionError(e);
              }
              go.countDown();
            });
    later.start();
    prefetch.cancel(each -> discarded.incrementAndGet());
    later.join();
    assertEquals(1, opened.get(), "what had not begun does not begin");
    assertEquals(opened.get(), discarded.get());
  }

  @Test
  void anInterruptWhileWaitingLosesNothing() {
    OrderedPrefetch<Integer> prefetch = three();
    assertFalse(prefetch.isReady());
    Thread.currentThread().interrupt();
    assertThrows(InterruptedException.class, prefetch::next);
    go.countDown();
    prefetch.cancel(each -> discarded.incrementAndGet());
    assertEquals(opened.get(), discarded.get());
  }
}
