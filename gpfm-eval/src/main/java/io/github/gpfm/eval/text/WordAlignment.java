package io.github.gpfm.eval.text;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One-to-one matches of words of two texts that have a mark in common (the stem, a set of
 * synonyms): as many as there can be, in as few chunks (runs that stand side by side in both) as a
 * beam search finds. METEOR's aligner searches so, too.
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

  /**
   * @param candidate marks of each word of the one text
   * @param reference marks of each word of the other
   */
  static WordAlignment of(List<List<String>> candidate, List<List<String>> reference) {
    Map<String, List<Integer>> places = new HashMap<>();
    for (int j = 0; j < reference.size(); j++) {
      for (String mark : reference.get(j)) {
        places.computeIfAbsent(mark, m -> new ArrayList<>()).add(j);
      }
    }
    List<List<Integer>> partners =
        candidate.stream()
            .map(
                marks ->
                    marks.stream()
                        .flatMap(m -> places.getOrDefault(m, List.of()).stream())
                        .distinct()
                        .sorted()
                        .toList())
            .toList();
    BitSet none = new BitSet();
    List<Partial> beam = List.of(new Partial(none, -2, 0, 0, still(partners, 0, none)));
    for (int i = 0; i < partners.size(); i++) {
      List<Partial> next = new ArrayList<>();
      for (Partial partial : beam) {
        extend(partial, partners, i, next);
      }
      next.sort(BEST);
      beam = next.subList(0, Math.min(BEAM, next.size()));
    }
    return new WordAlignment(beam.get(0).matches(), beam.get(0).chunks());
  }

  private static void extend(
      Partial from, List<List<Integer>> partners, int word, List<Partial> next) {
    for (int j : partners.get(word)) {
      if (!from.taken().get(j)) {
        BitSet taken = (BitSet) from.taken().clone();
        taken.set(j);
        int chunks = from.chunks() + (j == from.last() + 1 ? 0 : 1);
        int still = still(partners, word + 1, taken);
        next.add(new Partial(taken, j, from.matches() + 1, chunks, still));
      }
    }
    int still = still(partners, word + 1, from.taken());
    next.add(new Partial(from.taken(), -2, from.matches(), from.chunks(), still));
  }

  // Words that may take the same places share them; those of words that share some are counted
  // twice.
  private static int still(List<List<Integer>> partners, int from, BitSet taken) {
    Map<List<Integer>, Integer> free = new HashMap<>();
    int count = 0;
    for (List<Integer> all : partners.subList(from, partners.size())) {
      int left =
          free.computeIfAbsent(all, a -> (int) a.stream().filter(j -> !taken.get(j)).count());
      if (left > 0) {
        free.put(all, left - 1);
        count++;
      }
    }
    return count;
  }
}
