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
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

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
      description = "sound or official: overrides what the configuration says.")
  private @Nullable String protocol;

  @Option(names = "--out", paramLabel = "DIR", description = "Folder of results; overrides too.")
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

  @Override
  public Integer call() {
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
    if (config == null) {
      throw new InvalidOptionException("Name the benchmark by --config tasks.yaml.");
    }
    BenchConfig bench = BenchConfig.read(config);
    if (protocol != null) {
      bench = bench.withProtocol(Protocol.of(protocol));
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
