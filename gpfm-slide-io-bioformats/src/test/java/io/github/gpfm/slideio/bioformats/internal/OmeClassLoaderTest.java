package io.github.gpfm.slideio.bioformats.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two libraries with classes of the same names do not meet. */
class OmeClassLoaderTest {
  private static final String SHARED_NAME = "jj2000.j2k.util.MathUtil";

  @TempDir Path folder;

  private static Path put(Path root, String path, byte[] bytes) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    return Files.write(file, bytes);
  }

  private static byte[] bytes(String path) throws IOException {
    try (InputStream in = OmeClassLoaderTest.class.getResourceAsStream("/" + path)) {
      return in.readAllBytes();
    }
  }

  @Test
  void omesClassesAreApartAndAllOthersShared() throws Exception {
    ClassLoader application = OmeClassLoaderTest.class.getClassLoader();
    ClassLoader loader = new OmeClassLoader(application);
    Class<?> apart = loader.loadClass(SHARED_NAME);
    assertSame(loader, apart.getClassLoader());
    assertSame(apart, loader.loadClass(SHARED_NAME));
    assertNotSame(apart, application.loadClass(SHARED_NAME));
    assertSame(OmeClassLoaderTest.class, loader.loadClass(OmeClassLoaderTest.class.getName()));
    assertSame(String.class, loader.loadClass("java.lang.String"));
    assertThrows(ClassNotFoundException.class, () -> loader.loadClass("loci.formats.Missing"));
  }

  @Test
  void theClassBesideOmesImagingLibraryWins() throws Exception {
    String path = SHARED_NAME.replace('.', '/') + ".class";
    Path other = folder.resolve("other");
    Path ome = folder.resolve("ome");
    put(other, path, new byte[] {1, 2, 3});
    put(ome, path, bytes(path));
    put(ome, "com/sun/media/imageioimpl/plugins/jpeg2000/J2KImageReader.class", new byte[0]);
    URL[] classPath = {other.toUri().toURL(), ome.toUri().toURL()};
    try (URLClassLoader application = new URLClassLoader(classPath, null)) {
      assertEquals(SHARED_NAME, new OmeClassLoader(application).loadClass(SHARED_NAME).getName());
      assertThrows(ClassFormatError.class, () -> application.loadClass(SHARED_NAME));
    }
  }
}
