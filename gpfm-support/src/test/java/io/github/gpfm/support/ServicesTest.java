package io.github.gpfm.support;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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

  /** A superclass that {@link Hiding} does not find. */
  public static class Parent {}

  /** Cannot be linked without it. */
  public static final class Orphan extends Parent implements Greeter {
    @Override
    public String greet() {
      return "never";
    }
  }

  /** Asks for services by {@link Hiding}. */
  public static final class User {}

  /** Lists an orphan and a sound provider. */
  private static final class Hiding extends URLClassLoader {
    Hiding(URL services) {
      super(new URL[] {services}, ServicesTest.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (name.equals(Parent.class.getName())) {
        throw new ClassNotFoundException(name);
      }
      if (!name.equals(Orphan.class.getName()) && !name.equals(User.class.getName())) {
        return super.loadClass(name, resolve);
      }
      try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
        byte[] bytes = Objects.requireNonNull(in).readAllBytes();
        return defineClass(name, bytes, 0, bytes.length);
      } catch (IOException e) {
        throw new ClassNotFoundException(name, e);
      }
    }
  }

  @Test
  void aProviderWithoutItsSuperclassDoesNotHideTheOthers(@TempDir Path folder) throws Exception {
    Path list = folder.resolve("META-INF/services").resolve(Greeter.class.getName());
    Files.createDirectories(list.getParent());
    Files.writeString(list, Orphan.class.getName());
    try (Hiding loader = new Hiding(folder.toUri().toURL())) {
      Class<?> user = loader.loadClass(User.class.getName());
      Services<Greeter> services = Services.load(Greeter.class, user);
      assertEquals(1, services.found().size());
      assertEquals(4, services.failures().size(), services.failures().toString());
      String orphan = services.failures().get(3);
      assertTrue(orphan.contains("ServicesTest$Greeter"), orphan);
      assertTrue(orphan.contains("ServicesTest$Parent"), orphan);
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
