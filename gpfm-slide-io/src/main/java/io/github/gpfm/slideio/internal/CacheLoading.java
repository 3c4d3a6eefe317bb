package io.github.gpfm.slideio.internal;

import com.google.common.cache.Cache;
import com.google.common.util.concurrent.UncheckedExecutionException;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;

/** Loads a value into a cache once for all threads that want it, and fails as its loader fails. */
public final class CacheLoading {
  private CacheLoading() {}

  /**
   * The cached value, loaded if it is missing.
   *
   * @throws RuntimeException the loader's own
   */
  public static <K, V> V get(Cache<K, V> cache, K key, Supplier<V> loader) {
    try {
      return cache.get(key, loader::get);
    } catch (UncheckedExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw e;
    } catch (ExecutionException e) {
      // A supplier throws no checked exception.
      throw new IllegalStateException(e);
    }
  }
}
