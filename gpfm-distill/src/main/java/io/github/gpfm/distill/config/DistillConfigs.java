package io.github.gpfm.distill.config;

import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.support.yaml.Inline;
import io.github.gpfm.support.yaml.YamlBinder;
import io.github.gpfm.support.yaml.YamlNode;
import io.github.gpfm.support.yaml.YamlOverrides;
import io.github.gpfm.support.yaml.YamlReader;
import io.github.gpfm.support.yaml.YamlWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads and writes configurations. A file names a {@code preset} and what differs from it; {@code
 * experts}, when given, replaces the preset's experts as a whole.
 */
public final class DistillConfigs {
  /** The presets that ship. */
  public static final List<String> PRESETS =
      List.of(
          "official-vitl14",
          "official-vith14",
          "official-vitg14",
          "tiny",
          "phi-s",
          "unic",
          "shazam",
          "nested",
          "h0-mini",
          "gram");

  private static final String PRESET = "preset";
  private static final String PHASES = "phases";
  private static final String NAME = "name";
  private static final YamlBinder BINDER = YamlBinder.strict();

  /** Sections that a file gives as a whole. */
  private static final Set<String> WHOLE = Set.of("experts");

  /** What a file may have; its preset is laid under it before. */
  private record Document(Optional<String> preset, @Inline DistillConfig config) {}

  private DistillConfigs() {}

  /**
   * A preset.
   *
   * @param name one of {@link #PRESETS}; {@code official} is {@code official-vitl14}
   * @throws InvalidOptionException if there is no such preset
   */
  public static DistillConfig preset(String name) {
    return bind("preset " + name, presetSection("", name));
  }

  /**
   * A file's configuration, or the preset of that name.
   *
   * @throws InvalidOptionException if the file is missing, is not valid YAML, or has an unknown,
   *     missing or impossible option, naming file, line and option
   */
  public static DistillConfig read(String fileOrPreset) {
    if (PRESETS.contains(fileOrPreset) || fileOrPreset.equals("official")) {
      return preset(fileOrPreset);
    }
    Path file = Path.of(fileOrPreset);
    try {
      return bind("'" + file + "'", resolve(YamlReader.file(file)));
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  /**
   * The phases of a file's configuration: those under {@code phases}, each a {@code name} and what
   * differs from the rest of the file; without, the whole file is the only one.
   *
   * @param changes single options to change, in every phase
   * @throws InvalidOptionException as {@link #read}, and if a phase has no name or a name twice
   */
  public static List<Phase> phases(String fileOrPreset, Map<String, String> changes) {
    if (PRESETS.contains(fileOrPreset) || fileOrPreset.equals("official")) {
      return List.of(new Phase("", with(preset(fileOrPreset), changes)));
    }
    Path file = Path.of(fileOrPreset);
    try {
      return phases("'" + file + "'", YamlReader.file(file), changes);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  /** {@link #phases(String, Map)} of text. */
  static List<Phase> phases(String source, YamlNode.Section section, Map<String, String> changes) {
    Optional<YamlNode> given = section.find(PHASES);
    if (given.isEmpty()) {
      return List.of(new Phase("", with(bind(source, resolve(section)), changes)));
    }
    YamlNode.Section base = resolve(section.without(PHASES));
    if (!(given.get() instanceof YamlNode.Items items) || items.values().isEmpty()) {
      throw YamlBinder.wrong(given.get(), PHASES, "a list of phases");
    }
    List<Phase> phases = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (YamlNode item : items.values()) {
      if (!(item instanceof YamlNode.Section phase)
          || !(phase.find(NAME).orElse(null) instanceof YamlNode.Scalar name)
          || !name.text().matches("[A-Za-z0-9.-]+")
          || !names.add(name.text())) {
        throw YamlBinder.wrong(
            item, PHASES, "phases with a name of their own of letters, digits, dots and dashes");
      }
      if (phase.find(PRESET).isPresent()) {
        throw YamlBinder.wrong(
            item, PHASES + "." + name.text(), "what differs from the file's own preset");
      }
      DistillConfig config = bind(source, BINDER.overlay(base, phase.without(NAME), WHOLE));
      phases.add(new Phase(name.text(), with(config, changes)));
    }
    return phases;
  }

  private static InvalidOptionException unreadable(Path file, IOException e) {
    return new InvalidOptionException(
        "Configuration '%s' cannot be read; give a YAML file or a preset (%s)."
            .formatted(file, String.join(", ", PRESETS)),
        e);
  }

  /**
   * A configuration from text.
   *
   * @param source named in messages
   */
  public static DistillConfig parse(String source, String yaml) {
    return bind(source, resolve(YamlReader.section(source, yaml)));
  }

  /**
   * Changes single options, {@code section.option} to value, as on a command line.
   *
   * @throws InvalidOptionException if an option is unknown or impossible
   */
  public static DistillConfig with(DistillConfig config, Map<String, String> changes) {
    YamlNode.Section section = YamlWriter.tree("the configuration", config);
    return bind("--set", YamlOverrides.apply(section, "--set", changes));
  }

  /** The complete configuration as YAML. */
  public static String write(DistillConfig config) {
    return YamlWriter.write(config);
  }

  private static DistillConfig bind(String source, YamlNode.Section section) {
    DistillConfig config = BINDER.bind(section, Document.class).config();
    ConfigRules.check(source, config);
    return config;
  }

  private static YamlNode.Section presetSection(String where, String name) {
    String resource = name.equals("official") ? PRESETS.get(0) : name;
    // Names come from files: only the presets' own may reach the class path.
    if (!PRESETS.contains(resource)) {
      throw new InvalidOptionException(
          "%sThere is no preset '%s'; choose from %s."
              .formatted(where, name, String.join(", ", PRESETS)));
    }
    try (InputStream in = DistillConfigs.class.getResourceAsStream(resource + ".yaml")) {
      if (in == null) {
        throw new IllegalStateException("resource " + resource + ".yaml is missing");
      }
      return resolve(YamlReader.stream("preset " + name, in));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static YamlNode.Section resolve(YamlNode.Section section) {
    return section
        .find(PRESET)
        .map(
            name -> {
              if (!(name instanceof YamlNode.Scalar text)) {
                throw YamlBinder.wrong(name, PRESET, "the name of a preset");
              }
              return BINDER.overlay(
                  presetSection(name.place() + ": ", text.text()), section, WHOLE);
            })
        .orElse(section);
  }
}
