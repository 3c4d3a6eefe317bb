package io.github.gpfm.examples;

import io.github.gpfm.eval.bench.HeadApplication;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code gpfm bench apply}: a frozen head on other features. */
@Command(
    name = "apply",
    mixinStandardHelpOptions = true,
    description = {
      "Apply a head that a benchmark trained and kept under heads/ to other features.",
      "Nothing is fitted. With a table of labels or outcomes, figures are computed too."
    })
final class BenchApplyCommand implements Callable<Integer> {
  @ParentCommand private BenchCommand bench;

  @Option(
      names = "--head",
      required = true,
      paramLabel = "F.safetensors",
      description = "The head, for instance results/heads/TASK/ENCODER/7_1_2-seed-0.safetensors.")
  private Path head = Path.of("");

  @Option(
      names = "--features",
      required = true,
      paramLabel = "DIR",
      description = "Feature files of the same encoder, one a slide.")
  private Path features = Path.of("");

  @Option(
      names = "--table",
      paramLabel = "T.csv",
      description = "slide_id and label, or case_id, slide_id, survival_months and censorship.")
  private @Nullable Path table;

  @Option(names = "--out", required = true, paramLabel = "DIR", description = "Folder of results.")
  private Path out = Path.of("");

  @Override
  public Integer call() {
    bench.refuseOwnOptions("apply");
    HeadApplication applied = HeadApplication.of(head, features, Optional.ofNullable(table));
    applied.write(out);
    System.out.print(applied.describe());
    applied.notes().forEach(n -> System.out.println("- " + n));
    System.out.println(applied.rows().size() - 1 + " cases: " + out.resolve("predictions.csv"));
    return 0;
  }
}
