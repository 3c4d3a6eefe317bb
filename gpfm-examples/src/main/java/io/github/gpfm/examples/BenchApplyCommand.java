package io.github.gpfm.examples;

import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.eval.bench.HeadApplication;
import io.github.gpfm.eval.bench.HeadInputs;
import io.github.gpfm.eval.data.FeatureFusion;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.TypeConversionException;

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
      description = {
        "Feature files of the same encoder, one a slide.",
        "Repeated, in the order of 'fuse', for a head of several encoders; what is taken for what",
        "is printed."
      })
  private List<Path> features = new ArrayList<>();

  @Option(
      names = "--fusion",
      paramLabel = "HOW",
      converter = FusionConverter.class,
      description = {
        "With several --features: concatenation, average or shazam. The head's file says it;",
        "one written by an older version does not, and is taken for concatenation."
      })
  private @Nullable FeatureFusion fusion;

  @Option(
      names = "--table",
      paramLabel = "T.csv",
      description = "slide_id and label, or case_id, slide_id, survival_months and censorship.")
  private @Nullable Path table;

  @Option(names = "--out", required = true, paramLabel = "DIR", description = "Folder of results.")
  private Path out = Path.of("");

  private static final class FusionConverter implements ITypeConverter<FeatureFusion> {
    @Override
    public FeatureFusion convert(String value) {
      return Stream.of(FeatureFusion.values())
          .filter(f -> f.name().equalsIgnoreCase(value))
          .findFirst()
          .orElseThrow(
              () ->
                  new TypeConversionException(
                      "choose concatenation, average or shazam, not '" + value + "'"));
    }
  }

  @Override
  public Integer call() {
    bench.refuseOwnOptions("apply");
    if (fusion != null && features.size() < 2) {
      throw new InvalidOptionException("--fusion has no effect on one --features; leave it out.");
    }
    HeadApplication applied =
        HeadApplication.of(head, features, Optional.ofNullable(fusion), Optional.ofNullable(table));
    applied.write(out);
    HeadInputs.of(head).ifPresent(inputs -> System.out.println(inputs.describe(features)));
    System.out.print(applied.describe());
    applied.notes().forEach(n -> System.out.println("- " + n));
    System.out.println(applied.rows().size() - 1 + " cases: " + out.resolve("predictions.csv"));
    return 0;
  }
}
