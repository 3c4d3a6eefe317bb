package io.github.gpfm.support.yaml;

import java.math.BigDecimal;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/** Single values as the types of Java. */
final class ScalarBinding {
  private final Path base;

  ScalarBinding(Path base) {
    this.base = base;
  }

  Object value(YamlNode node, Class<?> type, String path) {
    if (type == String.class) {
      return text(node, path, "text");
    } else if (type == Path.class) {
      return file(node, path);
    } else if (type == boolean.class || type == Boolean.class) {
      return plain(node)
          .flatMap(Scalars::truth)
          .orElseThrow(() -> YamlBinder.wrong(node, path, "true or false"));
    } else if (type == int.class || type == Integer.class) {
      return Math.toIntExact(whole(node, path, Integer.MIN_VALUE, Integer.MAX_VALUE));
    } else if (type == long.class || type == Long.class) {
      return whole(node, path, Long.MIN_VALUE, Long.MAX_VALUE);
    } else if (type == double.class || type == Double.class) {
      return real(node, path);
    }
    throw new IllegalStateException("no rule for components of type " + type);
  }

  private static Optional<String> plain(YamlNode node) {
    return node instanceof YamlNode.Scalar scalar && scalar.plain()
        ? Optional.of(scalar.text())
        : Optional.empty();
  }

  private static String text(YamlNode node, String path, String expected) {
    if (node instanceof YamlNode.Scalar scalar && !node.isNull()) {
      return scalar.text();
    }
    throw YamlBinder.wrong(node, path, expected);
  }

  private Path file(YamlNode node, String path) {
    try {
      return base.resolve(text(node, path, "a path"));
    } catch (InvalidPathException e) {
      throw YamlBinder.wrong(node, path, "a path");
    }
  }

  private static long whole(YamlNode node, String path, long least, long most) {
    BigDecimal number = number(node, path, "a whole number");
    return Scalars.toLong(number, least, most)
        .orElseThrow(
            () ->
                YamlBinder.wrong(
                    node, path, "a whole number from %d to %d".formatted(least, most)));
  }

  private static double real(YamlNode node, String path) {
    return Scalars.toDouble(number(node, path, "a number"))
        .orElseThrow(() -> YamlBinder.wrong(node, path, "a number that a double can hold"));
  }

  private static BigDecimal number(YamlNode node, String path, String expected) {
    Optional<String> text = plain(node);
    if (text.filter(Scalars::isNotFinite).isPresent()) {
      throw YamlBinder.wrong(node, path, "a finite number");
    } else if (text.filter(Scalars::isAmbiguous).isPresent()) {
      throw YamlBinder.wrong(
          node, path, expected + " without leading zeros, which YAML 1.1 reads as octal");
    }
    return text.flatMap(Scalars::number).orElseThrow(() -> YamlBinder.wrong(node, path, expected));
  }
}
