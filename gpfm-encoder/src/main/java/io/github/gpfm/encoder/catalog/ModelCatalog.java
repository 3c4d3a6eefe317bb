package io.github.gpfm.encoder.catalog;

import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * Model cards by name, in order. Immutable. {@link #builtIn()} has the published models; {@link
 * #with(Path)} adds those of a user's YAML file, which has the same form as the built-in {@code
 * models.yaml} and may use its layouts.
 */
public final class ModelCatalog {
  private static final int MAX_CHARACTERS = 4 << 20;

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
      for (String name : List.of("layouts.yaml", "models.yaml", "general-models.yaml")) {
        try (InputStream in = ModelCatalog.class.getResourceAsStream(name)) {
          catalog = catalog.extended(parse(Objects.requireNonNull(in), name), name);
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
    try (Reader reader = Files.newBufferedReader(file)) {
      return extended(parse(reader, file.toString()), file.toString());
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
    return cards.values().stream()
        .map(card -> card.check(shapes))
        .sorted(Comparator.comparingInt(WeightsReport::problems))
        .toList();
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
            .filter(
                card ->
                    WeightsReport.of(card.name(), card.architecture(), card.layout(), shapes)
                        .fits())
            .toList();
    List<ModelCard> family = alike.stream().filter(this::keepsItsFamily).toList();
    return family.isEmpty() ? alike : family;
  }

  /** Whether a card with a file's sizes is of the family it has in the catalogue. */
  public boolean keepsItsFamily(ModelCard fitted) {
    return find(fitted.name()).architecture().family().equals(fitted.architecture().family());
  }

  private static Object parse(Object source, String name) {
    LoaderOptions options = new LoaderOptions();
    options.setAllowDuplicateKeys(false);
    options.setCodePointLimit(MAX_CHARACTERS);
    Yaml yaml = new Yaml(new SafeConstructor(options));
    try {
      return source instanceof Reader reader ? yaml.load(reader) : yaml.load((InputStream) source);
    } catch (YAMLException e) {
      throw new CatalogException(
          "Model file '%s' is no YAML: %s."
              .formatted(name, String.valueOf(e.getMessage()).replaceAll("\\s+", " ")),
          e);
    }
  }

  private ModelCatalog extended(Object document, String file) {
    try {
      if (document == null) {
        throw new CatalogException("it is empty; it needs 'models'.");
      }
      Map<String, Object> top = YamlRecords.map(document, "the document");
      for (String key : top.keySet()) {
        if (!key.equals("layouts") && !key.equals("models")) {
          throw new CatalogException(
              "the document has no '" + key + "'; it may have layouts, models.");
        }
      }
      Map<String, KeyLayout> allLayouts = new LinkedHashMap<>(layouts);
      for (KeyLayout layout : read(top, "layouts", KeyLayout.class, new YamlRecords())) {
        allLayouts.put(layout.name(), layout);
      }
      Map<String, ModelCard> allCards = new LinkedHashMap<>(cards);
      for (ModelCard card : read(top, "models", ModelCard.class, records(allLayouts))) {
        allCards.put(card.name().toLowerCase(Locale.ROOT), card);
      }
      return new ModelCatalog(
          Collections.unmodifiableMap(allLayouts), Collections.unmodifiableMap(allCards));
    } catch (CatalogException e) {
      throw new CatalogException("Model file '" + file + "': " + e.getMessage(), e);
    }
  }

  private static <T> List<T> read(
      Map<String, Object> top, String key, Class<T> type, YamlRecords records) {
    List<T> items = new ArrayList<>();
    List<?> given = top.get(key) == null ? List.of() : YamlRecords.list(top.get(key), key);
    for (int i = 0; i < given.size(); i++) {
      String where = key + "[" + i + "]";
      if (given.get(i) instanceof Map<?, ?> map && map.get("name") instanceof String name) {
        where = key + " '" + name + "'";
      }
      items.add(records.read(given.get(i), type, where));
    }
    return items;
  }

  private static YamlRecords records(Map<String, KeyLayout> layouts) {
    YamlRecords records = new YamlRecords();
    return records
        .with(
            KeyLayout.class,
            (value, where) -> {
              KeyLayout layout = layouts.get(value.toString());
              if (layout == null) {
                throw new CatalogException(
                    "%s must be one of %s, not '%s'."
                        .formatted(where, String.join(", ", layouts.keySet()), value));
              }
              return layout;
            })
        .with(Architecture.class, (value, where) -> architecture(records, value, where));
  }

  private static Architecture architecture(YamlRecords records, Object value, String where) {
    Map<String, Class<? extends Architecture>> types = new TreeMap<>();
    types.put("vit", VitArchitecture.class);
    types.put("clip-vision", ClipVisionArchitecture.class);
    types.put("conch", ConchArchitecture.class);
    types.put("swin", SwinArchitecture.class);
    types.put("resnet", ResNetArchitecture.class);
    Map<String, Object> fields = YamlRecords.map(value, where);
    Object type = fields.remove("type");
    Class<? extends Architecture> record = types.get(String.valueOf(type));
    if (record == null) {
      throw new CatalogException(
          "%s.type must be one of %s, not '%s'."
              .formatted(where, String.join(", ", types.keySet()), type));
    }
    return records.read(fields, record, where);
  }
}
