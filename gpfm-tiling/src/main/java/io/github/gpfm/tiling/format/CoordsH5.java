package io.github.gpfm.tiling.format;

import io.github.gpfm.api.Provenance;
import io.github.gpfm.api.Slide;
import io.github.gpfm.api.TileGeometry;
import io.github.gpfm.api.TileGrid;
import io.github.gpfm.api.TilingException;
import io.github.gpfm.support.AtomicFile;
import io.github.gpfm.support.Budget;
import io.github.gpfm.support.ProvenanceJson;
import io.github.gpfm.support.hdf5.Hdf5Input;
import io.github.gpfm.support.hdf5.Hdf5Table;
import io.github.gpfm.tiling.grid.TileTable;
import io.github.gpfm.tiling.internal.PatcherLevel;
import io.jhdf.HdfFile;
import io.jhdf.WritableHdfFile;
import io.jhdf.api.WritableDataset;
import io.jhdf.api.WritableGroup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Coordinates of tiles in HDF5: a dataset {@code coords}, int64 [n, 2], x and y in level-0 pixels,
 * with the attributes that CLAM's and TRIDENT's readers look for, and the library's own ({@code
 * gpfm_…}), which keep the whole geometry.
 */
public final class CoordsH5 {
  private static final String COORDS = "coords";
  private static final String SCORES = "scores";
  static final String PROVENANCE = "gpfm_provenance";

  private CoordsH5() {}

  /**
   * The attributes of {@code coords}.
   *
   * @param layout whose
   * @param slide the slide
   * @param name its name
   * @param grid its tiles
   * @param savePath folder of the results, which both layouts record
   * @return {@code Long}, {@code Double}, {@code String}, {@code long[]} or {@code double[]} by
   *     name
   */
  public static SortedMap<String, Object> attributes(
      CoordsLayout layout, Slide slide, String name, TileGrid grid, String savePath) {
    SortedMap<String, Object> attributes = new TreeMap<>();
    attributes.put("name", name);
    TileGeometry geometry = grid.geometry();
    if (layout != CoordsLayout.TRIDENT) {
      clam(attributes, slide, geometry, savePath);
    }
    if (layout != CoordsLayout.CLAM) {
      trident(attributes, slide, geometry, savePath, layout == CoordsLayout.BOTH);
    }
    attributes.put("gpfm_level", (long) geometry.level());
    attributes.put("gpfm_read_size", (long) geometry.readSize());
    attributes.put("gpfm_tile_size", (long) geometry.tileSize());
    attributes.put("gpfm_level0_size", geometry.level0Size());
    attributes.put("gpfm_level0_step", geometry.level0Step());
    attributes.put("gpfm_mpp", geometry.mpp());
    if (geometry.aspect() != 1) {
      attributes.put("gpfm_aspect", geometry.aspect());
    }
    return attributes;
  }

  private static void clam(
      SortedMap<String, Object> attributes, Slide slide, TileGeometry geometry, String savePath) {
    PatcherLevel level = patcherLevel(slide, geometry);
    long[] dimensions = {level.width(), level.height()};
    attributes.put(
        "patch_size", (long) (level.virtual() ? geometry.tileSize() : geometry.readSize()));
    attributes.put("patch_level", (long) level.index());
    attributes.put("downsample", new double[] {level.downsampleX(), level.downsampleY()});
    attributes.put("downsampled_level_dim", dimensions);
    attributes.put("level_dim", dimensions.clone());
    attributes.put("save_path", savePath);
  }

  /** The official level of a geometry: a virtual one where that is what the geometry means. */
  private static PatcherLevel patcherLevel(Slide slide, TileGeometry geometry) {
    double downsample = geometry.level0Size() / geometry.tileSize();
    for (PatcherLevel level : PatcherLevel.of(slide)) {
      if (level.virtual()
          ? geometry.readSize() != geometry.tileSize()
              && Math.abs(level.downsampleX() - downsample) < 1e-9
          : level.index() == geometry.level() && slide.levels().size() > 1) {
        return level;
      }
    }
    return PatcherLevel.of(slide).get(geometry.level());
  }

  private static void trident(
      SortedMap<String, Object> attributes,
      Slide slide,
      TileGeometry geometry,
      String savePath,
      boolean asRead) {
    double downsample =
        asRead
            ? geometry.level0Size() / geometry.readSize()
            : geometry.level0Size() / geometry.tileSize();
    long size = asRead ? geometry.readSize() : geometry.tileSize();
    if (asRead && attributes.get("patch_size") instanceof Long clamSize) {
      size = clamSize;
      downsample = geometry.level0Size() / clamSize;
    }
    attributes.put("patch_size", size);
    attributes.put("patch_size_level0", Math.round(geometry.level0Size()));
    attributes.put(
        "overlap", Math.round((geometry.level0Size() - geometry.level0Step()) / downsample));
    attributes.put("savetodir", savePath);
    attributes.put("level0_width", slide.width());
    attributes.put("level0_height", slide.height());
    double power = magnification(slide);
    if (power > 0) {
      attributes.put("level0_magnification", integral(power));
      attributes.put("target_magnification", integral(power / downsample));
    }
  }

  /** Objective power as stated, else 10x for 1 µm per pixel as TRIDENT has it, else 0. */
  private static double magnification(Slide slide) {
    if (slide.objectivePower().isPresent()) {
      return slide.objectivePower().getAsDouble();
    }
    return slide.mpp().map(mpp -> (double) Math.max(1, Math.round(10 / mpp.mean()))).orElse(0.0);
  }

  private static Object integral(double value) {
    double rounded = Math.rint(value);
    if (rounded >= 1 && Math.abs(value - rounded) < 0.005 * value) {
      return (long) rounded;
    }
    return value;
  }

  /** {@link #write(Path, CoordsLayout, Slide, TileTable, Optional)} without provenance. */
  public static boolean write(Path file, CoordsLayout layout, Slide slide, TileTable table) {
    return write(file, layout, slide, table, Optional.empty());
  }

  /**
   * Writes the tiles of a slide and their scores. A slide without tiles gets no file, as with the
   * official patcher.
   *
   * @param file where to
   * @param layout whose attributes
   * @param slide the slide
   * @param table its tiles
   * @param provenance what they were made of, kept as the attribute {@code gpfm_provenance}
   * @return whether there were tiles and a file was written
   * @throws io.github.gpfm.api.OutputException if the file cannot be written
   */
  public static boolean write(
      Path file,
      CoordsLayout layout,
      Slide slide,
      TileTable table,
      Optional<Provenance> provenance) {
    Path folder = file.toAbsolutePath().normalize().getParent();
    return write(
        file,
        attributes(
            layout, slide, table.slide(), table.grid(), folder == null ? "" : folder.toString()),
        table,
        provenance);
  }

  /**
   * The same with attributes that are at hand.
   *
   * @param attributes as {@link #attributes} gives them
   */
  public static boolean write(
      Path file,
      SortedMap<String, Object> attributes,
      TileTable table,
      Optional<Provenance> provenance) {
    if (table.size() == 0) {
      return false;
    }
    SortedMap<String, Object> all = new TreeMap<>(attributes);
    provenance.ifPresent(one -> all.put(PROVENANCE, ProvenanceJson.write(one)));
    AtomicFile.write(
        file,
        partial -> {
          try (WritableHdfFile hdf = HdfFile.write(partial)) {
            WritableDataset coords = hdf.putDataset(COORDS, pairs(table.grid()));
            all.forEach(coords::putAttribute);
            if (!table.scoreNames().isEmpty()) {
              WritableGroup scores = hdf.putGroup(SCORES);
              table.scoreNames().forEach(name -> scores.putDataset(name, table.scores(name)));
            }
          }
        });
    return true;
  }

  /** The coordinates as int64 [n, 2]. */
  public static long[][] pairs(TileGrid grid) {
    long[][] pairs = new long[grid.size()][];
    for (int i = 0; i < pairs.length; i++) {
      pairs[i] = new long[] {grid.x(i), grid.y(i)};
    }
    return pairs;
  }

  /**
   * Reads a coordinates file of any of the layouts.
   *
   * @throws TilingException if the file is missing, damaged or holds no {@code coords} [n, 2]
   */
  public static StoredCoords read(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new TilingException("There is no coordinates file " + file + ".");
    }
    try (Hdf5Input hdf = Hdf5Input.open(file, Budget.of(file, TilingException::new))) {
      Hdf5Table coords =
          hdf.table(COORDS)
              .orElseThrow(
                  () ->
                      new TilingException(
                          file + " holds no dataset 'coords': is it a coordinates file?"));
      long[] xy = flatten(coords.read());
      if (xy == null) {
        throw new TilingException(file + ": dataset 'coords' is not a table of two integers.");
      }
      SortedMap<String, Object> attributes = new TreeMap<>();
      coords.attributes().forEach((name, data) -> attributes.put(name, value(data)));
      SortedMap<String, double[]> scores = new TreeMap<>();
      hdf.tables(SCORES)
          .forEach(
              (name, column) -> {
                if (column.read() instanceof double[] values) {
                  scores.put(name, values);
                }
              });
      return new StoredCoords(file, xy, attributes, scores);
    }
  }

  private static long @Nullable [] flatten(@Nullable Object data) {
    if (data instanceof long[][] rows) {
      long[] flat = new long[2 * rows.length];
      for (int i = 0; i < rows.length; i++) {
        if (rows[i].length != 2) {
          return null;
        }
        flat[2 * i] = rows[i][0];
        flat[2 * i + 1] = rows[i][1];
      }
      return flat;
    }
    if (data instanceof int[][] rows) {
      long[][] wide = new long[rows.length][];
      for (int i = 0; i < rows.length; i++) {
        wide[i] = Arrays.stream(rows[i]).asLongStream().toArray();
      }
      return flatten(wide);
    }
    return null;
  }

  private static Object value(@Nullable Object data) {
    if (data instanceof Integer || data instanceof Short || data instanceof Byte) {
      return ((Number) data).longValue();
    }
    if (data instanceof Float number) {
      return number.doubleValue();
    }
    if (data instanceof int[] values) {
      return Arrays.stream(values).asLongStream().toArray();
    }
    return data == null ? "" : data;
  }
}
