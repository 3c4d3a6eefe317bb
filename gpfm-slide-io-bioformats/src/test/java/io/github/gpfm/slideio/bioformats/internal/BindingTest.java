package io.github.gpfm.slideio.bioformats.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import org.junit.jupiter.api.Test;

/** Calling by name what is unknown when compiling. */
class BindingTest {
  /** Our view of a class that shares no type with it. */
  interface View {
    int add(int left, int right);

    Object join(Object one, Object other) throws Exception;

    void nothing();
  }

  /** What a library might offer. */
  public static class Library {
    private int calls;

    public int add(int left, int right) {
      return left + right;
    }

    public String join(String one, List<String> other) throws IOException {
      if (other.isEmpty()) {
        throw new IOException("nothing to join");
      }
      return one + other;
    }

    public Library nothing() {
      calls++;
      return this;
    }
  }

  /** A version that lacks a method. */
  public static class Older {
    public int add(int left, int right) {
      return left + right;
    }

    public void nothing() {}
  }

  @Test
  void callsGoToMethodsOfTheSameNameAndParameters() throws Exception {
    Library library = new Library();
    View view = new Duck<>(View.class, Library.class).view(library);
    assertEquals(5, view.add(2, 3));
    assertEquals("a[b]", view.join("a", List.of("b")));
    view.nothing();
    assertEquals(1, library.calls);
    assertEquals(library.toString(), view.toString());
  }

  @Test
  void exceptionsArriveAsTheyWereThrown() throws Exception {
    View view = new Duck<>(View.class, Library.class).view(new Library());
    assertEquals(
        "nothing to join",
        assertThrows(IOException.class, () -> view.join("a", List.of())).getMessage());
  }

  @Test
  void aMissingMethodIsNamedAtOnce() {
    NoSuchMethodException error =
        assertThrows(NoSuchMethodException.class, () -> new Duck<>(View.class, Older.class));
    assertTrue(error.getMessage().contains("Older.join"), error.getMessage());
  }

  @Test
  void theJdkDecodesJpegFirst() {
    JpegPlugins.preferJdk();
    JpegPlugins.preferJdk();
    Iterator<ImageReader> readers = ImageIO.getImageReadersByFormatName("jpeg");
    assertEquals(
        "com.sun.imageio.plugins.jpeg.JPEGImageReader", readers.next().getClass().getName());
  }
}
