package io.github.gpfm.support.yaml;

import io.github.gpfm.api.InvalidOptionException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Single values over a document, as {@code --set section.option=value} gives them. */
public final class YamlOverrides {
  private YamlOverrides() {}

  /**
   * The section with values replaced. Whether the last name of a path is known is found out when
   * the section is bound.
   *
   * @param option as messages name it, {@code --set}
   * @param changes dotted path to value, which is read as YAML
   * @throws InvalidOptionException if a path leads nowhere or a value is not valid YAML
   */
  public static YamlNode.Section apply(
      YamlNode.Section section, String option, Map<String, String> changes) {
    YamlNode.Section changed = section;
    for (Map.Entry<String, String> change : changes.entrySet()) {
      String source = option + " " + YamlPlace.shown(change.getKey());
      YamlNode value = YamlReader.value(source, change.getValue());
      List<String> path = List.of(change.getKey().split("\\.", -1));
      changed = set(changed, source, new ArrayList<>(), path, value);
    }
    return changed;
  }

  private static YamlNode.Section set(
      YamlNode.Section section,
      String source,
      List<String> done,
      List<String> left,
      YamlNode value) {
    String key = left.get(0);
    if (left.size() == 1) {
      return section.with(key, value);
    }
    YamlNode.Entry entry = section.entries().get(key);
    if (entry == null) {
      throw new InvalidOptionException(
          "%s: there is no '%s'%s"
              .formatted(
                  source, YamlPlace.shown(key), NearestName.hint(key, section.entries().keySet())));
    }
    done.add(key);
    if (!(entry.value() instanceof YamlNode.Section inner)) {
      throw new InvalidOptionException(
          "%s: %s has no options of its own.".formatted(source, String.join(".", done)));
    }
    return section.with(key, set(inner, source, done, left.subList(1, left.size()), value));
  }
}
