package io.github.gpfm.encoder.catalog;

import com.google.common.cache.CacheBuilder;
import com.google.common.cache.CacheLoader;
import com.google.common.cache.LoadingCache;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A tensor name with places: <code>{i}</code> for a number, <code>{p}</code> for the rest. */
final class Template {
  private static final LoadingCache<String, Template> CACHE =
      CacheBuilder.newBuilder()
          .maximumSize(1_000)
          .build(
              new CacheLoader<>() {
                @Override
                public Template load(String text) {
                  return new Template(text);
                }
              });

  private final Pattern pattern;
  private final boolean number;
  private final boolean rest;

  private Template(String text) {
    number = text.contains("{i}");
    rest = text.contains("{p}");
    String regex = Pattern.quote(text).replace("{i}", "\\E(?<i>\\d+)\\Q");
    pattern = Pattern.compile(regex.replace("{p}", "\\E(?<p>.+)\\Q"));
  }

  static Template of(String text) {
    return CACHE.getUnchecked(text);
  }

  /** What stood in a name's places. */
  record Match(Map<String, String> places) {
    String fill(String template) {
      String filled = template;
      for (Map.Entry<String, String> place : places.entrySet()) {
        filled = filled.replace(place.getKey(), place.getValue());
      }
      return filled;
    }
  }

  Optional<Match> match(String name) {
    Matcher matcher = pattern.matcher(name);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    Map<String, String> places = new LinkedHashMap<>();
    if (number) {
      places.put("{i}", matcher.group("i"));
    }
    if (rest) {
      places.put("{p}", matcher.group("p"));
    }
    return Optional.of(new Match(places));
  }
}
