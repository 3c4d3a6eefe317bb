package io.github.gpfm.support.yaml;

import java.lang.reflect.AnnotatedElement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What {@link Range} and {@link NotEmpty} demand of a bound value. */
public final class Constraints {
  private Constraints() {}

  static void check(AnnotatedElement component, YamlNode node, String path, Object value) {
    if (value instanceof Optional<?> optional) {
      optional.ifPresent(present -> check(component, node, path, present));
      return;
    }
    boolean full = component.isAnnotationPresent(NotEmpty.class);
    if (value instanceof List<?> list) {
      if (full && list.isEmpty()) {
        throw YamlBinder.wrong(node, path, "a list of one item or more");
      }
      List<YamlNode> items = node instanceof YamlNode.Items of ? of.values() : List.of(node);
      for (int i = 0; i < list.size(); i++) {
        check(component, items.get(i), path + "[" + i + "]", list.get(i));
      }
    } else if (value instanceof String text && full && text.isBlank()) {
      throw YamlBinder.wrong(node, path, "a text that is not blank");
    } else if (value instanceof Number number) {
      Range range = component.getAnnotation(Range.class);
      if (range != null && !holds(range, number.doubleValue())) {
        throw YamlBinder.wrong(node, path, words(range));
      }
    }
  }

  private static boolean holds(Range range, double value) {
    return value >= range.atLeast()
        && value > range.moreThan()
        && value <= range.atMost()
        && value < range.lessThan();
  }

  /** In words: {@code "1 or more"}, {@code "more than 0 and at most 1"}. */
  public static String words(Range range) {
    List<String> parts = new ArrayList<>();
    boolean bounded = range.atMost() < Double.POSITIVE_INFINITY;
    boolean below = range.lessThan() < Double.POSITIVE_INFINITY;
    if (range.atLeast() > Double.NEGATIVE_INFINITY) {
      String least = plain(range.atLeast());
      parts.add(bounded || below ? "at least " + least : least + " or more");
    }
    if (range.moreThan() > Double.NEGATIVE_INFINITY) {
      parts.add("more than " + plain(range.moreThan()));
    }
    if (bounded) {
      parts.add("at most " + plain(range.atMost()));
    }
    if (below) {
      parts.add("less than " + plain(range.lessThan()));
    }
    return String.join(" and ", parts);
  }

  private static String plain(double bound) {
    return bound == Math.rint(bound) ? Long.toString((long) bound) : Double.toString(bound);
  }
}
