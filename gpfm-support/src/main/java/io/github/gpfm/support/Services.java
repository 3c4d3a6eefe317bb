package io.github.gpfm.support;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The providers of a service on the class path. One that cannot be loaded, for instance because a
 * jar it needs is missing, does not keep the others from being found.
 *
 * @param found the providers that were loaded, in class path order
 * @param failures one line about each that was not, naming its class, or what its class lacks, and
 *     why
 */
public record Services<T>(List<T> found, List<String> failures) {
  private static final Logger LOG = LoggerFactory.getLogger(Services.class);
  private static final Set<String> WARNED = ConcurrentHashMap.newKeySet();

  /** Copies the lists. */
  public Services {
    found = List.copyOf(found);
    failures = List.copyOf(failures);
  }

  /**
   * Loads all providers; each failure is logged as a warning, once in the life of the JVM.
   *
   * @param service the interface
   * @param user whose class loader is asked
   */
  public static <T> Services<T> load(Class<T> service, Class<?> user) {
    List<T> found = new ArrayList<>();
    List<String> failures = new ArrayList<>();
    Iterator<ServiceLoader.Provider<T>> providers =
        ServiceLoader.load(service, user.getClassLoader()).stream().iterator();
    while (next(service, providers, found, failures)) {}
    for (String failure : failures) {
      if (WARNED.add(failure)) {
        LOG.warn("A {} is left out: {}", service.getSimpleName(), failure);
      }
    }
    return new Services<>(found, failures);
  }

  private static <T> boolean next(
      Class<T> service,
      Iterator<ServiceLoader.Provider<T>> providers,
      List<T> found,
      List<String> failures) {
    try {
      if (!providers.hasNext()) {
        return false;
      }
      found.add(providers.next().get());
    } catch (ServiceConfigurationError e) {
      String reason = String.valueOf(e.getMessage());
      failures.add(
          Printable.of(e.getCause() == null ? reason : reason + " (" + e.getCause() + ")"));
    } catch (LinkageError e) {
      // The loader does not wrap what is wrong with a provider's superclass, nor names the
      // provider.
      failures.add(
          Printable.of(service.getName() + ": a provider's class cannot be linked (" + e + ")"));
    }
    return true;
  }
}
