package io.github.gpfm.distill.config;

import io.github.gpfm.api.InvalidOptionException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.representer.Representer;
import org.yaml.snakeyaml.resolver.Resolver;

/**
 * Reads and writes configurations. A file names a {@code preset} and what differs from it; {@code
 * experts}, when given, replaces the preset's experts as a whole.
 */
public final class DistillConfigs {
  /** The presets that ship. */
  public static final List<String> PRESETS =
      List.of("official-vitl14", "official-vith14", "official-vitg14", "tiny");

  private static final String PRESET = "preset";

  private DistillConfigs() {}

  /**
   * A preset.
   *
   * @param name one of {@link #PRESETS}; {@code official} is {@code official-vitl14}
   * @throws InvalidOptionException if there is no such preset
   */
  public static DistillConfig preset(String name) {
    return bind("preset " + name, presetMap("", name));
  }

  /**
   * A file's configuration, or the preset of that name.
   *
   * @throws InvalidOptionException if the file is missing, is no YAML, or has an unknown, missing
   *     or impossible option
   */
  public static DistillConfig read(String fileOrPreset) {
    if (PRESETS.contains(fileOrPreset) || fileOrPreset.equals("official")) {
      return preset(fileOrPreset);
    }
    Path file = Path.of(fileOrPreset);
    try {
      return parse("'" + file + "'", Files.readString(file));
    } catch (IOException e) {
      throw new InvalidOptionException(
          "Configuration '%s' cannot be read; give a YAML file or a preset (%s)."
              .formatted(file, String.join(", ", PRESETS)),
          e);
    }
  }

  /**
   * A configuration from text.
   *
   * @param source named in messages
   */
  public static DistillConfig parse(String source, String yaml) {
    return bind(source, resolve(source, load(source, yaml)));
  }

  /**
   * Changes single options, {@code section.option} to value, as on a command line.
   *
   * @throws InvalidOptionException if an option is unknown or impossible
   */
  public static DistillConfig with(DistillConfig config, Map<String, String> changes) {
    Map<String, Object> map = RecordBinder.unbind(config);
    changes.forEach(
        (path, value) -> {
          Map<String, Object> section = map;
          String[] parts = path.split("\\.");
          for (int i = 0; i < parts.length - 1; i++) {
            if (!section.containsKey(parts[i])) {
              throw new InvalidOptionException(
                  "--set %s: there is no '%s'; known here are %s."
                      .formatted(path, parts[i], String.join(", ", section.keySet())));
            }
            Map<String, Object> inner = section(section.get(parts[i]), "--set " + path);
            section.put(parts[i], inner);
            section = inner;
          }
          section.put(parts[parts.length - 1], value("--set " + path, value));
        });
    return bind("--set", map);
  }

  /** The complete configuration as YAML. */
  public static String write(DistillConfig config) {
    return yaml().dump(RecordBinder.unbind(config));
  }

  private static DistillConfig bind(String source, Map<String, Object> map) {
    DistillConfig config = new RecordBinder(source).bind(map, DistillConfig.class);
    ConfigRules.check(source, config);
    return config;
  }

  private static Map<String, Object> presetMap(String source, String name) {
    String resource = name.equals("official") ? PRESETS.get(0) : name;
    try (InputStream in = DistillConfigs.class.getResourceAsStream(resource + ".yaml")) {
      if (in == null) {
        throw new InvalidOptionException(
            "%sThere is no preset '%s'; choose from %s."
                .formatted(source, name, String.join(", ", PRESETS)));
      }
      String yaml = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return resolve("preset " + name, load("preset " + name, yaml));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Map<String, Object> resolve(String source, Map<String, Object> map) {
    Object preset = map.remove(PRESET);
    return preset == null
        ? map
        : merge(presetMap(source + ": ", String.valueOf(preset)), map, source, "");
  }

  private static Map<String, Object> merge(
      Map<String, Object> base, Map<String, Object> over, String source, String path) {
    Map<String, Object> merged = new LinkedHashMap<>(base);
    over.forEach(
        (key, value) -> {
          boolean whole = path.isEmpty() && key.equals("experts");
          if (!whole && value instanceof Map<?, ?> && base.get(key) instanceof Map<?, ?>) {
            merged.put(
                key,
                merge(section(base.get(key), source), section(value, source), source, path + key));
          } else {
            merged.put(key, value);
          }
        });
    return merged;
  }

  private static Map<String, Object> load(String source, String text) {
    Object loaded = value(source, text);
    return loaded == null ? new LinkedHashMap<>() : section(loaded, source);
  }

  private static @Nullable Object value(String source, String text) {
    try {
      return yaml().load(text);
    } catch (YAMLException e) {
      throw new InvalidOptionException(
          "%s is not valid YAML (%s); mend it there.".formatted(source, where(e)), e);
    }
  }

  private static String where(YAMLException e) {
    if (e instanceof MarkedYAMLException marked && marked.getProblemMark() != null) {
      return "line %d: %s".formatted(marked.getProblemMark().getLine() + 1, marked.getProblem());
    }
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }

  private static Map<String, Object> section(@Nullable Object value, String source) {
    if (!(value instanceof Map<?, ?> map)) {
      throw new InvalidOptionException(
          "%s: '%s' must be a section of options.".formatted(source, value));
    }
    Map<String, Object> section = new LinkedHashMap<>();
    map.forEach((k, v) -> section.put(String.valueOf(k), v));
    return section;
  }

  /** No tags to Java types, and {@code 1e-5} a number as in YAML 1.2. */
  private static Yaml yaml() {
    DumperOptions dump = new DumperOptions();
    dump.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
    LoaderOptions options = new LoaderOptions();
    return new Yaml(new SafeConstructor(options), new Representer(dump), dump, options, new Core());
  }

  /** The resolver of YAML 1.2's core schema, as far as numbers go. */
  private static final class Core extends Resolver {
    Core() {
      addImplicitResolver(
          Tag.FLOAT, Pattern.compile("[-+]?[0-9]+(\\.[0-9]*)?[eE][-+]?[0-9]+"), "-+0123456789");
    }
  }
}
