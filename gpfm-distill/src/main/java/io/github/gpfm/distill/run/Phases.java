package io.github.gpfm.distill.run;

import io.github.gpfm.distill.config.DistillConfig;
import io.github.gpfm.distill.config.DistillConfigs;
import io.github.gpfm.distill.config.Phase;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Trainings one after the other, each from what the one before it gave: self-distillation, then the
 * experts, then larger crops. Each is a run in a folder of its own, {@code 1-NAME}, {@code 2-NAME},
 * …, and goes on by itself when it was stopped, so that the whole goes on bit for bit as well.
 */
public final class Phases {
  /** What a phase's configuration calls the export of the phase before it. */
  private static final String PREVIOUS = "previous";

  private final List<Phase> phases;
  private final Path out;

  /**
   * @param phases in their order
   * @param out the folder of all; a single phase without a name is a run in it
   */
  public Phases(List<Phase> phases, Path out) {
    this.phases = List.copyOf(phases);
    this.out = out;
  }

  /** How many there are. */
  public int size() {
    return phases.size();
  }

  /** Name of a phase, from 0. */
  public String name(int index) {
    return phases.get(index).name();
  }

  /** The folder that a phase trains in. */
  public Path folder(int index) {
    String name = phases.get(index).name();
    return name.isEmpty() ? out : out.resolve("%d-%s".formatted(index + 1, name));
  }

  /**
   * The configuration to train a phase with: its student starts from the teacher that the phase
   * before it exported, unless it names other weights. {@code previous} in place of an expert's
   * path, or of the frozen teacher's, is that export too.
   */
  public DistillConfig config(int index) {
    DistillConfig config = phases.get(index).config();
    if (index == 0) {
      return config;
    }
    Path before = folder(index - 1);
    String pth = before.resolve("teacher.pth").toString();
    Map<String, String> changes = new LinkedHashMap<>();
    if (config.student().weights().isEmpty()) {
      changes.put("student.weights", quoted(pth));
    }
    if (config.recipe().frozenTeacher().equals(PREVIOUS)) {
      changes.put("recipe.frozen-teacher", quoted(pth));
    }
    config
        .experts()
        .forEach(
            (name, expert) -> {
              if (expert.path().equals(PREVIOUS)) {
                changes.put(
                    "experts." + name + ".path",
                    quoted(before.resolve("teacher.safetensors").toString()));
              }
            });
    return DistillConfigs.with(config, changes);
  }

  /** As YAML text. */
  private static String quoted(String text) {
    return "'" + text.replace("'", "''") + "'";
  }
}
