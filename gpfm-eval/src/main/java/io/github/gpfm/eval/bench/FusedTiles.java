package io.github.gpfm.eval.bench;

import io.github.gpfm.eval.EvaluationException;
import io.github.gpfm.eval.data.FeatureFusion;
import io.github.gpfm.eval.data.LabelledFeatures;
import io.github.gpfm.eval.linalg.Matrix;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Tiles of several encoders as those of one. */
final class FusedTiles {
  private FusedTiles() {}

  /**
   * The tiles that all encoders have, in the first one's order.
   *
   * @param all the same tiles as each encoder gives them, told by their names, by encoder
   * @param leftOut takes a sentence if not all encoders have all tiles
   * @throws EvaluationException if they are to be told apart by a head that is of slides, if they
   *     share no tile, or a shared one has different classes
   */
  static LabelledFeatures join(
      String name,
      Map<String, LabelledFeatures> all,
      FeatureFusion fusion,
      Consumer<String> leftOut) {
    if (fusion == FeatureFusion.SHAZAM) {
      throw new EvaluationException(
          "'fusion: shazam' is a head of slides; concatenate or average the encoders' tiles");
    }
    String firstEncoder = all.keySet().iterator().next();
    LabelledFeatures first = all.values().iterator().next();
    Map<String, Map<String, Integer>> rows = new LinkedHashMap<>();
    all.forEach((encoder, tiles) -> rows.put(encoder, rows(tiles)));
    int[] kept =
        IntStream.range(0, first.size())
            .filter(i -> rows.values().stream().allMatch(r -> r.containsKey(first.ids().get(i))))
            .toArray();
    noteLeftOut(name, all, kept.length, leftOut);
    LabelledFeatures shared = first.select(name, kept);
    List<Matrix> parts = new ArrayList<>();
    all.forEach(
        (encoder, tiles) -> {
          Map<String, Integer> at = rows.getOrDefault(encoder, Map.of());
          int[] places = shared.ids().stream().mapToInt(id -> at.getOrDefault(id, -1)).toArray();
          LabelledFeatures own = tiles.select(name, places);
          checkSameClasses(firstEncoder, shared, encoder, own);
          parts.add(own.features());
        });
    return new LabelledFeatures(
        name, shared.ids(), fusion.join(name, parts), shared.labels(), shared.classes());
  }

  private static void noteLeftOut(
      String name, Map<String, LabelledFeatures> all, int shared, Consumer<String> leftOut) {
    if (all.values().stream().allMatch(tiles -> tiles.size() == shared)) {
      return;
    }
    Map<String, Integer> sizes = new LinkedHashMap<>();
    all.forEach((encoder, tiles) -> sizes.put(encoder, tiles.size()));
    if (shared == 0) {
      throw new EvaluationException(
          "the encoders share no tile of '%s'; they have %s".formatted(name, listed(sizes)));
    }
    leftOut.accept(
        "%d tiles of '%s' are those that all fused encoders share, of %s; the others were left out"
            .formatted(shared, name, listed(sizes)));
  }

  private static void checkSameClasses(
      String firstEncoder, LabelledFeatures first, String encoder, LabelledFeatures other) {
    for (int i = 0; i < first.size(); i++) {
      String expected = first.classes().get(first.labels()[i]);
      String found = other.classes().get(other.labels()[i]);
      if (!found.equals(expected)) {
        throw new EvaluationException(
            "tile '%s' of '%s' is of class '%s' with encoder '%s' and of class '%s' with encoder '%s'; give both the same tiles in the same order"
                .formatted(
                    first.ids().get(i), first.name(), expected, firstEncoder, found, encoder));
      }
    }
  }

  /** Numbers of tiles by encoder, for a message. */
  static String listed(Map<String, ? extends Number> tiles) {
    return tiles.entrySet().stream()
        .map(e -> "%d of '%s'".formatted(e.getValue().longValue(), e.getKey()))
        .collect(Collectors.joining(", "));
  }

  private static Map<String, Integer> rows(LabelledFeatures tiles) {
    return IntStream.range(0, tiles.size())
        .boxed()
        .collect(Collectors.toMap(tiles.ids()::get, i -> i));
  }
}
