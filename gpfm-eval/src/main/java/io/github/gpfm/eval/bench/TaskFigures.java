package io.github.gpfm.eval.bench;

import io.github.gpfm.eval.Protocol;
import io.github.gpfm.eval.metric.Bootstrap;
import io.github.gpfm.eval.metric.Interval;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Joins the results of one task. Replicates draw patients, once for the whole task: every encoder,
 * seed and split sees the same draw, and a figure is averaged over seeds and splits within a
 * replicate. Training again with another seed therefore does not pass for another test set.
 */
final class TaskFigures {
  private final Protocol protocol;
  private final List<String> units;
  private final Bootstrap bootstrap;

  /**
   * @param results everything the bootstrap must cover
   * @param replicates how many
   * @param seed seed of the draws
   */
  TaskFigures(Collection<TaskResult> results, Protocol protocol, int replicates, long seed) {
    this.protocol = protocol;
    TreeSet<String> all = new TreeSet<>();
    results.forEach(r -> r.predictions().forEach(p -> all.addAll(p.groups())));
    this.units = List.copyOf(all);
    this.bootstrap =
        Bootstrap.draw(
            Math.max(1, units.size()), replicates, seed, Bootstrap.Resampling.of(protocol));
  }

  /** The figures of one encoder from its results, one a seed. */
  Map<String, Figure> of(List<TaskResult> seeds) {
    Map<String, List<List<Part>>> parts = new LinkedHashMap<>();
    Map<String, ComparedCases> cases = new LinkedHashMap<>();
    for (int s = 0; s < seeds.size(); s++) {
      for (Predictions p : seeds.get(s).predictions()) {
        int[] unit =
            p.groups().stream()
                .mapToInt(g -> java.util.Collections.binarySearch(units, g))
                .toArray();
        for (var figure : PredictionFigures.of(p, protocol).entrySet()) {
          List<List<Part>> bySeed =
              parts.computeIfAbsent(
                  figure.getKey(),
                  k ->
                      new ArrayList<>(
                          seeds.stream().map(x -> (List<Part>) new ArrayList<Part>()).toList()));
          bySeed.get(s).add(new Part(unit, figure.getValue()));
          cases.computeIfAbsent(figure.getKey(), k -> new ComparedCases()).add(p);
        }
      }
    }
    Map<String, Figure> figures = new LinkedHashMap<>();
    parts.forEach(
        (name, bySeed) -> {
          int compared = Objects.requireNonNull(cases.get(name)).count();
          Figure figure = join(bySeed, compared);
          if (!Double.isNaN(figure.value())) {
            figures.put(name, figure);
          }
        });
    others(seeds).forEach(figures::put);
    return figures;
  }

  private record Part(int[] unit, ToDoubleFunction<double[]> figure) {
    double of(double[] unitWeights) {
      double[] weights = IntStream.of(unit).mapToDouble(u -> unitWeights[u]).toArray();
      return figure.applyAsDouble(weights);
    }
  }

  private Figure join(List<List<Part>> bySeed, int cases) {
    double[] ones = new double[units.size()];
    Arrays.fill(ones, 1);
    double[] perSeed =
        bySeed.stream()
            .mapToDouble(parts -> mean(parts, ones))
            .filter(v -> !Double.isNaN(v))
            .toArray();
    double value = Arrays.stream(perSeed).average().orElse(Double.NaN);
    double[] replicates =
        bootstrap.map(
            weights ->
                bySeed.stream()
                    .mapToDouble(parts -> mean(parts, weights))
                    .filter(v -> !Double.isNaN(v))
                    .average()
                    .orElse(Double.NaN));
    // The reference reports plain percentiles.
    return protocol == Protocol.OFFICIAL
        ? new Figure(Interval.of(value, replicates), perSeed, replicates)
        : new Figure(Interval.expanded(value, replicates, cases), perSeed, replicates, cases);
  }

  private static double mean(List<Part> parts, double[] weights) {
    return parts.stream()
        .mapToDouble(p -> p.of(weights))
        .filter(v -> !Double.isNaN(v))
        .average()
        .orElse(Double.NaN);
  }

  // Episodes of another seed are other draws from the same population: their bounds are averaged.
  private static Map<String, Figure> others(List<TaskResult> seeds) {
    Map<String, List<Interval>> found = new LinkedHashMap<>();
    seeds.forEach(
        r -> r.others().forEach((k, v) -> found.computeIfAbsent(k, x -> new ArrayList<>()).add(v)));
    Map<String, Figure> figures = new LinkedHashMap<>();
    found.forEach(
        (name, all) -> {
          Interval mean =
              new Interval(
                  average(all, Interval::value),
                  average(all, Interval::mean),
                  average(all, Interval::std),
                  average(all, Interval::lower),
                  average(all, Interval::upper),
                  all.get(0).replicates());
          double[] perSeed = all.stream().mapToDouble(Interval::value).toArray();
          figures.put(name, new Figure(mean, perSeed, new double[0]));
        });
    return figures;
  }

  private static double average(List<Interval> all, ToDoubleFunction<Interval> part) {
    return all.stream().mapToDouble(part).average().orElse(Double.NaN);
  }
}
