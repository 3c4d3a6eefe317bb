package io.github.gpfm.testkit;

import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;

/** Memory of direct buffers: outside the heap, and free only when the collector comes by. */
public final class DirectMemory {
  private static final BufferPoolMXBean POOL =
      ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
          .filter(pool -> pool.getName().equals("direct"))
          .findFirst()
          .orElseThrow();

  private DirectMemory() {}

  /** Bytes in use by this JVM now. */
  public static long used() {
    return POOL.getMemoryUsed();
  }
}
