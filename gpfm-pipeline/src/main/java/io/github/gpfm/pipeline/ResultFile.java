package io.github.gpfm.pipeline;

import io.github.gpfm.api.GpfmException;
import io.github.gpfm.api.Provenance;
import io.github.gpfm.api.Recipe;
import io.github.gpfm.encoder.features.FeatureReader;
import io.github.gpfm.support.RunStore;
import io.github.gpfm.tiling.format.CoordsH5;
import io.github.gpfm.tiling.format.StoredCoords;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What is found where a slide's result should be.
 *
 * @param exists whether there is a file
 * @param recipe what it says it was made of
 * @param damage why it cannot be read; empty if it can
 * @param tiles number of tiles
 * @param patches patch tokens of a tile; 0 where a tile has one vector
 * @param dimension length of one vector; 0 for coordinates alone
 */
record ResultFile(
    boolean exists, Optional<Recipe> recipe, String damage, int tiles, int patches, int dimension) {
  private static final ResultFile NOTHING = new ResultFile(false, Optional.empty(), "", 0, 0, 0);

  /** Looks. */
  static ResultFile find(Path file, RunStore store) {
    if (!Files.exists(file)) {
      return NOTHING;
    }
    try (FeatureReader reader = FeatureReader.open(file)) {
      Optional<Recipe> recipe = reader.provenance().map(Provenance::entries).map(Recipe::of);
      return new ResultFile(
          true,
          recipe.isPresent() ? recipe : store.recall(file),
          "",
          reader.rows(),
          reader.patches(),
          reader.dimension());
    } catch (GpfmException e) {
      return coordinates(file, String.valueOf(e.getMessage()));
    }
  }

  private static ResultFile coordinates(Path file, String damage) {
    try {
      StoredCoords coords = CoordsH5.read(file);
      return new ResultFile(
          true,
          coords.provenance().map(Provenance::entries).map(Recipe::of),
          "",
          coords.size(),
          0,
          0);
    } catch (GpfmException e) {
      return new ResultFile(true, Optional.empty(), damage, 0, 0, 0);
    }
  }
}
