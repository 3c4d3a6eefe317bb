package io.github.gpfm.eval.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiPredicate;

/**
 * Which encoders and tasks can be ranked together: every encoder needs a figure of every task.
 * Encoders that lack many are dropped first, then the tasks that one of the rest lacks, so that the
 * table keeps as many cells as it can.
 *
 * @param encoders ranked, in the order of the configuration
 * @param tasks ranked
 * @param leftOut one sentence for each encoder and task that is not, with the reason
 */
record RankSelection(List<EncoderSpec> encoders, List<TaskDefinition> tasks, List<String> leftOut) {
  static RankSelection of(BenchConfig config, BiPredicate<TaskDefinition, EncoderSpec> has) {
    List<EncoderSpec> left = new ArrayList<>(config.encoders());
    List<EncoderSpec> best = List.copyOf(left);
    int most = cells(config, left, has);
    while (left.size() > 2) {
      EncoderSpec poorest = left.get(0);
      for (EncoderSpec encoder : left) {
        if (count(config, encoder, has) < count(config, poorest, has)) {
          poorest = encoder;
        }
      }
      left.remove(poorest);
      if (cells(config, left, has) > most) {
        most = cells(config, left, has);
        best = List.copyOf(left);
      }
    }
    List<EncoderSpec> encoders = best;
    List<TaskDefinition> tasks =
        config.tasks().stream()
            .filter(t -> encoders.stream().allMatch(e -> has.test(t, e)))
            .toList();
    List<String> leftOut = new ArrayList<>();
    for (EncoderSpec encoder : config.encoders()) {
      if (!encoders.contains(encoder)) {
        leftOut.add(
            "encoder '%s' is not ranked: it has a figure of %d of %d tasks"
                .formatted(encoder.name(), count(config, encoder, has), config.tasks().size()));
      }
    }
    for (TaskDefinition task : config.tasks()) {
      List<String> lacking =
          encoders.stream().filter(e -> !has.test(task, e)).map(EncoderSpec::name).toList();
      if (!lacking.isEmpty()) {
        leftOut.add(
            "task '%s' is not ranked: there is no '%s' of it with %s"
                .formatted(task.name(), task.metric(), String.join(", ", lacking)));
      }
    }
    return new RankSelection(encoders, tasks, leftOut);
  }

  private static int count(
      BenchConfig config, EncoderSpec encoder, BiPredicate<TaskDefinition, EncoderSpec> has) {
    return (int) config.tasks().stream().filter(t -> has.test(t, encoder)).count();
  }

  private static int cells(
      BenchConfig config,
      List<EncoderSpec> encoders,
      BiPredicate<TaskDefinition, EncoderSpec> has) {
    long tasks =
        config.tasks().stream()
            .filter(t -> encoders.stream().allMatch(e -> has.test(t, e)))
            .count();
    return (int) tasks * encoders.size();
  }
}
