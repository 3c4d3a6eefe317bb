package io.github.gpfm.pipeline;

import io.github.gpfm.api.GpfmException;
import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.api.Slide;
import io.github.gpfm.api.TileGrid;
import io.github.gpfm.encoder.explain.HeatMap;
import io.github.gpfm.encoder.explain.PrincipalColors;
import io.github.gpfm.encoder.explain.Similarity;
import io.github.gpfm.encoder.features.FeatureReader;
import io.github.gpfm.tiling.format.CoordsH5;
import io.github.gpfm.tiling.format.SlideName;
import io.github.gpfm.tiling.grid.TileTable;
import io.github.gpfm.tiling.picture.Thumbnail;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * A slide's features as something to look at: tiles coloured over the slide's thumbnail, and a
 * table of what the colours mean.
 *
 * @param picture {@link BufferedImage#TYPE_INT_RGB}
 * @param table the tiles with the numbers behind the colours
 */
public record FeatureMap(BufferedImage picture, TileTable table) {
  private static final int EDGE = 1536;
  private static final int ALPHA = 190;

  /**
   * Principal components as colours: tiles of one colour are alike. The table's columns are {@code
   * pc1}, {@code pc2}, {@code pc3}.
   *
   * @param slide the slide, open
   * @param features its HDF5 feature file
   * @throws GpfmException if the file is damaged or of another slide
   */
  public static FeatureMap principalColours(Slide slide, Path features) {
    Stored stored = Stored.read(slide, features);
    TileTable table = stored.table();
    double[] scores = PrincipalColors.scores(stored.features(), stored.dimension(), 3);
    for (int c = 0; c < 3; c++) {
      int component = c;
      double[] column =
          IntStream.range(0, table.size()).mapToDouble(i -> scores[3 * i + component]).toArray();
      table = table.with("pc" + (c + 1), column);
    }
    int[] colours = PrincipalColors.colors(stored.features(), stored.dimension());
    return new FeatureMap(draw(slide, table.grid(), colours, -1), table);
  }

  /**
   * Cosine similarity to one tile, from dark blue (least) to yellow (most alike); that tile is
   * framed. The table's column is {@code similarity}.
   *
   * @param slide the slide, open
   * @param features its HDF5 feature file
   * @param tile number of the tile, from 0
   * @throws InvalidOptionException if there is no such tile
   * @throws GpfmException if the file is damaged or of another slide
   */
  public static FeatureMap similarity(Slide slide, Path features, int tile) {
    Stored stored = Stored.read(slide, features);
    int n = stored.table().size();
    if (tile < 0 || tile >= n) {
      throw new InvalidOptionException(
          "--tile "
              + tile
              + " does not exist in "
              + features
              + ": its tiles are 0 to "
              + (n - 1)
              + ".");
    }
    int d = stored.dimension();
    float[] query = Arrays.copyOfRange(stored.features(), tile * d, (tile + 1) * d);
    float[] cosine = Similarity.cosine(stored.features(), query);
    double[] column = IntStream.range(0, n).mapToDouble(i -> cosine[i]).toArray();
    double least = Arrays.stream(column).min().orElse(0);
    double span = Math.max(1e-9, Arrays.stream(column).max().orElse(1) - least);
    int[] colours =
        Arrays.stream(column).mapToInt(v -> HeatMap.color((v - least) / span)).toArray();
    TileTable table = stored.table().with("similarity", column);
    return new FeatureMap(draw(slide, table.grid(), colours, tile), table);
  }

  private record Stored(TileTable table, float[] features, int dimension) {
    static Stored read(Slide slide, Path file) {
      TileGrid grid = CoordsH5.read(file).grid(slide);
      try (FeatureReader reader = FeatureReader.open(file)) {
        if (reader.rows() != grid.size()) {
          throw new GpfmException(
              file + " holds " + reader.rows() + " features for " + grid.size() + " tiles.");
        }
        for (int i = 0; i < grid.size(); i++) {
          if (grid.x(i) >= slide.width() || grid.y(i) >= slide.height()) {
            throw new GpfmException(
                file + " is not of " + slide.path() + ": its tile " + i + " lies outside.");
          }
        }
        TileTable table = TileTable.of(SlideName.of(slide.path()), grid);
        return new Stored(table, reader.read(0, reader.rows()), reader.dimension());
      }
    }
  }

  private static BufferedImage draw(Slide slide, TileGrid grid, int[] colours, int framed) {
    Thumbnail thumbnail = Thumbnail.of(slide, EDGE);
    BufferedImage picture = thumbnail.image();
    Graphics2D graphics = picture.createGraphics();
    double size = grid.geometry().level0Size();
    for (int i = 0; i < grid.size(); i++) {
      int x0 = (int) Math.round(grid.x(i) * thumbnail.scaleX());
      int y0 = (int) Math.round(grid.y(i) * thumbnail.scaleY());
      int x1 = (int) Math.round((grid.x(i) + size) * thumbnail.scaleX());
      int y1 = (int) Math.round((grid.y(i) + size) * thumbnail.scaleY());
      graphics.setColor(new Color(ALPHA << 24 | colours[i], true));
      graphics.fillRect(x0, y0, x1 - x0, y1 - y0);
      if (i == framed) {
        graphics.setColor(Color.RED);
        graphics.drawRect(x0, y0, x1 - x0 - 1, y1 - y0 - 1);
        graphics.drawRect(x0 + 1, y0 + 1, x1 - x0 - 3, y1 - y0 - 3);
      }
    }
    graphics.dispose();
    return picture;
  }
}
