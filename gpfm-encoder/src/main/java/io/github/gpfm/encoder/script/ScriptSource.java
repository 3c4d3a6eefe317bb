package io.github.gpfm.encoder.script;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Source text of a program: classes that are nothing but methods, and free functions. See the
 * package description for the language.
 */
public final class ScriptSource {
  private static final Pattern CLASS = Pattern.compile("class (\\w+)(\\(Module\\))?:\\s*");
  private static final Pattern FUNCTION = Pattern.compile("def (\\w+)\\(.*");

  private final Map<String, List<String>> classes;
  private final Map<String, List<String>> functions;

  private ScriptSource(Map<String, List<String>> classes, Map<String, List<String>> functions) {
    this.classes = Collections.unmodifiableMap(classes);
    this.functions = Collections.unmodifiableMap(functions);
  }

  /**
   * Parses texts; their classes and functions may use each other.
   *
   * @throws IllegalArgumentException if a name is defined twice or a line stands outside any
   *     definition
   */
  public static ScriptSource of(String... texts) {
    Map<String, List<String>> classes = new LinkedHashMap<>();
    Map<String, List<String>> functions = new LinkedHashMap<>();
    for (String text : texts) {
      List<String> current = null;
      for (String line : text.lines().toList()) {
        Matcher type = CLASS.matcher(line);
        Matcher function = FUNCTION.matcher(line);
        if (type.matches()) {
          current = define(classes, type.group(1));
        } else if (function.matches()) {
          current = define(functions, function.group(1));
          current.add(line);
        } else if (line.isBlank() || line.stripLeading().startsWith("#")) {
          continue;
        } else if (current != null && (line.startsWith(" ") || line.startsWith(")"))) {
          current.add(line);
        } else {
          throw new IllegalArgumentException("outside any class or function: " + line);
        }
      }
    }
    return new ScriptSource(classes, functions);
  }

  /**
   * Reads resources lying beside a class.
   *
   * @param names for instance {@code vit.torchscript}
   */
  public static ScriptSource resources(Class<?> beside, String... names) {
    String[] texts = new String[names.length];
    for (int i = 0; i < names.length; i++) {
      try (InputStream in = beside.getResourceAsStream(names[i])) {
        if (in == null) {
          throw new IllegalArgumentException("no resource " + names[i] + " beside " + beside);
        }
        texts[i] = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return of(texts);
  }

  /** The definitions of both; no name may be defined twice. */
  public ScriptSource and(ScriptSource other) {
    Map<String, List<String>> allClasses = new LinkedHashMap<>(classes);
    other.classes.forEach((name, body) -> define(allClasses, name).addAll(body));
    Map<String, List<String>> allFunctions = new LinkedHashMap<>(functions);
    other.functions.forEach((name, body) -> define(allFunctions, name).addAll(body));
    return new ScriptSource(allClasses, allFunctions);
  }

  /** Lines of a class's methods, indented. */
  List<String> methods(String className) {
    List<String> lines = classes.get(className);
    if (lines == null) {
      throw new IllegalArgumentException(
          "class " + className + " is not in the source; there are " + classes.keySet());
    }
    return lines;
  }

  /** Lines of the free functions by name. */
  Map<String, List<String>> functions() {
    return functions;
  }

  private static List<String> define(Map<String, List<String>> definitions, String name) {
    List<String> lines = new ArrayList<>();
    if (definitions.put(name, lines) != null) {
      throw new IllegalArgumentException(name + " is defined twice");
    }
    return lines;
  }
}
