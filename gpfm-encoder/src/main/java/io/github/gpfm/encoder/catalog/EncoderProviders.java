package io.github.gpfm.encoder.catalog;

import io.github.gpfm.api.EncoderProvider;
import io.github.gpfm.support.Services;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The encoders that other jars bring. A provider that cannot be loaded is logged as a warning and
 * does not keep the others from being found.
 */
public final class EncoderProviders {
  private EncoderProviders() {}

  /**
   * The providers by the names of their encoders, in the order they are found.
   *
   * @throws CatalogException if a provider brings a name that the catalog or another provider has
   */
  public static Map<String, EncoderProvider> all() {
    return byName(load());
  }

  private static Services<EncoderProvider> load() {
    return Services.load(EncoderProvider.class, EncoderProviders.class);
  }

  private static Map<String, EncoderProvider> byName(Services<EncoderProvider> providers) {
    Map<String, EncoderProvider> found = new LinkedHashMap<>();
    for (EncoderProvider provider : providers.found()) {
      for (String name : provider.names()) {
        add(found, name.toLowerCase(Locale.ROOT), provider);
      }
    }
    return found;
  }

  private static void add(
      Map<String, EncoderProvider> found, String name, EncoderProvider provider) {
    EncoderProvider other = found.get(name);
    if (Encoders.catalog().has(name) || other != null) {
      throw new CatalogException(
          "Encoder provider %s brings '%s', which %s has already; rename its encoder."
              .formatted(
                  provider.getClass().getName(),
                  name,
                  other == null ? "the catalog" : other.getClass().getName()));
    }
    found.put(name, provider);
  }

  /**
   * The provider of an encoder, case ignored; empty if none brings it.
   *
   * @throws CatalogException as {@link #all}, or if the encoder is not found while providers that
   *     may bring it cannot be loaded
   */
  public static Optional<EncoderProvider> find(String name) {
    return find(name, load());
  }

  static Optional<EncoderProvider> find(String name, Services<EncoderProvider> providers) {
    EncoderProvider found = byName(providers).get(name.toLowerCase(Locale.ROOT));
    if (found == null && !providers.failures().isEmpty() && !Encoders.catalog().has(name)) {
      throw new CatalogException(
          "There is no encoder '%s' among those that could be loaded; left out are: %s. Repair or remove their jars."
              .formatted(name, String.join("; ", providers.failures())));
    }
    return Optional.ofNullable(found);
  }
}
