package io.github.gpfm.pipeline;

import io.github.gpfm.api.Embeddings;
import io.github.gpfm.api.Embeddings.PatchGrid;
import io.github.gpfm.api.Provenance;
import io.github.gpfm.api.Recipe;
import io.github.gpfm.encoder.features.FeatureHeader;
import io.github.gpfm.encoder.features.FeatureReader;
import io.github.gpfm.encoder.features.FeatureWriter;
import io.github.gpfm.encoder.features.NonFinitePolicy;
import io.github.gpfm.support.RunStore;
import io.github.gpfm.tiling.format.StoredCoords;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Puts the features of a slide's pieces into the slide's file. */
final class PieceJoin {
  /** Values in memory at a time. */
  private static final int CHUNK = 1 << 22;

  private static final String READER = Recipe.NOTE + "slide.reader";

  private final SlideToFeatures pipeline;
  private final RunStore store;
  private final StoredCoords plan;
  private final List<Path> pieces;

  /** Length of a vector and patch tokens of a tile. */
  record Form(int dimension, int patches) {}

  /**
   * @param plan of the slide
   * @param pieces all of them, in the order of the tiles
   */
  PieceJoin(SlideToFeatures pipeline, RunStore store, StoredCoords plan, List<Path> pieces) {
    this.pipeline = pipeline;
    this.store = store;
    this.plan = plan;
    this.pieces = pieces;
  }

  /** Writes the slide's file. */
  Form write(String name, Path file, NonFinitePolicy nonFinite) {
    Map<String, String> entries =
        new TreeMap<>(plan.provenance().map(Provenance::entries).orElse(Map.of()));
    Form form;
    try (FeatureReader first = FeatureReader.open(pieces.get(0))) {
      form = new Form(first.dimension(), first.patches());
    }
    for (Path piece : pieces) {
      try (FeatureReader reader = FeatureReader.open(piece)) {
        reader.provenance().ifPresent(one -> noteReader(entries, one.entries()));
      }
    }
    Recipe made = Recipe.of(entries);
    FeatureHeader header =
        new FeatureHeader(
            name,
            pipeline.encoder.info().name(),
            form.patches(),
            form.dimension(),
            plan.coords(),
            plan.ownAttributes(),
            SlideWork.provenance(made),
            nonFinite);
    try (FeatureWriter writer = pipeline.format.create(file, header)) {
      int row = 0;
      for (Path piece : pieces) {
        try (FeatureReader reader = FeatureReader.open(piece)) {
          row = copy(reader, writer, row, form);
        }
      }
      writer.commit();
    }
    if (!pipeline.format.keepsProvenance()) {
      store.remember(file, made);
    }
    return form;
  }

  /** A second reader may have stepped in for some of the pieces: its name follows the first's. */
  private static void noteReader(Map<String, String> entries, Map<String, String> piece) {
    String reader = piece.getOrDefault(READER, "");
    if (reader.length() > entries.getOrDefault(READER, "").length()) {
      entries.put(READER, reader);
    }
  }

  private static int copy(FeatureReader reader, FeatureWriter writer, int firstRow, Form form) {
    int length = form.dimension() * Math.max(1, form.patches());
    int chunk = Math.max(1, CHUNK / length);
    for (int from = 0; from < reader.rows(); from += chunk) {
      int count = Math.min(chunk, reader.rows() - from);
      writer.write(firstRow + from, embeddings(reader.read(from, count), count, form));
    }
    return firstRow + reader.rows();
  }

  private static Embeddings embeddings(float[] values, int count, Form form) {
    if (form.patches() == 0) {
      return Embeddings.of(count, form.dimension(), values);
    }
    PatchGrid grid = new PatchGrid(form.patches(), 1, form.dimension());
    return Embeddings.withPatchTokens(count, 0, new float[0], grid, values);
  }
}
