package io.github.gpfm.examples;

import io.github.gpfm.support.Printable;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Standard output or error, on which control characters of file and class names are shown and not
 * obeyed: whoever names a slide must not be able to rewrite the user's screen.
 */
final class TerminalStream extends PrintStream {
  private static final int ESCAPED_FROM = 0x80;
  private static final int ESCAPED_TO = 0x9f;

  /** Escapes bytes as they come; sequences of UTF-8 may be split between two writes. */
  private static final class Escaping extends OutputStream {
    private final PrintStream out;
    private final boolean utf8;
    private int lead;

    Escaping(PrintStream out, Charset charset) {
      this.out = out;
      this.utf8 = charset.equals(StandardCharsets.UTF_8);
    }

    @Override
    public void write(int value) {
      int b = value & 0xff;
      if (lead != 0) {
        int first = lead;
        lead = 0;
        if (b >= ESCAPED_FROM && b <= ESCAPED_TO) {
          show(b);
          return;
        }
        out.write(first);
      }
      if (utf8 && b == 0xc2) {
        lead = b;
      } else if ((b < ' ' && b != '\n' && b != '\t' && b != '\r')
          || b == 0x7f
          || (!utf8 && b >= ESCAPED_FROM && b <= ESCAPED_TO)) {
        show(b);
      } else {
        out.write(b);
      }
    }

    private void show(int control) {
      byte[] shown = String.format("\\x%02x", control).getBytes(StandardCharsets.US_ASCII);
      out.write(shown, 0, shown.length);
    }

    @Override
    public void flush() {
      out.flush();
    }
  }

  private final PrintStream out;

  TerminalStream(PrintStream out, Charset charset) {
    super(new Escaping(out, charset), true, charset);
    this.out = out;
  }

  /** One line, whatever the names in it; text of several lines is for {@link #print}. */
  @Override
  public void println(@Nullable String line) {
    super.println(Printable.tabbed(String.valueOf(line)));
  }

  @Override
  public void println(@Nullable Object value) {
    println(String.valueOf(value));
  }

  /** Line ends belong to the format; those in a name are shown. */
  @Override
  public PrintStream format(String format, @Nullable Object... values) {
    return super.format(format, printable(values));
  }

  @Override
  public PrintStream format(@Nullable Locale locale, String format, @Nullable Object... values) {
    return super.format(locale, format, printable(values));
  }

  /** A writer to a terminal stream under the same rules. */
  static PrintWriter writer(PrintStream out) {
    return new PrintWriter(out, true) {
      @Override
      public void println(@Nullable String line) {
        super.println(Printable.tabbed(String.valueOf(line)));
      }

      @Override
      public void println(@Nullable Object value) {
        println(String.valueOf(value));
      }

      @Override
      public PrintWriter format(String format, @Nullable Object... values) {
        return super.format(format, printable(values));
      }

      @Override
      public PrintWriter format(
          @Nullable Locale locale, String format, @Nullable Object... values) {
        return super.format(locale, format, printable(values));
      }
    };
  }

  private static @Nullable Object[] printable(@Nullable Object[] values) {
    @Nullable Object[] shown = values.clone();
    for (int i = 0; i < shown.length; i++) {
      if (shown[i] instanceof CharSequence
          || shown[i] instanceof Path
          || shown[i] instanceof Iterable) {
        shown[i] = Printable.of(String.valueOf(shown[i]));
      }
    }
    return shown;
  }

  /** Whether something could not be written, for instance since the disk is full. */
  @Override
  public boolean checkError() {
    return super.checkError() | out.checkError();
  }
}
