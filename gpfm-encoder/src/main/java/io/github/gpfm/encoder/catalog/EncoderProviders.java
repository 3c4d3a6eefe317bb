package io.github.gpfm.encoder.catalog;

import io.github.gpfm.api.EncoderProvider;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

/** The encoders that other jars bring. */
public final class EncoderProviders {
  private EncoderProviders() {}

  /**
   * The providers by the names of their encoders, in the order they are found.
   *
   * @throws CatalogException if a provider cannot be loaded, or brings a name that the catalogue or
   *     another provider has
   */
  public static Map<String, EncoderProvider> all() {
    Map<String, EncoderProvider> found = new LinkedHashMap<>();
    try {
      for (EncoderProvider provider :
          ServiceLoader.load(EncoderProvider.class, EncoderProviders.class.getClassLoader())) {
        for (String name : provider.names()) {
          add(found, name.toLowerCase(Locale.ROOT), provider);
        }
      }
    } catch (ServiceConfigurationError e) {
      throw new CatalogException(
          "An encoder provider on the class path cannot be loaded (%s); remove or repair its jar."
              .formatted(e.getMessage()),
          e);
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
                  other == null ? "the catalogue" : other.getClass().getName()));
    }
    found.put(name, provider);
  }

  /** The provider of an encoder, case ignored; empty if none brings it. */
  public static Optional<EncoderProvider> find(String name) {
    return Optional.ofNullable(all().get(name.toLowerCase(Locale.ROOT)));
  }
}
