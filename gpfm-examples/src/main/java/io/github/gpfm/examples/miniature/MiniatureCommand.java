package io.github.gpfm.examples.miniature;

import io.github.gpfm.api.OutputException;
import io.github.gpfm.distill.config.DistillConfig;
import io.github.gpfm.distill.config.DistillConfigs;
import io.github.gpfm.examples.ConsoleProgress;
import io.github.gpfm.support.AtomicFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code gpfm miniature}: the paper's comparison on a handful of pictures. */
@Command(
    name = "miniature",
    mixinStandardHelpOptions = true,
    description = {
      "Train four small students (untrained, self only, experts only, experts + self) and compare",
      "them on labelled tissue they have not seen. Writes miniature.md and miniature.png."
    })
public final class MiniatureCommand implements Callable<Integer> {
  private static final String CONFIG = "miniature.yaml";
  private static final String THREADS = "ai.djl.pytorch.num_threads";

  @Option(
      names = "--data",
      required = true,
      paramLabel = "DIR",
      description = "Holds images/ and slides/ to train on, patches/SET/CLASS/*.png to measure on.")
  private Path data;

  @Option(names = "--out", required = true, paramLabel = "DIR", description = "Runs and report.")
  private Path out;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "What the students share, experts included (default: the one in the library).")
  private @Nullable String config;

  @Option(
      names = "--set",
      paramLabel = "SECTION.OPTION=VALUE",
      description = "Change one option of the configuration; may be repeated.")
  private Map<String, String> changes = new LinkedHashMap<>();

  @Option(names = "--seeds", defaultValue = "3", description = "Runs of each (default 3).")
  private int seeds;

  @Option(
      names = "--students",
      split = ",",
      description = "Which students: ${COMPLETION-CANDIDATES} (default all).")
  private List<Students> students = List.of(Students.values());

  @Option(
      names = "--validate",
      description = {
        "Leave every other picture out, one half with odd seeds, the other with even ones, and",
        "measure on those: what options are chosen on."
      })
  private boolean validate;

  @Override
  public Integer call() {
    // The order of sums, and so the table, depends on the number of threads; networks as small as
    // these gain nothing from several.
    if (System.getProperty(THREADS) == null) {
      System.setProperty(THREADS, "1");
    }
    try {
      DistillConfig shared =
          DistillConfigs.with(
              config == null ? DistillConfigs.parse(CONFIG, preset()) : DistillConfigs.read(config),
              changes);
      Files.createDirectories(out);
      Miniature miniature =
          new Miniature(data, shared, validate, out, ConsoleProgress.create("steps"));
      miniature.described().forEach(System.out::println);
      Comparison comparison = miniature.compare(students, seeds);
      AtomicFile.text(out.resolve("miniature.md"), comparison.markdown());
      Plot.write(comparison, out.resolve("miniature.png"));
      System.out.print(comparison.markdown());
      return 0;
    } catch (IOException e) {
      throw new OutputException(
          "'%s' cannot be written (%s); choose another --out.".formatted(out, e.getMessage()), e);
    }
  }

  private static String preset() throws IOException {
    try (InputStream in = MiniatureCommand.class.getResourceAsStream(CONFIG)) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
