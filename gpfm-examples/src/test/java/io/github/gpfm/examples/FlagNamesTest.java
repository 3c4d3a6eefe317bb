package io.github.gpfm.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.gpfm.api.GpfmException;
import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.api.SlideException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** The library names its parameters, the commands add their flags. */
class FlagNamesTest {
  @Test
  void flagsStandBehindTheSentenceOnce() {
    GpfmException failure =
        new InvalidOptionException("tileSize is 0.").about("tileSize", "SlideOptions.mpp");
    assertEquals("tileSize is 0 (--tile-size, --slide-mpp).", Failures.describe(failure));
    assertEquals(
        "Leave --tile-size out (--a-t).",
        Failures.describe(new GpfmException("Leave --tile-size out").about("tileSize", "aT")));
    assertEquals("No parameter.", Failures.describe(new GpfmException("No parameter.")));
  }

  @Test
  void whatItWasCausedByStatesParametersToo() {
    SlideException failure =
        new SlideException(Path.of("a"), "a is bad.", new GpfmException("inner").about("output"));

    assertEquals("a is bad (--out).", Failures.describe(failure));
  }

  @Test
  void everyFlagIsACommands() {
    Set<String> flags = new TreeSet<>();
    for (Class<?> command : List.of(TileCommand.class, EmbedCommand.class, ExtractCommand.class)) {
      flags.addAll(new CommandLine(command).getCommandSpec().optionsMap().keySet());
    }
    FlagNames.OTHERS.values().forEach(flag -> assertTrue(flags.contains(flag), flag));
    for (String parameter :
        List.of(
            "aH",
            "aT",
            "close",
            "format",
            "glob",
            "lossless",
            "magnification",
            "mask",
            "maxNHoles",
            "mpp",
            "mthresh",
            "overlap",
            "overwrite",
            "patchLevel",
            "patchSize",
            "preset",
            "quality",
            "recursive",
            "segLevel",
            "segmenter",
            "series",
            "shardSize",
            "skipBroken",
            "stepSize",
            "sthresh",
            "stratifyBy",
            "tileSize")) {
      assertTrue(flags.contains(FlagNames.of(parameter)), parameter);
    }
  }
}
