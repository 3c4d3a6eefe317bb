package io.github.gpfm.support;

import io.github.gpfm.api.Described;
import io.github.gpfm.api.Recipe;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Describes a record by its components, by name in kebab case, records within it included. Every
 * component decides the result unless it is declared a {@link Note}; one declared {@link Content}
 * decides by its file's content.
 */
public final class RecordDescription implements Described {
  private final Record value;

  /**
   * @param value whose components are numbers, text, enums, paths, records, or lists, maps and
   *     optionals of them
   */
  public RecordDescription(Record value) {
    this.value = value;
  }

  @Override
  public void describe(Recipe.Builder recipe) {
    for (RecordComponent component : value.getClass().getRecordComponents()) {
      String name = KebabCase.of(component.getName());
      @Nullable Object content = content(component);
      if (component.isAnnotationPresent(Content.class)) {
        file(recipe, name, content);
      } else {
        add(recipe, name, content, component.isAnnotationPresent(Note.class));
      }
    }
  }

  private @Nullable Object content(RecordComponent component) {
    try {
      component.getAccessor().setAccessible(true);
      return component.getAccessor().invoke(value);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void file(Recipe.Builder recipe, String name, @Nullable Object content) {
    String text = content == null ? "" : content.toString();
    if (text.isEmpty()) {
      recipe.add(name, "none");
    } else if (Files.isRegularFile(Path.of(text))) {
      recipe.file(name, Path.of(text));
    } else if (Files.isDirectory(Path.of(text))) {
      // Who knows which of its files count describes them.
      recipe.add(name, "folder");
    } else {
      recipe.add(name, text + ", which is not there");
    }
  }

  private static void add(
      Recipe.Builder recipe, String name, @Nullable Object content, boolean note) {
    if (content instanceof Optional<?> optional) {
      add(recipe, name, optional.orElse(null), note);
    } else if (content instanceof Record inner && !note) {
      recipe.part(name, new RecordDescription(inner));
    } else if (content instanceof Map<?, ?> map && !note) {
      map.forEach((key, one) -> add(recipe, name + "." + key, one, false));
    } else if (content instanceof List<?> list
        && !note
        && list.stream().anyMatch(Record.class::isInstance)) {
      for (int i = 0; i < list.size(); i++) {
        add(recipe, name + "." + i, list.get(i), false);
      }
    } else {
      String text =
          content instanceof Enum<?> constant ? KebabCase.of(constant.name()) : "" + content;
      if (note) {
        recipe.note(name, text);
      } else {
        recipe.add(name, text);
      }
    }
  }
}
