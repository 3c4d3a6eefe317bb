package io.github.gpfm.examples;

import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.eval.Protocol;
import io.github.gpfm.eval.bench.BenchConfig;
import io.github.gpfm.eval.bench.BenchReport;
import io.github.gpfm.eval.bench.BenchRunner;
import io.github.gpfm.eval.bench.DemoBenchmark;
import io.github.gpfm.eval.bench.TaskCatalogue;
import io.github.gpfm.eval.bench.TaskDefinition;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** {@code gpfm bench}: tasks x encoders, ranks and a report. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    subcommands = BenchApplyCommand.class,
    description = {
      "Run a benchmark: tasks x encoders, with ranks, tests and an HTML report.",
      "Finished results are kept: the same command goes on where it stopped."
    })
final class BenchCommand implements Callable<Integer> {
  @Option(
      names = "--config",
      paramLabel = "tasks.yaml",
      description = "Encoders, tasks and paths; relative paths start from its folder.")
  private @Nullable Path config;

  @Option(
      names = "--protocol",
      paramLabel = "sound|official",
      converter = ProtocolConverter.class,
      description = "With --config: overrides what the configuration says.")
  private @Nullable Protocol protocol;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Folder of results, with --config or --ranks.")
  private @Nullable Path out;

  @Option(
      names = "--list",
      paramLabel = "CATALOGUE",
      description = "Print the tasks of paper-39 or journal-72 and end.")
  private @Nullable String list;

  @Option(
      names = "--ranks",
      paramLabel = "F.json",
      description = "Analyse ranks that were published: means, tests, diagram in --out.")
  private @Nullable Path ranks;

  @Option(
      names = "--demo",
      paramLabel = "DIR",
      description = "Write a made-up data set and tasks.yaml of all six kinds to DIR and end.")
  private @Nullable Path demo;

  private static final class ProtocolConverter implements ITypeConverter<Protocol> {
    @Override
    public Protocol convert(String value) {
      return Arrays.stream(Protocol.values())
          .filter(p -> p.key().equalsIgnoreCase(value))
          .findFirst()
          .orElseThrow(
              () -> new TypeConversionException("choose sound or official, not '" + value + "'"));
    }
  }

  /** Every option but the one that says what to do must be of use there. */
  private void check() {
    Map<String, @Nullable Object> modes = new LinkedHashMap<>();
    modes.put("--config", config);
    modes.put("--list", list);
    modes.put("--ranks", ranks);
    modes.put("--demo", demo);
    modes.values().removeIf(Objects::isNull);
    if (modes.isEmpty()) {
      throw new InvalidOptionException("Name the benchmark by --config tasks.yaml.");
    }
    String mode = modes.keySet().iterator().next();
    if (modes.size() > 1) {
      throw new InvalidOptionException(
          "Only one of %s can be done at a time.".formatted(String.join(", ", modes.keySet())));
    }
    if (protocol != null && config == null) {
      throw new InvalidOptionException("--protocol has no effect with " + mode + "; leave it out.");
    }
    if (list != null && !TaskCatalogue.NAMES.contains(list)) {
      throw new InvalidOptionException(
          "--list must be one of %s, not '%s'."
              .formatted(String.join(", ", TaskCatalogue.NAMES), list));
    }
    if (out != null && config == null && ranks == null) {
      throw new InvalidOptionException("--out has no effect with " + mode + "; leave it out.");
    }
  }

  /** Refuses options before a subcommand, which would not see them. */
  void refuseOwnOptions(String subcommand) {
    if (config != null
        || list != null
        || ranks != null
        || demo != null
        || out != null
        || protocol != null) {
      throw new InvalidOptionException(
          "Options between 'bench' and '%s' have no effect; write them behind '%s'."
              .formatted(subcommand, subcommand));
    }
  }

  @Override
  public Integer call() {
    check();
    if (demo != null) {
      Path file = DemoBenchmark.write(demo);
      System.out.println("now run: gpfm bench --config " + file);
      return 0;
    }
    if (ranks != null) {
      System.out.print(PublishedRanks.describe(ranks, Optional.ofNullable(out)));
      return 0;
    }
    if (list != null) {
      for (TaskDefinition task : TaskCatalogue.load(list)) {
        System.out.printf(
            "%-32s %-20s %-18s %s%n",
            task.name(),
            task.type().key(),
            task.settings().text("organ").orElse("?"),
            task.settings().text("obtained-from").orElse("?"));
      }
      return 0;
    }
    BenchConfig bench = BenchConfig.read(Objects.requireNonNull(config));
    if (protocol != null) {
      bench = bench.withProtocol(protocol);
    }
    if (out != null) {
      bench = bench.withOutput(out.toAbsolutePath());
    }
    BenchReport report = new BenchRunner(bench).run(ConsoleProgress.create("steps"));
    report.write();
    System.out.print(report.markdown());
    if (!report.remarks().isEmpty()) {
      System.out.println(report.remarks().size() + " remarks, for instance cases left out:");
      report.remarks().forEach(n -> System.out.println("- " + n));
    }
    System.out.println("report: " + bench.output().resolve("report.html"));
    if (report.failed() > 0) {
      System.out.printf(
          "%d of %d cells (tasks x encoders x seeds) could not be run%n",
          report.failed(), report.cells());
    }
    return report.failed() == report.cells() ? 1 : 0;
  }
}
