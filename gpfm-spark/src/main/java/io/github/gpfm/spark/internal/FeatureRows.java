package io.github.gpfm.spark.internal;

import io.github.gpfm.api.TileGeometry;
import io.github.gpfm.api.TileGrid;
import io.github.gpfm.encoder.features.FeatureReader;
import io.github.gpfm.spark.rows.FeatureRow;
import io.github.gpfm.spark.rows.OutcomeRow;
import io.github.gpfm.spark.rows.TileRow;
import io.github.gpfm.support.ProvenanceJson;
import io.github.gpfm.tiling.format.CoordsH5;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.SortedMap;
import org.apache.spark.TaskContext;
import org.apache.spark.util.TaskCompletionListener;

/** The rows of files of tiles and of features. */
public final class FeatureRows {
  /** Values read at a time. */
  private static final int CHUNK = 1 << 20;

  private FeatureRows() {}

  /** The tiles of a coordinates file. */
  public static Iterator<TileRow> tiles(OutcomeRow slide) {
    TileGrid grid = CoordsH5.read(Path.of(slide.getFile())).ownGrid();
    TileGeometry geometry = grid.geometry();
    return new Iterator<>() {
      private int next;

      @Override
      public boolean hasNext() {
        return next < grid.size();
      }

      @Override
      public TileRow next() {
        if (!hasNext()) {
          throw new NoSuchElementException();
        }
        TileRow row = new TileRow();
        row.setSlide(slide.getName());
        row.setX(grid.x(next));
        row.setY(grid.y(next));
        row.setLevel(geometry.level());
        row.setMpp(geometry.mpp());
        row.setTileSize(geometry.tileSize());
        row.setLevel0Size(geometry.level0Size());
        next++;
        return row;
      }
    };
  }

  /** The tiles of a feature file with their features. */
  public static Iterator<FeatureRow> features(OutcomeRow slide) {
    FeatureReader reader = FeatureReader.open(Path.of(slide.getFile()));
    TaskContext task = TaskContext.get();
    if (task != null) {
      task.addTaskCompletionListener((TaskCompletionListener) done -> reader.close());
    }
    return new Rows(slide, reader);
  }

  private static final class Rows implements Iterator<FeatureRow> {
    private final OutcomeRow slide;
    private final FeatureReader reader;
    private final long[] coords;
    private final int length;
    private final int level;
    private final double mpp;
    private final String provenance;
    private float[] values = {};
    private int first;
    private int next;

    Rows(OutcomeRow slide, FeatureReader reader) {
      this.slide = slide;
      this.reader = reader;
      this.coords = reader.coords();
      this.length = reader.dimension() * Math.max(1, reader.patches());
      SortedMap<String, Object> attributes = reader.coordsAttributes();
      this.level = number(attributes, "gpfm_level", 0).intValue();
      this.mpp = number(attributes, "gpfm_mpp", Double.NaN).doubleValue();
      this.provenance = reader.provenance().map(ProvenanceJson::write).orElse("");
    }

    private static Number number(SortedMap<String, Object> all, String name, Number otherwise) {
      return all.get(name) instanceof Number number ? number : otherwise;
    }

    @Override
    public boolean hasNext() {
      boolean more = next < reader.rows();
      if (!more) {
        reader.close();
      }
      return more;
    }

    @Override
    public FeatureRow next() {
      if (next >= reader.rows()) {
        throw new NoSuchElementException();
      }
      int held = values.length / length;
      if (next >= first + held) {
        first = next;
        values = reader.read(next, Math.min(Math.max(1, CHUNK / length), reader.rows() - next));
      }
      float[] feature = new float[length];
      System.arraycopy(values, (next - first) * length, feature, 0, length);
      FeatureRow row = new FeatureRow();
      row.setSlide(slide.getName());
      row.setX(coords[2 * next]);
      row.setY(coords[2 * next + 1]);
      row.setLevel(level);
      row.setMpp(mpp);
      row.setFeature(feature);
      row.setProvenance(provenance);
      next++;
      return row;
    }
  }
}
