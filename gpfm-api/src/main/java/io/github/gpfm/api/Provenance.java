package io.github.gpfm.api;

import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * Where a result came from: enough to make it again.
 *
 * @param producer program and version, for instance {@code gpfm 0.1.0}
 * @param created when
 * @param entries facts by name, sorted, unmodifiable: {@code slide.sha256}, {@code weights.sha256},
 *     {@code encoder}, the parameters used, …
 */
public record Provenance(String producer, Instant created, Map<String, String> entries) {
  /** Copies the entries. */
  public Provenance {
    entries = Collections.unmodifiableMap(new TreeMap<>(entries));
  }

  /** This provenance with one more fact. */
  public Provenance with(String name, String value) {
    Map<String, String> more = new TreeMap<>(entries);
    more.put(name, value);
    return new Provenance(producer, created, more);
  }
}
