package io.github.gpfm.eval.text;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One-to-one matches of equal words in two texts: as many as there can be, in as few chunks (runs
 * that stand side by side in both) as a beam search finds. METEOR's aligner searches so, too.
 *
 * @param matches matched words
 * @param chunks runs they form
 */
record WordAlignment(int matches, int chunks) {
  // METEOR 1.5's width.
  private static final int BEAM = 40;

  /** What is known after some words of the candidate; {@code still} counts the most to come. */
  private record Partial(BitSet taken, int last, int matches, int chunks, int still) {
    int reachable() {
      return matches + still;
    }
  }

  private static final Comparator<Partial> BEST =
      Comparator.comparingInt(Partial::reachable).reversed().thenComparingInt(Partial::chunks);

  static WordAlignment of(List<String> candidate, List<String> reference) {
    Map<String, List<Integer>> places = new HashMap<>();
    for (int j = 0; j < reference.size(); j++) {
      places.computeIfAbsent(reference.get(j), w -> new ArrayList<>()).add(j);
    }
    BitSet none = new BitSet();
    int most = still(candidate, places, 0, none);
    List<Partial> beam = List.of(new Partial(none, -2, 0, 0, most));
    for (int i = 0; i < candidate.size(); i++) {
      List<Partial> next = new ArrayList<>();
      for (Partial partial : beam) {
        extend(partial, candidate, i, places, next);
      }
      next.sort(BEST);
      beam = next.subList(0, Math.min(BEAM, next.size()));
    }
    return new WordAlignment(beam.get(0).matches(), beam.get(0).chunks());
  }

  private static void extend(
      Partial from,
      List<String> candidate,
      int word,
      Map<String, List<Integer>> places,
      List<Partial> next) {
    for (int j : places.getOrDefault(candidate.get(word), List.of())) {
      if (!from.taken().get(j)) {
        BitSet taken = (BitSet) from.taken().clone();
        taken.set(j);
        int chunks = from.chunks() + (j == from.last() + 1 ? 0 : 1);
        int still = still(candidate, places, word + 1, taken);
        next.add(new Partial(taken, j, from.matches() + 1, chunks, still));
      }
    }
    int still = still(candidate, places, word + 1, from.taken());
    next.add(new Partial(from.taken(), -2, from.matches(), from.chunks(), still));
  }

  private static int still(
      List<String> candidate, Map<String, List<Integer>> places, int from, BitSet taken) {
    Map<String, Integer> free = new HashMap<>();
    int count = 0;
    for (String word : candidate.subList(from, candidate.size())) {
      List<Integer> all = places.getOrDefault(word, List.of());
      int left =
          free.computeIfAbsent(word, w -> (int) all.stream().filter(j -> !taken.get(j)).count());
      if (left > 0) {
        free.put(word, left - 1);
        count++;
      }
    }
    return count;
  }
}
