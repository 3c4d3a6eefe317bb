package io.github.gpfm.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The {@code gpfm} script of a checkout. */
@DisabledOnOs(OS.WINDOWS)
class GpfmScriptIT {
  private static final Path SCRIPT = Path.of("../gpfm").toAbsolutePath().normalize();

  @TempDir Path folder;

  private String shell(String locale, String commands) throws IOException, InterruptedException {
    Path out = folder.resolve("output");
    ProcessBuilder builder =
        new ProcessBuilder("sh", "-c", commands)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(out.toFile());
    builder.environment().put("LC_ALL", locale);
    builder.environment().put("GPFM", SCRIPT.toString());
    int code = builder.start().waitFor();
    return Files.readString(out, StandardCharsets.ISO_8859_1) + "exit " + code;
  }

  /** Names are written byte by byte, so that the test's own locale has no say. */
  @ParameterizedTest
  @ValueSource(strings = {"C", "POSIX", "C.UTF-8"})
  void namesKeepTheirBytesInEveryLocale(String locale) throws IOException, InterruptedException {
    String said =
        shell(
            locale,
            """
            sh "$GPFM" sample --out one.tif --width 1024 --height 1024 || exit 1
            name=$(printf '\\303\\274')
            mv one.tif "$name.tif"
            sh "$GPFM" info "$name.tif" > info || exit 2
            sh "$GPFM" tile "$name.tif" --out out --tile-size 224 --mpp 0.5 || exit 3
            test -f "out/$name.geojson" || exit 4
            sh "$GPFM" region "$name.tif" 0 0 0 8 8 --out "$name.png" || exit 5
            test -f "$name.png" || exit 6
            """);
    assertTrue(said.endsWith("exit 0"), said);
    assertFalse(said.contains("cannot convert"), said);
  }

  @Test
  void itWorksThroughSymbolicLinks() throws IOException, InterruptedException {
    String said =
        shell(
            "C.UTF-8",
            """
            mkdir bin && ln -s "$GPFM" bin/absolute && ln -s absolute bin/relative || exit 1
            bin/relative --version
            """);
    assertTrue(said.endsWith("exit 0"), said);
  }

  @Test
  void anOutputThatCannotBeWrittenFailsTheRun() throws IOException, InterruptedException {
    if (Files.exists(Path.of("/dev/full"))) {
      String said = shell("C.UTF-8", "sh \"$GPFM\" models > /dev/full");
      assertEquals(
          "Standard output could not be written: its disk is full or its reader has gone.\nexit 1",
          said);
    }
  }
}
