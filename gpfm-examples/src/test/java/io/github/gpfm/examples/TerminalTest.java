package io.github.gpfm.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class TerminalTest {
  @TempDir private Path folder;

  @Test
  void controlCharactersAreShown() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream plain = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    try (TerminalStream out = new TerminalStream(plain, StandardCharsets.UTF_8)) {
      out.println("a\u001b[31mb\u009b2Jc\u007f\tµ ü 組");
      out.println(Path.of("x\ny"));
      out.println("name: p\nq\u202e");
      out.printf("%s of %d%n%s%n", "r\n\ts", 3, Path.of("t\nu"));
      out.print("two\nlines\n");
      TerminalStream.writer(out).printf("%s%n", "v\nw").println("x\ny");
    }
    assertEquals(
        """
        a\\x1b[31mb\\x9b2Jc\\x7f\tµ ü 組
        x\\ny
        name: p\\nq\\u202e
        r\\n\\ts of 3
        t\\nu
        two
        lines
        v\\nw
        x\\ny
        """,
        bytes.toString(StandardCharsets.UTF_8).replace("\r", ""));
  }

  @Test
  void everyFileOfASlideHasItsLine() {
    Path out = folder.resolve("out");
    CommandRun.of("sample", "--out", folder + "/s.tif", "--width", "1536", "--height", "1536")
        .succeeded();
    CommandRun run = CommandRun.of("tile", folder + "/s.tif", "--out", out.toString());
    assertEquals(0, run.exitCode(), run.err());
    assertTrue(run.out().lines().toList().contains(out.resolve("s.geojson").toString()), run.out());
    assertFalse(run.out().contains("\\n"), run.out());
  }

  @Test
  void aNameFromAStrangerIsOneLineWithoutEscapes() throws IOException {
    Path file = Files.writeString(folder.resolve("a\u001b[31m\nb.svs"), "no slide");
    CommandRun run = CommandRun.of("info", file.toString());
    assertEquals(1, run.exitCode());
    assertFalse(run.err().contains("\u001b"), run.err());
    assertEquals(1, run.err().lines().count(), run.err());
    assertTrue(run.err().contains("a\\x1b[31m"), run.err());
  }

  @Test
  void standardOutputThatCannotBeWrittenFailsTheRun() {
    PrintStream real = System.out;
    PrintStream realErr = System.err;
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
    System.setOut(
        new PrintStream(
            new OutputStream() {
              @Override
              public void write(int b) throws IOException {
                throw new IOException("No space left on device");
              }
            }));
    try {
      assertEquals(1, Gpfm.run("models"));
      assertEquals(1, Gpfm.run("--help"));
    } finally {
      System.setOut(real);
      System.setErr(realErr);
    }
    assertTrue(err.toString(StandardCharsets.UTF_8).contains("Standard output"), err.toString());
  }

  @Test
  void aPathThatTheLocaleCannotNameSaysHowToNameIt() {
    TypeConversionException e =
        org.junit.jupiter.api.Assertions.assertThrows(
            TypeConversionException.class, () -> Failures.path("a\u0000b.tif"));
    assertTrue(e.getMessage().contains("LC_ALL=C.UTF-8"), e.getMessage());
  }

  /** Names from strangers in arguments of every command that has one, and an output that fails. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "info @",
        "region @ 0 0 0 8 8 --out r.png",
        "tile @ --out OUT",
        "tile @ --out OUT --preset @",
        "extract @ --out OUT",
        "embed @ --out OUT",
        "embed @ --out OUT --weights @",
        "embed-slide @.h5 --out OUT.h5 --slide-encoder mean",
        "zeroshot --weights @ --query text @",
        "serve --token-file @",
        "serve --host @",
        "map @ @ --out m.png",
        "models check @",
        "models show @",
        "doctor --find-natives @",
        "bench --config @",
        "bench --ranks @",
        "bench --list @",
        "attention @ @ --head @ --out z.png",
        "nearest @ --index @",
        "cache --data @ --out OUT.safetensors",
        "distill --config tiny --data @ --out OUT",
        "miniature --data @ --out OUT",
        "@"
      })
  void aNameIsOneLineWithoutEscapesInEveryCommand(String line) {
    String name = folder.resolve("a\u001b[31m\nb\u009b2J\u202ec") + "";
    List<String> args =
        Arrays.stream(line.split(" "))
            .map(arg -> arg.replace("@", name).replace("OUT", folder.resolve("out") + ""))
            .toList();
    CommandRun run = CommandRun.of(args);
    assertTrue(run.exitCode() == 1 || run.exitCode() == 2, run.err());
    String said = run.out() + run.err();
    assertFalse(said.matches("(?s).*[\u001b\u009b\u202e].*"), said);
    // A line begins with what the program says, never with the rest of a name.
    assertTrue(run.err().lines().noneMatch(each -> each.startsWith("b")), run.err());
    assertTrue(run.err().contains("a\\x1b[31m"), run.err());
  }
}
