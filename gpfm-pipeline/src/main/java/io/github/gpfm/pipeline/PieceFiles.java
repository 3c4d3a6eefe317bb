package io.github.gpfm.pipeline;

import io.github.gpfm.api.GpfmException;
import io.github.gpfm.api.OutputException;
import io.github.gpfm.api.Recipe;
import io.github.gpfm.encoder.features.FeatureReader;
import io.github.gpfm.support.AtomicFile;
import io.github.gpfm.support.PartFile;
import io.github.gpfm.support.RunStore;
import io.github.gpfm.support.Sha256;
import io.github.gpfm.tiling.format.CoordsH5;
import io.github.gpfm.tiling.format.StoredCoords;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Where the plans of slides and the features of their pieces are kept until the slides' own files
 * are written: in the hidden folder beside the results, so that they outlive the process that made
 * them. Their names tell what they are made of.
 */
final class PieceFiles {
  private static final int ID_DIGITS = 32;

  private final Path folder;

  PieceFiles(RunStore store) {
    this.folder = folder(store);
  }

  private static Path folder(RunStore store) {
    return store.folder().resolve(RunStore.FOLDER).resolve("pieces");
  }

  /** Removes all plans and pieces. */
  static void clear(RunStore store) {
    PartFile.deleteTree(folder(store));
  }

  /** Removes what processes that have ended on this host left half-written. */
  void removeParts() {
    try {
      PartFile.removeStale(folder);
    } catch (IOException e) {
      throw AtomicFile.cannotWrite(folder, e);
    }
  }

  /**
   * What a slide's plan and pieces are found by.
   *
   * @param damaged decides which tiles a plan has, though not what a result of all tiles is
   */
  static String id(String slide, Recipe recipe, DamagePolicy damaged) {
    return Sha256.of(slide + "\n" + damaged + "\n" + recipe.canonical()).substring(0, ID_DIGITS);
  }

  Path planFile(String id) {
    return folder.resolve(id + "-plan.h5");
  }

  /**
   * The tiles of a planned slide and what they are made of.
   *
   * @throws OutputException if they are not there
   */
  StoredCoords plan(String id) {
    Path file = planFile(id);
    if (!Files.exists(file)) {
      throw new OutputException(
          "The plan " + file + " is missing: every process needs the same output folder.");
    }
    return CoordsH5.read(file);
  }

  Path piece(String id, int first, int count) {
    return folder.resolve(String.format(Locale.ROOT, "%s-%d-%d.safetensors", id, first, count));
  }

  /** Whether a piece is there and can be read. */
  static boolean isThere(Path piece, int count) {
    if (!Files.exists(piece)) {
      return false;
    }
    try (FeatureReader reader = FeatureReader.open(piece)) {
      return reader.rows() == count;
    } catch (GpfmException e) {
      return false;
    }
  }

  /** Removes the plan and all pieces of a slide, also those cut in another way. */
  void removeAll(String id) {
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (Stream<Path> entries = Files.list(folder)) {
      entries
          .filter(file -> file.getFileName().toString().startsWith(id + "-"))
          .forEach(PieceFiles::remove);
    } catch (IOException e) {
      throw AtomicFile.cannotWrite(folder, e);
    }
  }

  /** Removes a file that is no longer needed. */
  static void remove(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw AtomicFile.cannotWrite(file, e);
    }
  }
}
