package io.github.gpfm.spark.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class EncoderPoolTest {
  @Test
  void weightsThatWereReplacedAreOpenedAnew() {
    AtomicInteger opened = new AtomicInteger();
    Object description = new Object();
    for (String weights : new String[] {"10 1", "10 1", "10 2", "10 1"}) {
      EncoderPool.get(
          Integer.class, description, weights, "cpu", device -> opened.incrementAndGet());
    }
    assertEquals(2, opened.get());
  }
}
