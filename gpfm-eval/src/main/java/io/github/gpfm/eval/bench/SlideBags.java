package io.github.gpfm.eval.bench;

import com.google.common.cache.Cache;
import com.google.common.cache.CacheBuilder;
import io.github.gpfm.api.GpfmException;
import io.github.gpfm.eval.EvaluationException;
import io.github.gpfm.eval.data.CaseTable;
import io.github.gpfm.eval.data.FeatureBag;
import io.github.gpfm.eval.linalg.Matrix;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * One encoder's bags of a table's cases. Every bag is read once to see that it can be used; later
 * it is read when used, and kept while memory allows.
 */
final class SlideBags {
  private final Cache<String, FeatureBag> cache = CacheBuilder.newBuilder().softValues().build();
  private final Map<String, String> problems = new LinkedHashMap<>();
  private final Map<String, Integer> widths = new LinkedHashMap<>();
  private final SlideFeatures features;
  private final int dimension;

  /**
   * @param features the encoder's features
   * @param entries cases to look for
   */
  SlideBags(SlideFeatures features, Collection<CaseTable.Entry> entries) {
    this.features = features;
    Map<Integer, Integer> votes = new HashMap<>();
    for (CaseTable.Entry entry : entries) {
      try {
        FeatureBag bag = read(entry);
        cache.put(entry.id(), bag);
        widths.put(entry.id(), bag.features().columns());
        votes.merge(bag.features().columns(), 1, Integer::sum);
      } catch (GpfmException e) {
        problems.put(entry.id(), e.getMessage());
      }
    }
    int most = 0;
    for (int count : votes.values()) {
      most = Math.max(most, count);
    }
    int common = 0;
    for (var vote : votes.entrySet()) {
      if (vote.getValue() == most) {
        common = vote.getKey();
      }
    }
    this.dimension = common;
    widths.forEach(
        (id, width) -> {
          if (width != dimension) {
            problems.put(
                id,
                "the features of '%s' have %d dimensions, those of most cases %d"
                    .formatted(id, width, dimension));
          }
        });
  }

  /** Length of a feature; 0 if no bag can be used. */
  int dimension() {
    return dimension;
  }

  /** Why a case cannot be used, by its name. */
  Map<String, String> problems() {
    return problems;
  }

  boolean usable(String id) {
    return widths.containsKey(id) && !problems.containsKey(id);
  }

  /** The bag of a usable case. */
  FeatureBag bag(CaseTable.Entry entry) {
    FeatureBag kept = cache.getIfPresent(entry.id());
    if (kept == null) {
      kept = read(entry);
      cache.put(entry.id(), kept);
    }
    return kept;
  }

  // A case's slides become one bag; coordinates are kept only where there is one slide.
  private FeatureBag read(CaseTable.Entry entry) {
    List<FeatureBag> bags = new ArrayList<>();
    for (String slide : entry.slides()) {
      bags.add(features.read(slide));
    }
    FeatureBag first = bags.get(0);
    if (bags.size() == 1) {
      return new FeatureBag(entry.id(), first.features(), first.coords(), first.tileSize());
    }
    int width = first.features().columns();
    int rows = bags.stream().mapToInt(b -> b.features().rows()).sum();
    float[] joined = new float[Math.multiplyExact(rows, width)];
    int at = 0;
    for (FeatureBag bag : bags) {
      if (bag.features().columns() != width) {
        throw new EvaluationException(
            "the slides of case '" + entry.id() + "' have features of different dimensions");
      }
      System.arraycopy(bag.features().values(), 0, joined, at, bag.features().values().length);
      at += bag.features().values().length;
    }
    return new FeatureBag(
        entry.id(), Matrix.of(rows, width, joined), new long[0], OptionalDouble.empty());
  }
}
