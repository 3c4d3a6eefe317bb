package io.github.gpfm.eval.bench;

import io.github.gpfm.eval.EvaluationException;
import io.github.gpfm.eval.data.FeatureFusion;
import io.github.gpfm.eval.data.LabelledFeatures;
import io.github.gpfm.eval.linalg.Matrix;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Tiles of several encoders as those of one. */
final class FusedTiles {
  private FusedTiles() {}

  /**
   * The tiles that all encoders have, in the first one's order.
   *
   * @param all the same tiles as each encoder gives them, told by their names
   * @throws EvaluationException if they are to be told apart by a head that is of slides
   */
  static LabelledFeatures join(String name, List<LabelledFeatures> all, FeatureFusion fusion) {
    if (fusion == FeatureFusion.SHAZAM) {
      throw new EvaluationException(
          "'fusion: shazam' is a head of slides; concatenate or average the encoders' tiles");
    }
    LabelledFeatures first = all.get(0);
    List<Map<String, Integer>> rows = all.stream().map(FusedTiles::rows).toList();
    int[] kept =
        IntStream.range(0, first.size())
            .filter(i -> rows.stream().allMatch(r -> r.containsKey(first.ids().get(i))))
            .toArray();
    List<Matrix> parts = new ArrayList<>();
    for (int e = 0; e < all.size(); e++) {
      Map<String, Integer> at = rows.get(e);
      int[] places =
          Arrays.stream(kept).map(i -> at.getOrDefault(first.ids().get(i), -1)).toArray();
      parts.add(all.get(e).features().select(places));
    }
    LabelledFeatures shared = first.select(name, kept);
    return new LabelledFeatures(
        name, shared.ids(), fusion.join(name, parts), shared.labels(), shared.classes());
  }

  private static Map<String, Integer> rows(LabelledFeatures tiles) {
    return IntStream.range(0, tiles.size())
        .boxed()
        .collect(Collectors.toMap(tiles.ids()::get, i -> i));
  }
}
