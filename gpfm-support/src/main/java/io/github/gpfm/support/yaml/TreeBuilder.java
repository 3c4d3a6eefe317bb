package io.github.gpfm.support.yaml;

import io.github.gpfm.api.InvalidOptionException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * SnakeYAML's nodes as our own, aliases and merges resolved, everything counted on the way. What
 * has no business in a configuration is refused: tags, keys that are no text, keys given twice.
 */
final class TreeBuilder {
  /** Those that values have without anybody writing them. */
  private static final Set<Tag> ALLOWED_TAGS =
      Set.of(
          Tag.STR,
          Tag.INT,
          Tag.FLOAT,
          Tag.BOOL,
          Tag.NULL,
          Tag.TIMESTAMP,
          Tag.MERGE,
          Tag.MAP,
          Tag.SEQ);

  private final String source;
  private final boolean lines;
  private final YamlLimits limits;
  private final Set<Node> open = Collections.newSetFromMap(new IdentityHashMap<>());
  private int values;

  /**
   * @param lines whether lines mean something in this text
   */
  TreeBuilder(String source, boolean lines, YamlLimits limits) {
    this.source = source;
    this.lines = lines;
    this.limits = limits;
  }

  YamlNode build(Node node) {
    YamlPlace place = place(node);
    if (++values > limits.values()) {
      throw new InvalidOptionException(
          "%s has more than %,d values, those that aliases repeat included; write fewer."
              .formatted(source, limits.values()));
    }
    if (!ALLOWED_TAGS.contains(node.getTag())) {
      throw new InvalidOptionException(
          "%s: the tag '%s' is not allowed; write the value without it."
              .formatted(place, YamlPlace.shown(node.getTag().getValue())));
    }
    if (node instanceof ScalarNode scalar) {
      boolean plain = scalar.isPlain() || !scalar.getTag().equals(Tag.STR);
      return new YamlNode.Scalar(scalar.getValue(), plain, place);
    }
    if (!open.add(node)) {
      throw new InvalidOptionException("%s: a value holds itself by an alias.".formatted(place));
    }
    if (open.size() > limits.depth()) {
      throw new InvalidOptionException(
          "%s: sections and lists are more than %d deep.".formatted(place, limits.depth()));
    }
    YamlNode built =
        node instanceof SequenceNode list
            ? new YamlNode.Items(list.getValue().stream().map(this::build).toList(), place)
            : new YamlNode.Section(entries((MappingNode) node), place);
    open.remove(node);
    return built;
  }

  private Map<String, YamlNode.Entry> entries(MappingNode node) {
    Map<String, YamlNode.Entry> entries = new LinkedHashMap<>();
    Map<String, YamlPlace> own = new LinkedHashMap<>();
    for (NodeTuple tuple : node.getValue()) {
      YamlPlace place = place(tuple.getKeyNode());
      String key = key(tuple.getKeyNode());
      YamlPlace before = own.put(key, place);
      if (before != null) {
        throw new InvalidOptionException(
            "%s: '%s' is given twice%s; leave one out."
                .formatted(place, YamlPlace.shown(key), before.firstInLine()));
      }
      if (tuple.getKeyNode().getTag().equals(Tag.MERGE)) {
        for (YamlNode.Section merged : merged(tuple.getValueNode())) {
          merged.entries().forEach(entries::putIfAbsent);
        }
      } else {
        entries.put(key, new YamlNode.Entry(place, build(tuple.getValueNode())));
      }
    }
    return entries;
  }

  /** The sections of {@code <<: *a} or {@code <<: [*a, *b]}. */
  private List<YamlNode.Section> merged(Node node) {
    YamlNode value = build(node);
    List<YamlNode> parts = value instanceof YamlNode.Items items ? items.values() : List.of(value);
    List<YamlNode.Section> sections = new ArrayList<>();
    for (YamlNode part : parts) {
      if (!(part instanceof YamlNode.Section section)) {
        throw new InvalidOptionException(
            "%s: '<<' merges sections only; give it an alias of one.".formatted(part.place()));
      }
      sections.add(section);
    }
    return sections;
  }

  private String key(Node node) {
    if (node instanceof ScalarNode scalar
        && ALLOWED_TAGS.contains(node.getTag())
        && !scalar.getValue().isBlank()) {
      return scalar.getValue();
    }
    throw new InvalidOptionException("%s: a key must be a text.".formatted(place(node)));
  }

  private YamlPlace place(Node node) {
    return new YamlPlace(source, lines ? node.getStartMark().getLine() + 1 : 0);
  }
}
