package io.github.gpfm.eval.bench;

import io.github.gpfm.eval.EvaluationException;
import io.github.gpfm.eval.Protocol;
import io.github.gpfm.eval.metric.ClassificationReport;
import io.github.gpfm.support.AtomicFile;
import io.github.gpfm.support.yaml.Spelling;
import io.github.gpfm.support.yaml.YamlBinder;
import io.github.gpfm.support.yaml.YamlNode;
import io.github.gpfm.support.yaml.YamlReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A benchmark: tasks, encoders, seeds, protocol.
 *
 * @param protocol whose rules
 * @param output folder of results and report
 * @param seeds one run each
 * @param replicates bootstrap replicates
 * @param encoders columns
 * @param tasks rows
 */
public record BenchConfig(
    Protocol protocol,
    Path output,
    List<Long> seeds,
    int replicates,
    List<EncoderSpec> encoders,
    List<TaskDefinition> tasks) {

  /** A task's block and its place, bound once the catalogue's is under it. */
  private record Block(YamlNode.Section section, String path) {}

  /** The keys of a configuration. */
  private record Keys(
      Optional<String> protocol,
      Optional<Path> output,
      Optional<List<Long>> seeds,
      Optional<Integer> replicates,
      Optional<List<EncoderKeys>> encoders,
      Optional<List<Block>> tasks) {}

  /**
   * Reads a YAML configuration; relative paths start from its folder.
   *
   * @throws io.github.gpfm.api.InvalidOptionException naming file, line and key of what does not
   *     fit, and what was probably meant
   * @throws EvaluationException if it cannot be read or names something twice
   */
  public static BenchConfig read(Path file) {
    Path base = AtomicFile.folder(file);
    YamlBinder binder =
        YamlBinder.strict()
            .formerly(Spelling.SNAKE)
            .base(base)
            .with(
                Block.class,
                (node, path) -> {
                  if (node instanceof YamlNode.Section section) {
                    return new Block(section, path);
                  }
                  throw YamlBinder.wrong(node, path, "a section of options");
                });
    Keys keys;
    try {
      keys = binder.bind(YamlReader.file(file), Keys.class);
    } catch (IOException e) {
      throw new EvaluationException("the configuration '" + file + "' cannot be read", e);
    }
    List<EncoderSpec> encoders = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (EncoderKeys block : keys.encoders.orElse(List.of())) {
      EncoderSpec encoder = EncoderSpec.of(block, base);
      if (!names.add(encoder.fileName())) {
        throw new EvaluationException(
            "two encoders are called '" + encoder.name() + "', or would be in file names");
      }
      encoders.add(encoder);
    }
    List<TaskDefinition> tasks = new ArrayList<>();
    for (Block block : keys.tasks.orElse(List.of())) {
      TaskDefinition task = task(binder, block);
      if (!names.add("task " + task.fileName())) {
        throw new EvaluationException(
            "two tasks are called '" + task.name() + "', or would be in file names");
      }
      tasks.add(task);
    }
    if (encoders.isEmpty() || tasks.isEmpty()) {
      throw new EvaluationException("'" + file + "' needs 'encoders' and 'tasks', one or more");
    }
    checkSources(tasks);
    List<Long> seeds = keys.seeds.filter(s -> !s.isEmpty()).orElse(List.of(0L));
    if (Set.copyOf(seeds).size() < seeds.size()) {
      throw new EvaluationException("'" + file + "' names a seed twice: " + seeds);
    }
    return new BenchConfig(
        Protocol.of(keys.protocol.orElse("sound")),
        keys.output.orElse(base.resolve("results")),
        seeds,
        keys.replicates.orElse(ClassificationReport.REPLICATES),
        List.copyOf(encoders),
        List.copyOf(tasks));
  }

  private static void checkSources(List<TaskDefinition> tasks) {
    for (TaskDefinition task : tasks) {
      task.trainOn()
          .ifPresent(
              source -> {
                boolean there =
                    tasks.stream()
                        .anyMatch(
                            t ->
                                t.name().equals(source)
                                    && t.type() == task.type()
                                    && t.trainOn().isEmpty());
                if (!there) {
                  throw new EvaluationException(
                      "task '%s' is to be trained on '%s', but there is no such task of type %s that trains"
                          .formatted(task.name(), source, task.type().key()));
                }
              });
    }
  }

  // A task of a catalogue gives what the block does not say itself.
  private static TaskDefinition task(YamlBinder binder, Block block) {
    YamlNode.Section own = block.section;
    Optional<String> catalogue = text(own, "catalogue");
    if (catalogue.isEmpty()) {
      return TaskDefinition.of(own, binder, block.path);
    }
    String name =
        text(own, "task")
            .orElseThrow(
                () ->
                    new EvaluationException(
                        own.place() + ": a task of a catalogue is named by 'task'"));
    YamlNode.Section under = TaskCatalogue.section(catalogue.get(), name);
    return TaskDefinition.of(
        binder.overlay(under, own.without("catalogue").without("task"), Set.of()),
        binder,
        block.path);
  }

  private static Optional<String> text(YamlNode.Section section, String key) {
    return section.find(key).map(n -> n instanceof YamlNode.Scalar scalar ? scalar.text() : "");
  }

  /** The same under another protocol. */
  public BenchConfig withProtocol(Protocol other) {
    return new BenchConfig(other, output, seeds, replicates, encoders, tasks);
  }

  /** The same with another folder of results. */
  public BenchConfig withOutput(Path other) {
    return new BenchConfig(protocol, other, seeds, replicates, encoders, tasks);
  }
}
