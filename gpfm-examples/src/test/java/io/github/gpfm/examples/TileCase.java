package io.github.gpfm.examples;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.gpfm.testkit.Fixtures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A case that the official patcher was run on.
 *
 * @param slide the slide
 * @param name of the case
 * @param json its parameters and results
 */
record TileCase(Path slide, String name, JsonObject json) {
  /** Every case of every slide in the folder of tiling fixtures. */
  static List<TileCase> all() throws IOException {
    Path folder = Fixtures.data("tiling");
    List<TileCase> cases = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(TileCase::isCases).sorted().toList()) {
        JsonObject json = Fixtures.json(file);
        Path slide = folder.resolve(json.get("slide").getAsString());
        for (JsonElement entry : json.getAsJsonArray("cases")) {
          JsonObject one = entry.getAsJsonObject();
          cases.add(new TileCase(slide, one.get("name").getAsString(), one));
        }
      }
    }
    return cases;
  }

  private static boolean isCases(Path file) {
    String name = file.getFileName().toString();
    return name.endsWith(".json") && Fixtures.json(file).has("cases");
  }

  /** The case of a name on a slide. */
  static TileCase of(String slide, String name) throws IOException {
    return all().stream()
        .filter(c -> c.slide().getFileName().toString().equals(slide) && c.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  /** The case's parameters as options of the command. */
  List<String> options() {
    List<String> options = new ArrayList<>();
    for (String parameter :
        List.of(
            "seg_level",
            "sthresh",
            "mthresh",
            "close",
            "a_t",
            "a_h",
            "max_n_holes",
            "patch_level",
            "patch_size",
            "step_size",
            "contour_fn")) {
      if (json.has(parameter)) {
        options.add("--" + parameter.replace('_', '-'));
        options.add(json.get(parameter).getAsString());
      }
    }
    options.add(json.get("use_otsu").getAsBoolean() ? "--use-otsu" : "--no-use-otsu");
    options.add(json.get("use_padding").getAsBoolean() ? "--use-padding" : "--no-use-padding");
    return options;
  }

  /** x0, y0, x1, y1, … as recorded. */
  long[] coords() {
    JsonArray pairs = json.getAsJsonArray("coords");
    long[] coords = new long[2 * pairs.size()];
    for (int i = 0; i < pairs.size(); i++) {
      coords[2 * i] = pairs.get(i).getAsJsonArray().get(0).getAsLong();
      coords[2 * i + 1] = pairs.get(i).getAsJsonArray().get(1).getAsLong();
    }
    return coords;
  }

  @Override
  public String toString() {
    return slide.getFileName() + " " + name;
  }
}
