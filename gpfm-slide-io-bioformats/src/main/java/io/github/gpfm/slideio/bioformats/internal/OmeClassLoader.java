package io.github.gpfm.slideio.bioformats.internal;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.Enumeration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Loads Bio-Formats from the user's class path once more, apart from all else there. OME's JPEG
 * 2000 library and the one of {@code gpfm-slide-io} have different classes of the same names
 * ({@code jj2000}); on one class path only one of the two can work. Here OME's come first, and
 * nobody else sees them.
 */
final class OmeClassLoader extends ClassLoader {
  /**
   * Bio-Formats, OME's imaging library, and Kryo, which looks up Bio-Formats' classes by name when
   * it reads memo files. What loads native code (libjpeg-turbo) is shared: a JVM loads it once.
   */
  private static final List<String> OWN =
      List.of("loci.", "ome.", "jj2000.", "com.sun.media.", "com.esotericsoftware.");

  /** Lies in OME's imaging library alone. */
  private static final String MARKER =
      "com/sun/media/imageioimpl/plugins/jpeg2000/J2KImageReader.class";

  static {
    registerAsParallelCapable();
  }

  private final ClassLoader source;
  private final @Nullable String preferred;

  /**
   * @param source has Bio-Formats
   */
  OmeClassLoader(ClassLoader source) {
    super("gpfm-bioformats", source);
    this.source = source;
    URL marker = source.getResource(MARKER);
    this.preferred = marker == null ? null : location(marker, MARKER);
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (OWN.stream().noneMatch(name::startsWith)) {
      return super.loadClass(name, resolve);
    }
    synchronized (getClassLoadingLock(name)) {
      Class<?> loaded = findLoadedClass(name);
      return loaded == null ? define(name) : loaded;
    }
  }

  private Class<?> define(String name) throws ClassNotFoundException {
    String path = name.replace('.', '/') + ".class";
    try {
      URL url = find(path);
      if (url == null) {
        throw new ClassNotFoundException(name);
      }
      try (InputStream in = url.openStream()) {
        byte[] bytes = in.readAllBytes();
        return defineClass(name, bytes, 0, bytes.length);
      }
    } catch (IOException e) {
      throw new ClassNotFoundException(name, e);
    }
  }

  /** The class in OME's imaging library if it is there, else the first on the class path. */
  private @Nullable URL find(String path) throws IOException {
    URL first = null;
    for (Enumeration<URL> urls = source.getResources(path); urls.hasMoreElements(); ) {
      URL url = urls.nextElement();
      if (location(url, path).equals(preferred)) {
        return url;
      }
      first = first == null ? url : first;
    }
    return first;
  }

  private static String location(URL url, String path) {
    String whole = url.toString();
    return whole.substring(0, whole.length() - path.length());
  }
}
