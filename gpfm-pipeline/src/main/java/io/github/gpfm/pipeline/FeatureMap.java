package io.github.gpfm.pipeline;

import io.github.gpfm.api.Encoder;
import io.github.gpfm.api.EncoderInfo;
import io.github.gpfm.api.GpfmException;
import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.api.Provenance;
import io.github.gpfm.api.Slide;
import io.github.gpfm.api.TileGeometry;
import io.github.gpfm.api.TileGrid;
import io.github.gpfm.api.TokenOutput;
import io.github.gpfm.encoder.explain.AttentionMap;
import io.github.gpfm.encoder.explain.AttentionPicture;
import io.github.gpfm.encoder.explain.HeatMap;
import io.github.gpfm.encoder.explain.PrincipalColors;
import io.github.gpfm.encoder.explain.Similarity;
import io.github.gpfm.encoder.explain.VitInspector;
import io.github.gpfm.encoder.features.FeatureReader;
import io.github.gpfm.tiling.format.CoordsH5;
import io.github.gpfm.tiling.format.SlideName;
import io.github.gpfm.tiling.grid.TileReader;
import io.github.gpfm.tiling.grid.TileTable;
import io.github.gpfm.tiling.picture.HeatMapPicture;
import io.github.gpfm.tiling.picture.MosaicPicture;
import io.github.gpfm.tiling.picture.Thumbnail;
import java.awt.AlphaComposite;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Rectangle;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A slide's features as something to look at: a picture, and a table of what its colours mean.
 *
 * @param picture {@link BufferedImage#TYPE_INT_RGB}
 * @param table the tiles, or the patches of one tile, with the numbers behind the colours
 * @param colours 0xRRGGBB for each of them, in the table's order; not copied
 */
public record FeatureMap(BufferedImage picture, TileTable table, int[] colours) {
  /** Name of the column of {@link #similarity}. */
  public static final String SIMILARITY = "similarity";

  /** Name of the column of {@link #attention} with the mean over the heads. */
  public static final String ATTENTION = "attention";

  private static final int EDGE = 1536;
  private static final float OPACITY = 0.65f;

  /**
   * Principal components as colours: tiles of one colour are alike. The table's columns are {@code
   * pc1}, {@code pc2}, {@code pc3}.
   *
   * @param slide the slide, open
   * @param features its feature file
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
    Thumbnail thumbnail = Thumbnail.of(slide, EDGE);
    Graphics2D graphics = thumbnail.image().createGraphics();
    graphics.setComposite(AlphaComposite.getInstance(AlphaComposite.SRC_OVER, OPACITY));
    for (int i = 0; i < table.size(); i++) {
      graphics.setColor(new Color(colours[i]));
      graphics.fill(MosaicPicture.box(thumbnail, table.grid(), i));
    }
    graphics.dispose();
    return new FeatureMap(thumbnail.image(), table, colours);
  }

  /**
   * Cosine similarity to one tile, from dark blue (least) to yellow (most alike); that tile is
   * framed in red. The table's column is {@code similarity}.
   *
   * @param slide the slide, open
   * @param features its feature file
   * @param tile number of the tile, from 0
   * @throws InvalidOptionException if there is no such tile
   * @throws GpfmException if the file is damaged or of another slide
   */
  public static FeatureMap similarity(Slide slide, Path features, int tile) {
    Stored stored = Stored.read(slide, features);
    stored.requireTile(tile);
    int d = stored.dimension();
    float[] query = Arrays.copyOfRange(stored.features(), tile * d, (tile + 1) * d);
    Thumbnail thumbnail = Thumbnail.of(slide, EDGE);
    FeatureMap map = stored.similarity(thumbnail, query, "cosine similarity to tile " + tile);
    Rectangle box = MosaicPicture.box(thumbnail, stored.table().grid(), tile);
    Graphics2D graphics = map.picture.createGraphics();
    graphics.setColor(Color.RED);
    graphics.setStroke(new BasicStroke(3));
    graphics.draw(box);
    graphics.dispose();
    return map;
  }

  /**
   * Cosine similarity to the feature of an image. The table's column is {@code similarity}.
   *
   * @param slide the slide, open
   * @param features its feature file
   * @param query what is looked for
   * @param encoder the encoder that made the features
   * @throws GpfmException if the file is damaged, of another slide or made by another encoder
   */
  public static FeatureMap similarity(
      Slide slide, Path features, BufferedImage query, Encoder encoder) {
    Stored stored = Stored.read(slide, features);
    stored.requireMadeBy(encoder.info());
    float[] feature = encoder.embed(List.of(query), stored.tokens()).vector(0);
    if (feature.length != stored.dimension()) {
      throw new GpfmException(
          "%s holds features of %d values, but %s gives %d: name the encoder that made them."
              .formatted(features, stored.dimension(), encoder.info().name(), feature.length));
    }
    return stored.similarity(
        Thumbnail.of(slide, EDGE), feature, "cosine similarity to the query image");
  }

  /**
   * What the class token attends to within one tile: the picture shows the tile, the mean over the
   * heads of the last block and each head. The table's rows are the patches, its columns {@code
   * attention} and {@code head1}, {@code head2}, …
   *
   * @param slide the slide, open
   * @param features its feature file, for the tile's place
   * @param tile number of the tile, from 0
   * @param inspector the network
   * @throws InvalidOptionException if there is no such tile
   * @throws GpfmException if the file is damaged or of another slide
   */
  public static FeatureMap attention(Slide slide, Path features, int tile, VitInspector inspector) {
    Stored stored = Stored.read(slide, features);
    stored.requireTile(tile);
    TileGrid grid = stored.table().grid();
    BufferedImage image = new TileReader(slide, grid).read(tile);
    AttentionMap map = inspector.attention(image);
    double share = inspector.model().preprocessing().seenShare();
    int margin = (int) Math.round(image.getWidth() * (1 - share) / 2);
    int seen = image.getWidth() - 2 * margin;
    TileGrid patches = patches(grid, tile, map.columns(), share);
    TileTable table = TileTable.of(stored.table().slide(), patches);
    table = table.with(ATTENTION, doubles(map.mean()));
    for (int head = 0; head < map.heads(); head++) {
      table = table.with("head" + (head + 1), doubles(map.head(head)));
    }
    BufferedImage picture =
        AttentionPicture.draw(image.getSubimage(margin, margin, seen, seen), map);
    return new FeatureMap(picture, table, heat(table.scores(ATTENTION)));
  }

  /** The squares behind the patch tokens of one tile, row-major. */
  private static TileGrid patches(TileGrid grid, int tile, int side, double share) {
    TileGeometry of = grid.geometry();
    double size = of.level0Size() * share / side;
    double margin = of.level0Size() * (1 - share) / 2;
    long[] coords = new long[2 * side * side];
    for (int i = 0; i < side * side; i++) {
      coords[2 * i] = Math.round(grid.x(tile) + margin + i % side * size);
      coords[2 * i + 1] = Math.round(grid.y(tile) + (margin + i / side * size) * of.aspect());
    }
    int read = Math.max(1, (int) Math.round(of.readSize() * share / side));
    int pixels = Math.max(1, (int) Math.round(of.tileSize() * share / side));
    return TileGrid.of(
        new TileGeometry(of.level(), read, pixels, size, size, of.mpp(), of.aspect()), coords);
  }

  private static double[] doubles(float[] values) {
    return IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray();
  }

  private static int[] heat(double[] values) {
    double least = Arrays.stream(values).min().orElse(0);
    double span = Math.max(1e-9, Arrays.stream(values).max().orElse(1) - least);
    return Arrays.stream(values).mapToInt(v -> HeatMap.color((v - least) / span)).toArray();
  }

  private record Stored(
      Path file,
      TileTable table,
      float[] features,
      int dimension,
      Optional<Provenance> provenance) {
    static Stored read(Slide slide, Path file) {
      TileGrid grid = CoordsH5.read(file).grid(slide);
      try (FeatureReader reader = FeatureReader.openVectors(file)) {
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
        return new Stored(
            file,
            TileTable.of(SlideName.of(slide.path()), grid),
            reader.read(0, reader.rows()),
            reader.dimension(),
            reader.provenance());
      }
    }

    void requireTile(int tile) {
      if (tile < 0 || tile >= table.size()) {
        throw new InvalidOptionException(
            "Tile %d does not exist in %s: its tiles are 0 to %d."
                .formatted(tile, file, table.size() - 1));
      }
    }

    void requireMadeBy(EncoderInfo info) {
      String made = provenance.map(p -> p.entries().get("weights.sha256")).orElse(null);
      if (made != null && !made.equals(info.weightsSha256())) {
        throw new GpfmException(
            "%s was made by other weights than %s's: name the encoder that made it."
                .formatted(file, info.name()));
      }
    }

    /** What a feature of the file is. */
    TokenOutput tokens() {
      return provenance
          .map(p -> p.entries().get("tokens"))
          .map(TokenOutput::valueOf)
          .orElse(TokenOutput.CLASS_TOKEN);
    }

    FeatureMap similarity(Thumbnail thumbnail, float[] query, String caption) {
      double[] column = doubles(Similarity.cosine(features, query));
      BufferedImage picture = HeatMapPicture.draw(thumbnail, table.with(caption, column), caption);
      return new FeatureMap(picture, table.with(SIMILARITY, column), heat(column));
    }
  }
}
