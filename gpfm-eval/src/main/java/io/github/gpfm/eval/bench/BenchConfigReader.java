package io.github.gpfm.eval.bench;

import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.eval.Protocol;
import io.github.gpfm.eval.metric.ClassificationReport;
import io.github.gpfm.support.yaml.NotEmpty;
import io.github.gpfm.support.yaml.Range;
import io.github.gpfm.support.yaml.Spelling;
import io.github.gpfm.support.yaml.YamlBinder;
import io.github.gpfm.support.yaml.YamlNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** From a document to a {@link BenchConfig}; every complaint names file, line and key. */
final class BenchConfigReader {
  /**
   * The keys of a configuration.
   *
   * @param protocol whose rules
   * @param output folder of results and report
   * @param seeds one run each
   * @param replicates bootstrap replicates
   * @param encoders columns
   * @param tasks rows
   */
  record Keys(
      Optional<Protocol> protocol,
      Optional<Path> output,
      @NotEmpty @Range(atLeast = 0) Optional<List<Long>> seeds,
      @Range(atLeast = 2) Optional<Integer> replicates,
      @NotEmpty List<ConfigBlock> encoders,
      List<ConfigBlock> tasks) {}

  private final Path base;
  private final YamlBinder binder;

  /**
   * @param base folder that relative paths start from
   */
  BenchConfigReader(Path base) {
    this.base = base;
    this.binder =
        YamlBinder.strict()
            .formerly(Spelling.SNAKE)
            .base(base)
            .with(
                ConfigBlock.class,
                (node, path) -> {
                  if (node instanceof YamlNode.Section section) {
                    return new ConfigBlock(section, path);
                  }
                  throw YamlBinder.wrong(node, path, "a section of options");
                });
  }

  BenchConfig read(YamlNode.Section document) {
    Keys keys = binder.bind(document, Keys.class);
    List<Long> seeds = keys.seeds().orElse(List.of(0L));
    if (Set.copyOf(seeds).size() < seeds.size()) {
      throw YamlBinder.wrong(
          document.find("seeds").orElse(document), "seeds", "a list that names nothing twice");
    }
    List<EncoderSpec> encoders = encoders(keys.encoders());
    if (keys.tasks().isEmpty()) {
      throw YamlBinder.wrong(
          document.find("tasks").orElse(document), "tasks", "a list of one item or more");
    }
    return new BenchConfig(
        keys.protocol().orElse(Protocol.SOUND),
        keys.output().orElse(base.resolve("results")),
        seeds,
        keys.replicates().orElse(ClassificationReport.REPLICATES),
        encoders,
        tasks(keys.tasks()));
  }

  private List<EncoderSpec> encoders(List<ConfigBlock> blocks) {
    Set<String> names = new HashSet<>();
    List<EncoderSpec> encoders = new ArrayList<>();
    for (ConfigBlock block : blocks) {
      EncoderKeys bound = binder.bind(block.section(), EncoderKeys.class, block.path());
      EncoderSpec encoder = EncoderSpec.of(bound, base, block);
      if (!names.add(encoder.fileName())) {
        throw block.wrong("name", "a name that no other encoder has, as file names write it");
      }
      encoders.add(encoder);
    }
    List<String> single =
        encoders.stream().filter(e -> e.parts().isEmpty()).map(EncoderSpec::name).toList();
    for (int i = 0; i < blocks.size(); i++) {
      if (!single.containsAll(encoders.get(i).parts())) {
        throw blocks
            .get(i)
            .wrong("fuse", "names of encoders that fuse none: " + String.join(", ", single));
      }
    }
    return encoders;
  }

  private List<TaskDefinition> tasks(List<ConfigBlock> blocks) {
    Set<String> names = new HashSet<>();
    List<TaskDefinition> tasks = new ArrayList<>();
    for (ConfigBlock block : blocks) {
      TaskDefinition task = task(block);
      if (!names.add(task.fileName())) {
        throw block.wrong("name", "a name that no other task has, as file names write it");
      }
      tasks.add(task);
    }
    for (int i = 0; i < blocks.size(); i++) {
      checkSource(tasks.get(i), tasks, blocks.get(i));
    }
    return tasks;
  }

  private static void checkSource(
      TaskDefinition task, List<TaskDefinition> tasks, ConfigBlock block) {
    List<String> sources =
        tasks.stream()
            .filter(t -> t.type() == task.type() && t.trainOn().isEmpty())
            .map(TaskDefinition::name)
            .toList();
    String source = task.trainOn().orElse("");
    if (task.trainOn().isPresent() && !sources.contains(source)) {
      throw new InvalidOptionException(
          "%s: %s.train-on names '%s', but there is no such task of type %s that trains%s."
              .formatted(
                  block.entry("train-on").map(e -> e.keyPlace()).orElse(block.section().place()),
                  block.path(),
                  source,
                  task.type().key(),
                  sources.isEmpty() ? "" : "; there are " + String.join(", ", sources)));
    }
  }

  // A task of a catalogue gives what the block does not say itself.
  private TaskDefinition task(ConfigBlock block) {
    YamlNode.Section own = block.section();
    YamlNode.Section whole = own;
    Optional<YamlNode> catalogue = own.find("catalogue");
    if (catalogue.isPresent()) {
      own = own.without("catalogue").without("task");
      YamlNode.Section under = TaskCatalogue.section(catalogue.get(), block);
      whole = binder.overlay(under, own, Set.of());
    }
    TaskDefinition task = TaskDefinition.of(whole, binder, block.path());
    TaskRules.check(new ConfigBlock(own, block.path()), task.type(), task.settings());
    return task;
  }
}
