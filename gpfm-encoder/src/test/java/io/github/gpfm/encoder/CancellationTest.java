package io.github.gpfm.encoder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.gpfm.api.CancelledException;
import io.github.gpfm.api.EncoderException;
import io.github.gpfm.api.TokenOutput;
import java.awt.image.BufferedImage;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class CancellationTest {
  private static final BufferedImage IMAGE = new BufferedImage(16, 16, BufferedImage.TYPE_INT_RGB);

  private final GpfmEncoder encoder = GpfmEncoder.builder().batchSize(1).build();

  @Test
  void anInterruptEndsTheCallAfterTheBatchesUnderWay() throws InterruptedException {
    AtomicInteger loaded = new AtomicInteger();
    CountDownLatch begun = new CountDownLatch(5);
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    AtomicReference<Boolean> flag = new AtomicReference<>(false);
    Thread caller =
        new Thread(
            () -> {
              try {
                encoder.embed(
                    1_000_000,
                    i -> {
                      loaded.incrementAndGet();
                      begun.countDown();
                      return IMAGE;
                    },
                    TokenOutput.CLASS_TOKEN,
                    (first, part) -> {});
              } catch (RuntimeException e) {
                thrown.set(e);
                flag.set(Thread.currentThread().isInterrupted());
              }
            });
    caller.start();
    assertTrue(begun.await(30, TimeUnit.SECONDS));
    caller.interrupt();
    caller.join();
    int after = loaded.get();
    assertInstanceOf(CancelledException.class, thrown.get());
    assertTrue(flag.get(), "the interrupt flag");
    Thread.sleep(50);
    assertEquals(after, loaded.get(), "nothing goes on");
    assertTrue(after < 1_000_000);
    assertEquals(1, encoder.embed(List.of(IMAGE)).count());
    encoder.close();
  }

  @Test
  void anInterruptIsHeardWhereNothingIsWaitedFor() {
    AtomicInteger sunk = new AtomicInteger();
    assertThrows(
        CancelledException.class,
        () ->
            encoder.embed(
                3,
                i -> IMAGE,
                TokenOutput.CLASS_TOKEN,
                (first, part) -> {
                  sunk.incrementAndGet();
                  pause(); // The other batches end meanwhile.
                  Thread.currentThread().interrupt();
                }));
    assertTrue(Thread.interrupted(), "the interrupt flag");
    assertEquals(1, sunk.get());
    encoder.close();
  }

  private static void pause() {
    try {
      Thread.sleep(500);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void acancelledFutureEndsItsWork() throws Exception {
    List<BufferedImage> many = Collections.nCopies(200_000, IMAGE);
    CompletableFuture<?> future = encoder.embedAsync(many);
    Thread.sleep(100);
    assertTrue(future.cancel(true));
    assertThrows(CancellationException.class, future::join);
    long start = System.nanoTime();
    // Waits for what is still under way: a batch, not the rest of the images.
    encoder.close();
    assertTrue(System.nanoTime() - start < 20_000_000_000L);
  }

  @Test
  void closingFromWithinACallIsRefusedAndDoesNotWaitForItself() {
    EncoderException sink =
        assertThrows(
            EncoderException.class,
            () ->
                encoder.embed(
                    3, i -> IMAGE, TokenOutput.CLASS_TOKEN, (first, part) -> encoder.close()));
    assertTrue(sink.getMessage().contains("close()"), sink.getMessage());
    EncoderException source =
        assertThrows(
            EncoderException.class,
            () ->
                encoder.embed(
                    3,
                    i -> {
                      encoder.close();
                      return IMAGE;
                    },
                    TokenOutput.CLASS_TOKEN,
                    (first, part) -> {}));
    assertTrue(source.getMessage().contains("close()"), source.getMessage());
    assertEquals(1, encoder.embed(List.of(IMAGE)).count());
    encoder.close();
  }

  @Test
  void closingFromAFuturesCallbackCloses() {
    encoder.embedAsync(List.of(IMAGE)).thenRun(encoder::close).join();
    CompletionException e =
        assertThrows(CompletionException.class, () -> encoder.embedAsync(List.of(IMAGE)).join());
    assertInstanceOf(EncoderException.class, e.getCause());
  }
}
