package io.github.gpfm.support;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.gpfm.api.TilingException;
import io.github.gpfm.api.WeightsException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class BudgetTest {
  private static Budget budget(Duration time) {
    return Budget.of("a\u001b[2Jb.h5", new Limits(1000, 50, 3, 10, time), WeightsException::new);
  }

  private static void refuses(String bound, Runnable use) {
    WeightsException e = assertThrows(WeightsException.class, use::run);
    assertTrue(e.getMessage().contains("a\\x1b[2Jb.h5"), e.getMessage());
    assertTrue(e.getMessage().contains("gpfm.limit." + bound), e.getMessage());
  }

  @Test
  void everyBoundIsCountedAndNamed() {
    Budget budget = budget(Duration.ofMinutes(1));
    budget.bytes(600, "a table");
    assertEquals(400, budget.bytesLeft());
    refuses("bytes", () -> budget.bytes(401, "a table"));
    refuses("bytes", () -> budget.bytes(-1, "a table"));
    refuses("bytes", () -> budget.bytes(Long.MAX_VALUE, "a table"));
    budget.bytes(400, "a table");
    budget.objects(50);
    refuses("objects", () -> budget.objects(1));
    refuses("objects", () -> budget.objects(Long.MIN_VALUE));
    budget.enter();
    budget.leave();
    for (int i = 0; i < 3; i++) {
      budget.enter();
    }
    refuses("depth", budget::enter);
    budget.name(10, "a key");
    refuses("name", () -> budget.name(11, "a key"));
    refuses("seconds", () -> budget(Duration.ofNanos(1)).time());
  }

  @Test
  void nothingOfALibraryPassesItsDoor() {
    Budget budget = budget(Duration.ofMinutes(1));
    for (Throwable thrown :
        new Throwable[] {
          new ArithmeticException("/ by zero"),
          new IndexOutOfBoundsException(),
          new StackOverflowError(),
          new OutOfMemoryError("Java heap space"),
          new NoClassDefFoundError("x"),
          new AssertionError("x")
        }) {
      WeightsException e =
          assertThrows(
              WeightsException.class,
              () ->
                  budget.open(
                      "an HDF5 file",
                      () -> {
                        BudgetTest.<RuntimeException>raise(thrown);
                        return null;
                      }));
      assertSame(thrown, e.getCause());
      assertTrue(e.getMessage().startsWith("a\\x1b[2Jb.h5 "), e.getMessage());
    }
    TilingException own = new TilingException("own");
    assertSame(
        own,
        assertThrows(
            TilingException.class,
            () ->
                budget.open(
                    "an HDF5 file",
                    () -> {
                      throw own;
                    })));
  }

  @SuppressWarnings("unchecked")
  private static <T extends Throwable> void raise(Throwable thrown) throws T {
    throw (T) thrown;
  }

  @Test
  void textFromStrangersIsShownAndNotObeyed() {
    assertEquals("a\\x1b[31mb\\n\\tc\\x7f\\x9b", Printable.of("a\u001b[31mb\n\tc\u007f\u009b"));
    assertEquals("a\\n\tb\\x1b", Printable.tabbed("a\n\tb\u001b"));
    assertEquals(
        "{\n\"a\": \"\\u009b2J\\u202e\"\n}", Printable.json("{\n\"a\": \"\u009b2J\u202e\"\n}"));
    assertEquals("\\u202egnp.exe", Printable.of("\u202egnp.exe"));
    assertEquals("Gewebe ü µm 組織", Printable.of("Gewebe ü µm 組織"));
    assertEquals("ab...", Printable.line("abc", 2));
  }
}
