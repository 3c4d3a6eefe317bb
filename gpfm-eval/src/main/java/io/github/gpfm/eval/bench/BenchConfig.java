package io.github.gpfm.eval.bench;

import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.eval.Protocol;
import io.github.gpfm.support.AtomicFile;
import io.github.gpfm.support.yaml.YamlReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

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
   * Checks the numbers and copies the lists.
   *
   * @throws BenchConfigException if there is no seed, encoder or task, or too few replicates
   */
  public BenchConfig {
    seeds = List.copyOf(seeds);
    encoders = List.copyOf(encoders);
    tasks = List.copyOf(tasks);
    if (seeds.isEmpty() || encoders.isEmpty() || tasks.isEmpty() || replicates < 2) {
      throw new BenchConfigException(
          "a benchmark needs seeds, encoders, tasks and two replicates or more, not %d, %d, %d and %d"
              .formatted(seeds.size(), encoders.size(), tasks.size(), replicates));
    }
  }

  /**
   * Reads a YAML configuration; relative paths start from its folder.
   *
   * @throws BenchConfigException if the file cannot be read or does not fit: file, line and key,
   *     what is wrong, and what was probably meant
   */
  public static BenchConfig read(Path file) {
    try {
      return new BenchConfigReader(AtomicFile.folder(file)).read(YamlReader.file(file));
    } catch (InvalidOptionException e) {
      throw new BenchConfigException(String.valueOf(e.getMessage()), e);
    } catch (IOException e) {
      throw new BenchConfigException(
          "the configuration '%s' cannot be read (%s); check the path".formatted(file, e), e);
    }
  }

  /** The encoders whose features an encoder fuses, in its order; the encoder itself otherwise. */
  List<EncoderSpec> sources(EncoderSpec encoder) {
    return encoder.parts().isEmpty()
        ? List.of(encoder)
        : encoder.parts().stream()
            .map(
                name ->
                    encoders.stream().filter(e -> e.name().equals(name)).findFirst().orElseThrow())
            .toList();
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
