package io.github.gpfm.encoder.catalog;

import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.api.WeightsException;
import io.github.gpfm.support.yaml.Default;
import io.github.gpfm.support.yaml.Spelling;
import io.github.gpfm.support.yaml.YamlBinder;
import io.github.gpfm.support.yaml.YamlNode;
import io.github.gpfm.support.yaml.YamlReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Model cards by name, in order. Immutable. {@link #builtIn()} has the published models; {@link
 * #with(Path)} adds those of a user's YAML file, which has the same form as the built-in {@code
 * models.yaml} and may use its layouts.
 */
public final class ModelCatalog {
  private static final YamlBinder BINDER =
      YamlBinder.strict()
          .formerly(Spelling.CAMEL)
          .singleAsList()
          .with(String.class, ModelCatalog::text)
          .variants(
              Architecture.class,
              "type",
              new TreeMap<>(
                  Map.of(
                      "vit", VitArchitecture.class,
                      "clip-vision", ClipVisionArchitecture.class,
                      "conch", ConchArchitecture.class,
                      "pooled-vit", PooledVitArchitecture.class,
                      "headed-vit", HeadedVitArchitecture.class,
                      "swin", SwinArchitecture.class,
                      "resnet", ResNetArchitecture.class)));

  private final Map<String, KeyLayout> layouts;
  private final Map<String, ModelCard> cards;

  private ModelCatalog(Map<String, KeyLayout> layouts, Map<String, ModelCard> cards) {
    this.layouts = layouts;
    this.cards = cards;
  }

  private static final class BuiltIn {
    static final ModelCatalog CATALOG = read();

    private static ModelCatalog read() {
      ModelCatalog catalog = new ModelCatalog(Map.of(), Map.of());
      for (String name :
          List.of("layouts.yaml", "models.yaml", "pathology-models.yaml", "general-models.yaml")) {
        try (InputStream in = ModelCatalog.class.getResourceAsStream(name)) {
          catalog = catalog.extended(YamlReader.stream(name, Objects.requireNonNull(in)));
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
      return catalog;
    }
  }

  /** The published models this library knows. */
  public static ModelCatalog builtIn() {
    return BuiltIn.CATALOG;
  }

  /** All cards, in the order of the files. */
  public List<ModelCard> cards() {
    return List.copyOf(cards.values());
  }

  /** Whether there is a card of that name, case ignored. */
  public boolean has(String name) {
    return cards.containsKey(name.toLowerCase(Locale.ROOT));
  }

  /**
   * The card of that name, case ignored.
   *
   * @throws CatalogException naming the models there are
   */
  public ModelCard find(String name) {
    ModelCard card = cards.get(name.toLowerCase(Locale.ROOT));
    if (card == null) {
      throw new CatalogException(
          "There is no model '%s' in the catalogue; it has %s."
              .formatted(name, String.join(", ", cards.keySet())));
    }
    return card;
  }

  /**
   * This catalogue and the models of a YAML file; a model of a name that is taken replaces the
   * other.
   *
   * @throws CatalogException if the file cannot be read or describes no usable model, naming the
   *     place
   */
  public ModelCatalog with(Path file) {
    try {
      return extended(YamlReader.file(file));
    } catch (InvalidOptionException e) {
      throw new CatalogException(String.valueOf(e.getMessage()), e);
    } catch (IOException e) {
      throw new CatalogException(
          "Model file '%s' cannot be read (%s); check the path.".formatted(file, e.getMessage()),
          e);
    }
  }

  /**
   * Which models a file of these tensors can be of: a report for every card, those with the fewest
   * problems first, in the catalogue's order where equal.
   *
   * @param shapes name to shape, as in the file
   */
  public List<WeightsReport> identify(Map<String, List<Long>> shapes) {
    return identify(shapes, Optional.empty());
  }

  /**
   * {@link #identify(Map)} of one of the networks in a file.
   *
   * @param state which, see {@link io.github.gpfm.encoder.weights.ModelState#is}; empty for the
   *     preferred
   */
  public List<WeightsReport> identify(Map<String, List<Long>> shapes, Optional<String> state) {
    return cards.values().stream()
        .flatMap(card -> checked(card, shapes, state).stream())
        .sorted(Comparator.comparingInt(WeightsReport::problems))
        .toList();
  }

  private static Optional<WeightsReport> checked(
      ModelCard card, Map<String, List<Long>> shapes, Optional<String> state) {
    try {
      return Optional.of(card.check(shapes, state));
    } catch (WeightsException e) {
      // The file has this model's names, but not in the state asked for.
      return Optional.empty();
    }
  }

  /** The layout of that name. */
  KeyLayout layout(String name) {
    return Objects.requireNonNull(layouts.get(name), name);
  }

  /**
   * For a file that fits no card: the cards whose tensor names it has although in other sizes, each
   * with the file's sizes; those of the file's {@link Architecture#family() family} if there are
   * any.
   */
  public List<ModelCard> resembling(Map<String, List<Long>> shapes) {
    List<ModelCard> alike =
        cards.values().stream()
            .flatMap(card -> card.withSizesOf(shapes).stream())
            .filter(card -> card.withoutFileSizes().check(shapes).fits())
            .toList();
    List<ModelCard> family = alike.stream().filter(this::keepsItsFamily).toList();
    return family.isEmpty() ? alike : family;
  }

  /** Whether a card with a file's sizes is of the family it has in the catalogue. */
  public boolean keepsItsFamily(ModelCard fitted) {
    return find(fitted.name()).architecture().family().equals(fitted.architecture().family());
  }

  /** The parts of a file; models may name layouts of the same file. */
  private record Document(@Default("[]") YamlNode layouts, @Default("[]") YamlNode models) {}

  private record Layouts(@Default("[]") List<KeyLayout> layouts) {}

  private record Models(@Default("[]") List<ModelCard> models) {}

  private ModelCatalog extended(YamlNode.Section document) {
    if (document.entries().isEmpty()) {
      throw new CatalogException(document.place().source() + " is empty; it needs 'models'.");
    }
    BINDER.with(YamlNode.class, (node, path) -> node).bind(document, Document.class);
    Map<String, KeyLayout> allLayouts = new LinkedHashMap<>(layouts);
    BINDER
        .bind(document.without("models"), Layouts.class)
        .layouts()
        .forEach(layout -> allLayouts.put(layout.name(), layout));
    Map<String, ModelCard> allCards = new LinkedHashMap<>(cards);
    BINDER
        .with(KeyLayout.class, (node, path) -> layout(allLayouts, node, path))
        .bind(document.without("layouts"), Models.class)
        .models()
        .forEach(card -> allCards.put(card.name().toLowerCase(Locale.ROOT), card));
    return new ModelCatalog(
        Collections.unmodifiableMap(allLayouts), Collections.unmodifiableMap(allCards));
  }

  private static KeyLayout layout(Map<String, KeyLayout> layouts, YamlNode node, String path) {
    KeyLayout layout = node instanceof YamlNode.Scalar name ? layouts.get(name.text()) : null;
    if (layout == null) {
      throw YamlBinder.wrong(node, path, "one of " + String.join(", ", layouts.keySet()));
    }
    return layout;
  }

  private static String text(YamlNode node, String path) {
    if (node instanceof YamlNode.Scalar scalar && !scalar.text().isBlank()) {
      return scalar.text().strip();
    }
    throw YamlBinder.wrong(node, path, "text");
  }
}
