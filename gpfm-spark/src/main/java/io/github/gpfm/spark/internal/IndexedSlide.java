package io.github.gpfm.spark.internal;

import io.github.gpfm.spark.rows.SlideRow;
import java.io.Serializable;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A slide and its number in the run.
 *
 * @param index from 0
 * @param row the slide
 */
record IndexedSlide(int index, SlideRow row) implements Serializable {
  /** Slides in the order in which to begin them: the largest files take longest. */
  static List<IndexedSlide> largestFirst(List<SlideRow> slides) {
    return IntStream.range(0, slides.size())
        .mapToObj(i -> new IndexedSlide(i, slides.get(i)))
        .sorted(Comparator.comparingLong(slide -> -slide.row().getBytes()))
        .toList();
  }
}
