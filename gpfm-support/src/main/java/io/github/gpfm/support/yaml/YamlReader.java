package io.github.gpfm.support.yaml;

import io.github.gpfm.api.InvalidOptionException;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Node;

/** Reads YAML within {@link YamlLimits}. Nothing in a document can name or make a Java class. */
public final class YamlReader {
  private YamlReader() {}

  /**
   * The document of a file, which must be keys and values; an empty file is an empty section.
   *
   * @throws InvalidOptionException if it is not valid YAML, is no section or is beyond the limits,
   *     naming file and line
   * @throws IOException if it cannot be read
   */
  public static YamlNode.Section file(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return stream("'" + file + "'", in);
    }
  }

  /**
   * The same of a stream, which is left open.
   *
   * @param source as messages name it
   */
  public static YamlNode.Section stream(String source, InputStream in) throws IOException {
    YamlLimits limits = YamlLimits.DEFAULT;
    byte[] bytes = in.readNBytes(limits.bytes() + 1);
    if (bytes.length > limits.bytes()) {
      throw new InvalidOptionException(
          "%s has more than %,d bytes; that is no configuration."
              .formatted(source, limits.bytes()));
    }
    try {
      return section(
          source,
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString(),
          limits);
    } catch (CharacterCodingException e) {
      throw new InvalidOptionException(
          "%s is not text in UTF-8; save it as that.".formatted(source), e);
    }
  }

  /**
   * The same of a text.
   *
   * @param source as messages name it
   */
  public static YamlNode.Section section(String source, String text) {
    return section(source, text, YamlLimits.DEFAULT);
  }

  static YamlNode.Section section(String source, String text, YamlLimits limits) {
    YamlNode node = read(source, text, limits, true);
    if (node.isNull()) {
      return new YamlNode.Section(Map.of(), new YamlPlace(source, 1));
    }
    if (node instanceof YamlNode.Section section) {
      return section;
    }
    throw YamlBinder.wrong(node, "", "a section of options");
  }

  /**
   * A single value, as behind {@code --set}.
   *
   * @param source as messages name it
   */
  public static YamlNode value(String source, String text) {
    return read(source, text, YamlLimits.DEFAULT, false);
  }

  private static YamlNode read(String source, String text, YamlLimits limits, boolean lines) {
    LoaderOptions options = new LoaderOptions();
    options.setNestingDepthLimit(limits.depth());
    options.setMaxAliasesForCollections(limits.aliases());
    options.setCodePointLimit(limits.bytes());
    // No tag makes anything here; TreeBuilder refuses them all with their place.
    options.setTagInspector(tag -> true);
    Node root;
    try {
      String body = text.startsWith("\uFEFF") ? text.substring(1) : text;
      root = new Yaml(new SafeConstructor(options)).compose(new StringReader(body));
    } catch (YAMLException e) {
      throw new InvalidOptionException(
          "%s is not valid YAML (%s); correct it there.".formatted(source, where(e)), e);
    } catch (RuntimeException | StackOverflowError e) {
      // The library lets what it stumbles over through, for instance in damaged escapes.
      throw new InvalidOptionException(
          "%s is not valid YAML (%s); correct it there."
              .formatted(source, YamlPlace.shown(String.valueOf(e.getMessage()))),
          e);
    }
    if (root == null) {
      return new YamlNode.Scalar("", true, new YamlPlace(source, lines ? 1 : 0));
    }
    return new TreeBuilder(source, lines, limits).build(root);
  }

  private static String where(YAMLException e) {
    if (e instanceof MarkedYAMLException marked && marked.getProblemMark() != null) {
      return "line %d: %s"
          .formatted(marked.getProblemMark().getLine() + 1, YamlPlace.shown(marked.getProblem()));
    }
    return YamlPlace.shown(String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
  }
}
