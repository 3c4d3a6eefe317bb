package io.github.gpfm.tiling.format;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.stream.JsonWriter;
import io.github.gpfm.api.TileGeometry;
import io.github.gpfm.api.TileGrid;
import io.github.gpfm.api.TilingException;
import io.github.gpfm.support.AtomicFile;
import io.github.gpfm.support.Budget;
import io.github.gpfm.support.JsonFile;
import io.github.gpfm.tiling.grid.RegionOfInterest;
import io.github.gpfm.tiling.grid.TileTable;
import io.github.gpfm.tiling.internal.Areas;
import io.github.gpfm.tiling.internal.Polygons;
import io.github.gpfm.tiling.tissue.Tissue;
import io.github.gpfm.tiling.tissue.TissueRegion;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.io.geojson.GeoJsonReader;
import org.locationtech.jts.io.geojson.GeoJsonWriter;

/**
 * GeoJSON in QuPath's dialect: a FeatureCollection in level-0 pixels, tissue as annotations of the
 * class {@code Tissue}, tiles as detections with their scores as measurements.
 */
public final class GeoJson {
  private static final int SCHEMA = 1;
  private static final Gson GSON = new GsonBuilder().serializeNulls().create();

  /** A feature as read. */
  record Feature(Geometry geometry, JsonObject properties) {
    String className() {
      JsonElement classification = properties.get("classification");
      if (classification == null || !classification.isJsonObject()) {
        return "";
      }
      // A class derived from others, such as "Tumor: Positive", is kept as a list of names.
      JsonElement names = classification.getAsJsonObject().get("names");
      if (names != null && names.isJsonArray()) {
        return StreamSupport.stream(names.getAsJsonArray().spliterator(), false)
            .map(JsonElement::getAsString)
            .collect(Collectors.joining(": "));
      }
      JsonElement name = classification.getAsJsonObject().get("name");
      return name == null || !name.isJsonPrimitive() ? "" : name.getAsString();
    }
  }

  private GeoJson() {}

  /**
   * Writes the outlines of tissue with their holes. Every polygon is valid by the simple-features
   * rules; an outline that touches itself is parted.
   *
   * @param file where to
   * @param slide name of the slide
   * @param tissue its tissue
   * @throws io.github.gpfm.api.OutputException if the file cannot be written
   */
  public static void writeTissue(Path file, String slide, Tissue tissue) {
    JsonArray features = new JsonArray();
    int number = 0;
    for (TissueRegion region : tissue.regions()) {
      number++;
      Geometry polygon = Polygons.of(region);
      if (polygon.isEmpty()) {
        continue;
      }
      JsonObject feature = feature("tissue", slide, number, polygon, "annotation");
      JsonObject properties = feature.getAsJsonObject("properties");
      properties.addProperty("name", "Tissue " + number);
      properties.add("classification", classification("Tissue", 0, 160, 80));
      properties.addProperty("isLocked", false);
      Map<String, Double> measurements = new TreeMap<>();
      measurements.put("Area px^2", region.area());
      measurements.put("Holes", (double) region.holes().size());
      properties.add("measurements", measurements(measurements));
      features.add(feature);
    }
    JsonObject about = new JsonObject();
    about.addProperty("schema", SCHEMA);
    about.addProperty("slide", slide);
    about.addProperty("segmenter", tissue.segmenter());
    about.add("parameters", GSON.toJsonTree(tissue.parameters()));
    write(file, features, about);
  }

  /**
   * Writes tiles as detections. The collection's member {@code gpfm} keeps the geometry of the
   * grid, so that {@link #readTiles} gives back the same table. A score that is not finite is left
   * out and read back as NaN.
   *
   * @param file where to
   * @param table the tiles and their scores
   * @throws io.github.gpfm.api.OutputException if the file cannot be written
   */
  public static void writeTiles(Path file, TileTable table) {
    writeTiles(file, table, new int[0]);
  }

  /**
   * {@link #writeTiles(Path, TileTable)} with a colour for each tile in place of a common class.
   *
   * @param colours 0xRRGGBB, one a tile, or none
   */
  public static void writeTiles(Path file, TileTable table, int[] colours) {
    if (colours.length != 0 && colours.length != table.size()) {
      throw new IllegalArgumentException(
          colours.length + " colours for " + table.size() + " tiles");
    }
    TileGrid grid = table.grid();
    JsonArray features = new JsonArray();
    for (int i = 0; i < table.size(); i++) {
      Geometry square =
          Polygons.rectangle(
              grid.x(i), grid.y(i), grid.geometry().level0Size(), grid.geometry().level0Height());
      JsonObject feature = feature("tile", table.slide(), i, square, "detection");
      JsonObject properties = feature.getAsJsonObject("properties");
      properties.addProperty("name", grid.x(i) + "_" + grid.y(i));
      if (colours.length == 0) {
        properties.add("classification", classification("Tile", 40, 90, 200));
      } else {
        int rgb = colours[i];
        properties.add(
            "color", GSON.toJsonTree(new int[] {rgb >> 16 & 255, rgb >> 8 & 255, rgb & 255}));
      }
      properties.add("measurements", measurements(table.scores(i)));
      features.add(feature);
    }
    JsonObject about = new JsonObject();
    about.addProperty("schema", SCHEMA);
    about.addProperty("slide", table.slide());
    about.add("scores", GSON.toJsonTree(table.scoreNames()));
    about.add("geometry", geometry(grid.geometry()));
    JsonArray coords = new JsonArray();
    for (long value : grid.coords()) {
      coords.add(value);
    }
    about.add("coords", coords);
    write(file, features, about);
  }

  /**
   * Reads tiles written by {@link #writeTiles}.
   *
   * @throws TilingException if the file is missing, damaged or was not written by this library
   */
  public static TileTable readTiles(Path file) {
    JsonElement tree = parse(file, budget(file));
    JsonObject root = tree.isJsonObject() ? tree.getAsJsonObject() : new JsonObject();
    try {
      JsonObject about = root.getAsJsonObject("gpfm");
      if (about == null || !about.has("coords")) {
        throw new TilingException(file + " holds no tiles written by this library.");
      }
      JsonArray stored = about.getAsJsonArray("coords");
      long[] coords = new long[stored.size()];
      for (int i = 0; i < coords.length; i++) {
        coords[i] = stored.get(i).getAsLong();
      }
      TileGrid grid = TileGrid.of(geometry(about.getAsJsonObject("geometry")), coords);
      TileTable table = TileTable.of(about.get("slide").getAsString(), grid);
      JsonArray features = root.getAsJsonArray("features");
      if (features.size() != grid.size()) {
        throw new TilingException(
            file + " holds " + features.size() + " features for " + grid.size() + " tiles.");
      }
      for (JsonElement name : about.getAsJsonArray("scores")) {
        double[] values = new double[grid.size()];
        for (int i = 0; i < values.length; i++) {
          JsonElement value =
              features
                  .get(i)
                  .getAsJsonObject()
                  .getAsJsonObject("properties")
                  .getAsJsonObject("measurements")
                  .get(name.getAsString());
          values[i] = number(value);
        }
        table = table.with(name.getAsString(), values);
      }
      return table;
    } catch (JsonParseException
        | ClassCastException
        | NullPointerException
        | IllegalStateException
        | IllegalArgumentException e) {
      throw damaged(file, e);
    }
  }

  /**
   * Reads a region of interest as QuPath exports it: areas of a class named {@code Exclude} or
   * whose name ends with {@code *}, QuPath's mark for classes to ignore, are excluded, all other
   * areas included.
   *
   * @throws TilingException if the file is missing, damaged or holds no area
   */
  public static RegionOfInterest readRegionOfInterest(Path file) {
    return GeoJsonAreas.of(file, features(file)).regionOfInterest();
  }

  /**
   * Reads a region of interest by the classes of the areas.
   *
   * @param include classes whose areas are included, by name; every area when empty
   * @param exclude classes whose areas are excluded, by name
   * @throws TilingException if the file is missing, damaged or holds none of these areas
   */
  public static RegionOfInterest readRegionOfInterest(
      Path file, Collection<String> include, Collection<String> exclude) {
    return GeoJsonAreas.of(
            file,
            features(file),
            name -> !exclude.contains(name) && (include.isEmpty() || include.contains(name)),
            exclude::contains)
        .regionOfInterest();
  }

  /**
   * Reads areas as one: what is drawn, without what is excluded as {@link
   * #readRegionOfInterest(Path)} has it. Outlines may cross themselves; what they enclose belongs
   * to them. A collection without features is an empty area.
   *
   * @throws TilingException if the file is missing, damaged, holds features but no area, or crosses
   *     itself without end
   */
  public static Geometry readArea(Path file) {
    List<Feature> features = features(file);
    return features.isEmpty() ? Areas.union(List.of()) : GeoJsonAreas.of(file, features).area();
  }

  /** Every feature's geometry, in order. */
  public static List<Geometry> readGeometries(Path file) {
    return features(file).stream().map(Feature::geometry).toList();
  }

  private static List<Feature> features(Path file) {
    Budget budget = budget(file);
    JsonElement root = parse(file, budget);
    return budget.open(
        "GeoJSON",
        () -> {
          JsonArray array = new JsonArray();
          if (root.isJsonArray()) {
            array = root.getAsJsonArray();
          } else if (root.getAsJsonObject().has("features")) {
            array = root.getAsJsonObject().getAsJsonArray("features");
          } else {
            array.add(root);
          }
          List<Feature> features = new ArrayList<>();
          for (JsonElement element : array) {
            budget.time();
            JsonObject feature = element.getAsJsonObject();
            JsonElement shape = feature.has("geometry") ? feature.get("geometry") : feature;
            if (!shape.isJsonObject()) {
              continue;
            }
            JsonElement properties = feature.get("properties");
            features.add(
                new Feature(
                    new GeoJsonReader().read(shape.toString()),
                    properties != null && properties.isJsonObject()
                        ? properties.getAsJsonObject()
                        : new JsonObject()));
          }
          return features;
        });
  }

  private static Budget budget(Path file) {
    return Budget.of(file, TilingException::new);
  }

  /** The tree of a file whose size, nesting, names and numbers have been counted. */
  private static JsonElement parse(Path file, Budget budget) {
    if (!Files.isRegularFile(file)) {
      throw new TilingException("There is no GeoJSON file " + file + ".");
    }
    return JsonFile.read(file, "GeoJSON", budget);
  }

  private static TilingException damaged(Path file, Throwable cause) {
    return new TilingException(
        file + " is not readable GeoJSON (" + cause.getMessage() + "): export it again.", cause);
  }

  private static JsonObject feature(
      String kind, String slide, int number, Geometry geometry, String objectType) {
    JsonObject feature = new JsonObject();
    feature.addProperty("type", "Feature");
    String identity = kind + "/" + slide + "/" + number + "/" + geometry.getEnvelopeInternal();
    feature.addProperty(
        "id", UUID.nameUUIDFromBytes(identity.getBytes(StandardCharsets.UTF_8)).toString());
    GeoJsonWriter writer = new GeoJsonWriter();
    writer.setEncodeCRS(false);
    writer.setForceCCW(true);
    feature.add("geometry", JsonParser.parseString(writer.write(geometry)));
    JsonObject properties = new JsonObject();
    properties.addProperty("objectType", objectType);
    feature.add("properties", properties);
    return feature;
  }

  private static JsonObject classification(String name, int... rgb) {
    JsonObject classification = new JsonObject();
    classification.addProperty("name", name);
    classification.add("color", GSON.toJsonTree(rgb));
    return classification;
  }

  private static JsonObject measurements(Map<String, Double> values) {
    JsonObject measurements = new JsonObject();
    values.forEach(
        (name, value) -> {
          // QuPath refuses the whole file for one measurement that is null or not a number.
          if (Double.isFinite(value)) {
            measurements.addProperty(name, value);
          }
        });
    return measurements;
  }

  private static JsonObject geometry(TileGeometry geometry) {
    JsonObject json = new JsonObject();
    json.addProperty("level", geometry.level());
    json.addProperty("read_size", geometry.readSize());
    json.addProperty("tile_size", geometry.tileSize());
    json.addProperty("level0_size", geometry.level0Size());
    json.addProperty("level0_step", geometry.level0Step());
    json.addProperty("mpp", Double.isNaN(geometry.mpp()) ? null : geometry.mpp());
    if (geometry.aspect() != 1) {
      json.addProperty("aspect", geometry.aspect());
    }
    return json;
  }

  private static TileGeometry geometry(JsonObject json) {
    return new TileGeometry(
        json.get("level").getAsInt(),
        json.get("read_size").getAsInt(),
        json.get("tile_size").getAsInt(),
        json.get("level0_size").getAsDouble(),
        json.get("level0_step").getAsDouble(),
        number(json.get("mpp")),
        json.has("aspect") ? json.get("aspect").getAsDouble() : 1);
  }

  private static double number(@Nullable JsonElement value) {
    return value == null || value.isJsonNull() ? Double.NaN : value.getAsDouble();
  }

  private static void write(Path file, JsonArray features, JsonObject about) {
    AtomicFile.write(
        file,
        partial -> {
          try (JsonWriter writer =
              new JsonWriter(Files.newBufferedWriter(partial, StandardCharsets.UTF_8))) {
            writer.setSerializeNulls(true);
            writer.beginObject();
            writer.name("type").value("FeatureCollection");
            writer.name("gpfm");
            GSON.toJson(about, writer);
            writer.name("features").beginArray();
            for (JsonElement feature : features) {
              GSON.toJson(feature, writer);
            }
            writer.endArray().endObject();
          }
        });
  }
}
