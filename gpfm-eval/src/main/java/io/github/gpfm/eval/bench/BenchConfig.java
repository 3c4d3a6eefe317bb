package io.github.gpfm.eval.bench;

import io.github.gpfm.eval.EvaluationException;
import io.github.gpfm.eval.Protocol;
import io.github.gpfm.eval.metric.ClassificationReport;
import io.github.gpfm.support.AtomicFile;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
  /**
   * Reads a YAML configuration; relative paths start from its folder.
   *
   * @throws EvaluationException naming the block and key at fault
   */
  public static BenchConfig read(Path file) {
    try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      Path base = AtomicFile.folder(file);
      Settings all =
          Settings.of("'" + file + "'", TaskCatalogue.parse(file.toString(), reader), base);
      List<EncoderSpec> encoders = new ArrayList<>();
      Set<String> names = new HashSet<>();
      for (Object block : all.list("encoders")) {
        EncoderSpec encoder =
            EncoderSpec.of(Settings.of("an encoder of '" + file + "'", block, base));
        if (!names.add(encoder.name())) {
          throw new EvaluationException("two encoders are called '" + encoder.name() + "'");
        }
        encoders.add(encoder);
      }
      List<TaskDefinition> tasks = new ArrayList<>();
      for (Object block : all.list("tasks")) {
        TaskDefinition task = task(Settings.of("a task of '" + file + "'", block, base));
        if (!names.add("task " + task.name())) {
          throw new EvaluationException("two tasks are called '" + task.name() + "'");
        }
        tasks.add(task);
      }
      if (encoders.isEmpty() || tasks.isEmpty()) {
        throw new EvaluationException("'" + file + "' needs 'encoders' and 'tasks', one or more");
      }
      List<Long> seeds =
          all.has("seeds")
              ? all.list("seeds").stream().map(s -> Long.parseLong(s.toString())).toList()
              : List.of(0L);
      return new BenchConfig(
          Protocol.of(all.text("protocol").orElse("sound")),
          base.resolve(all.text("output").orElse("results")),
          seeds,
          all.integer("replicates", ClassificationReport.REPLICATES),
          List.copyOf(encoders),
          List.copyOf(tasks));
    } catch (IOException e) {
      throw new EvaluationException("the configuration '" + file + "' cannot be read", e);
    }
  }

  // A task of a catalogue gives what the block does not say itself.
  private static TaskDefinition task(Settings block) {
    Map<String, Object> merged = new LinkedHashMap<>();
    if (block.has("catalogue")) {
      merged.putAll(TaskCatalogue.find(block.require("catalogue"), block.require("task")).facts());
    }
    merged.putAll(block.values());
    return TaskDefinition.of(new Settings(block.where(), merged, block.base()));
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
