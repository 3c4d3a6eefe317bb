package io.github.gpfm.support;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ServicesTest {
  /** A service with one sound provider among broken ones. */
  public interface Greeter {
    String greet();
  }

  /** Sound. */
  public static final class Polite implements Greeter {
    @Override
    public String greet() {
      return "good day";
    }
  }

  /** Needs what is not there. */
  public static final class Broken implements Greeter {
    /** Fails as a class does whose library is missing. */
    public Broken() {
      throw new NoClassDefFoundError("org/example/Missing");
    }

    @Override
    public String greet() {
      return "never";
    }
  }

  /** Listed by mistake. */
  public static final class NotAGreeter {}

  @Test
  void brokenProvidersAreNamedAndTheOthersFound() {
    Services<Greeter> services = Services.load(Greeter.class, ServicesTest.class);

    assertEquals("good day", services.found().get(0).greet());
    assertEquals(1, services.found().size());
    assertEquals(3, services.failures().size(), services.failures().toString());
    assertTrue(services.failures().get(0).contains("NoSuchGreeter"), services.toString());
    assertTrue(services.failures().get(1).contains("org/example/Missing"), services.toString());
    assertTrue(services.failures().get(2).contains("NotAGreeter"), services.toString());
  }
}
