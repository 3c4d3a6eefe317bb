package io.github.gpfm.tiling.given;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.gpfm.api.Described;
import io.github.gpfm.api.Recipe;
import io.github.gpfm.api.Slide;
import io.github.gpfm.api.TileGeometry;
import io.github.gpfm.api.TileGrid;
import io.github.gpfm.api.TilingException;
import io.github.gpfm.support.Sha256;
import io.github.gpfm.tiling.SyntheticSlide;
import io.github.gpfm.tiling.format.CoordsH5;
import io.github.gpfm.tiling.format.CoordsLayout;
import io.github.gpfm.tiling.format.GeoJson;
import io.github.gpfm.tiling.given.ExpectedTiles.Property;
import io.github.gpfm.tiling.grid.GridTiler;
import io.github.gpfm.tiling.grid.TileTable;
import io.github.gpfm.tiling.segment.OtsuSegmenter;
import io.github.gpfm.tiling.tissue.Tissue;
import io.github.gpfm.tiling.tissue.TissueMask;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tissue and tiles from elsewhere. The slide's name is {@code synthetic}. */
class GivenTest {
  private static final SyntheticSlide SLIDE =
      new SyntheticSlide(4000, 3000, 0.25, SyntheticSlide.discs(800, 1500, 1500), 1, 4, 16);
  private static final SyntheticSlide OTHER =
      new SyntheticSlide(4000, 3100, 0.25, SyntheticSlide.discs(800, 1500, 1500), 1, 4, 16);

  @TempDir Path folder;

  private static String described(Described part) {
    return Recipe.builder(
            file -> {
              try {
                return Sha256.of(file);
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            })
        .with(part)
        .build()
        .canonical();
  }

  private static void refused(Runnable work, String... parts) {
    TilingException e = assertThrows(TilingException.class, work::run);
    for (String part : parts) {
      assertTrue(e.getMessage().contains(part), e.getMessage());
    }
  }

  @ParameterizedTest
  @EnumSource(CoordsLayout.class)
  void tilesOfAFileAreThoseThatWereWritten(CoordsLayout layout) {
    TileGrid grid = GridTiler.atMpp(128, 0.5).tile(SLIDE, new OtsuSegmenter().segment(SLIDE));
    assertTrue(grid.size() > 5);
    Path file = folder.resolve("synthetic.h5");
    CoordsH5.write(file, layout, SLIDE, TileTable.of("synthetic", grid));
    CoordsTiler tiler = new CoordsTiler(file);
    assertEquals(grid, tiler.tile(SLIDE, Tissue.unknown(4000, 3000)));
    refused(() -> tiler.tile(OTHER, Tissue.unknown(4000, 3100)), "synthetic.h5", "4000x3", "3100");
  }

  @Test
  void theFileOfASlideIsFoundInAFolderAndCountsByItsContent() throws IOException {
    TileGrid grid = TileGrid.of(new TileGeometry(0, 256, 256, 256, 256, 0.25), 0, 0, 256, 0);
    Path patches = Files.createDirectories(folder.resolve("patches"));
    CoordsTiler tiler = new CoordsTiler(folder);
    refused(() -> tiler.forSlide(SLIDE.path()), "synthetic.h5", "patches/synthetic_patches.h5");
    Path file = patches.resolve("synthetic_patches.h5");
    CoordsH5.write(file, CoordsLayout.BOTH, SLIDE, TileTable.of("synthetic", grid));
    var own = tiler.forSlide(SLIDE.path());
    assertEquals(new CoordsTiler(file), own);
    assertSame(own, own.forSlide(SLIDE.path()));
    assertEquals(grid, own.tile(SLIDE, Tissue.unknown(4000, 3000)));
    String before = described(own);
    CoordsH5.write(file, CoordsLayout.BOTH, SLIDE, TileTable.of("synthetic", grid.select(1)));
    assertNotEquals(before, described(own));
    Files.copy(file, folder.resolve("synthetic.h5"));
    refused(() -> tiler.forSlide(SLIDE.path()), "more than one", "synthetic_patches.h5");
  }

  @Test
  void whatIsExpectedOfAFileIsHeldAgainstIt() {
    TileGrid grid = TileGrid.of(new TileGeometry(1, 128, 128, 512, 256, 1), 0, 0, 256, 0);
    Path file = folder.resolve("synthetic.h5");
    CoordsH5.write(file, CoordsLayout.BOTH, SLIDE, TileTable.of("synthetic", grid));
    Map<Property, double[]> values =
        Map.of(
            Property.PATCH_LEVEL, new double[] {1, 0},
            Property.PATCH_SIZE, new double[] {128, 256},
            Property.STEP_SIZE, new double[] {64, 128},
            Property.TILE_SIZE, new double[] {128, 512},
            Property.MPP, new double[] {1, 0.5},
            Property.MAGNIFICATION, new double[] {10, 20},
            Property.OVERLAP, new double[] {64, 0});
    values.forEach(
        (property, rightAndWrong) -> {
          Tissue unknown = Tissue.unknown(4000, 3000);
          new CoordsTiler(file, new ExpectedTiles(Map.of(property, rightAndWrong[0])))
              .tile(SLIDE, unknown);
          CoordsTiler wrong =
              new CoordsTiler(file, new ExpectedTiles(Map.of(property, rightAndWrong[1])));
          refused(() -> wrong.tile(SLIDE, unknown), " contradicts ", "synthetic.h5");
        });
    CoordsTiler wrong = new CoordsTiler(file, new ExpectedTiles(Map.of(Property.MPP, 0.5)));
    refused(() -> wrong.tile(SLIDE, Tissue.unknown(4000, 3000)), "mpp 0.5", " is 1:");
  }

  @Test
  void tilesOutsideTheSlideAreAnothers() {
    TileGeometry geometry = new TileGeometry(0, 256, 256, 256, 256, 0.25);
    Tissue unknown = Tissue.unknown(4000, 3000);
    TileGrid edge = TileGrid.of(geometry, -255, 0, 3999, 2999);
    assertSame(edge, new GivenTiles(edge).tile(SLIDE, unknown));
    for (long[] outside : new long[][] {{-256, 0}, {4000, 0}, {0, 3000}, {0, -256}}) {
      GivenTiles tiles = new GivenTiles(TileGrid.of(geometry, outside));
      refused(() -> tiles.tile(SLIDE, unknown), "4000x3000", "synthetic.tif");
    }
    GivenTiles deep =
        new GivenTiles(TileGrid.of(new TileGeometry(3, 256, 256, 256, 256, 0.25), 0, 0));
    refused(() -> deep.tile(SLIDE, unknown), "level 3");
    assertNotEquals(described(new GivenTiles(edge)), described(new GivenTiles(edge.select(0))));
  }

  @Test
  void givenTissueIsOfOneSlide() {
    Tissue tissue = new OtsuSegmenter().segment(SLIDE);
    assertSame(tissue, new GivenTissue(tissue).segment(SLIDE));
    refused(() -> new GivenTissue(tissue).segment(OTHER), "4000x3000", "4000x3100");
    assertNotEquals(
        described(new GivenTissue(tissue)),
        described(new GivenTissue(tissue.withRegions(List.of()))));
  }

  private static BufferedImage disc(int width, int height, int type, Color color) {
    BufferedImage image = new BufferedImage(width, height, type);
    Graphics2D graphics = image.createGraphics();
    graphics.setColor(color);
    double scale = width / 4000.0;
    int radius = (int) Math.round(800 * scale);
    int centre = (int) Math.round(1500 * scale);
    graphics.fillOval(centre - radius, centre - radius, 2 * radius, 2 * radius);
    graphics.setColor(new Color(0, 0, 0, 255));
    int hole = (int) Math.round(200 * scale);
    graphics.fillOval(centre - hole, centre - hole, 2 * hole, 2 * hole);
    graphics.dispose();
    return image;
  }

  private static void assertDisc(Tissue tissue) {
    double area = Math.PI * (800.0 * 800 - 200 * 200);
    assertEquals(1, tissue.regions().size());
    assertEquals(1, tissue.regions().get(0).holes().size());
    assertEquals(area, tissue.area(), 0.08 * area);
    TissueMask mask = TissueMask.at(tissue, 16, 16);
    for (int y = 0; y < mask.height(); y++) {
      for (int x = 0; x < mask.width(); x++) {
        double r = Math.hypot(x * 16 + 8 - 1500, y * 16 + 8 - 1500);
        if (Math.abs(r - 800) > 60 && Math.abs(r - 200) > 60) {
          assertEquals(r < 800 && r > 200, mask.isTissue(x, y), x + ", " + y);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"png", "bmp", "tif", "gif"})
  void aMaskImageIsTissueWhereItIsNotBlack(String format) throws IOException {
    Path file = folder.resolve("synthetic-mask." + format);
    BufferedImage image = disc(500, 375, BufferedImage.TYPE_BYTE_GRAY, Color.WHITE);
    assertTrue(ImageIO.write(image, format.equals("tif") ? "tiff" : format, file.toFile()));
    assertDisc(new MaskSegmenter(folder).forSlide(SLIDE.path()).segment(SLIDE));
    if (format.equals("png")) {
      // Labels 0 and 1, which a screen shows as black.
      BufferedImage labels = disc(1000, 750, BufferedImage.TYPE_BYTE_GRAY, new Color(1, 1, 1));
      labels.getRaster().setSample(0, 0, 0, 0);
      ImageIO.write(labels, "png", file.toFile());
      assertTrue(labels.getRaster().getSample(250, 375, 0) > 0);
      assertDisc(new MaskSegmenter(file).segment(SLIDE));
      BufferedImage wide = disc(400, 300, BufferedImage.TYPE_USHORT_GRAY, Color.WHITE);
      for (int i = 0; i < 400 * 300; i++) {
        wide.getRaster()
            .setSample(i % 400, i / 400, 0, wide.getRaster().getSample(i % 400, i / 400, 0) >> 15);
      }
      ImageIO.write(wide, "png", file.toFile());
      assertDisc(new MaskSegmenter(file).segment(SLIDE));
    }
  }

  @Test
  void aMaskOfAnotherShapeOrWithLossIsRefused() throws IOException {
    Path file = folder.resolve("mask.png");
    ImageIO.write(disc(500, 380, BufferedImage.TYPE_BYTE_GRAY, Color.WHITE), "png", file.toFile());
    refused(() -> new MaskSegmenter(file).segment(SLIDE), "mask.png", "500x380", "4000x3000");
    Path lossy = folder.resolve("mask.jpg");
    ImageIO.write(disc(500, 375, BufferedImage.TYPE_BYTE_GRAY, Color.WHITE), "jpg", lossy.toFile());
    refused(() -> new MaskSegmenter(lossy).segment(SLIDE), "mask.jpg", "PNG");
    Files.write(file, new byte[100]);
    refused(() -> new MaskSegmenter(file).segment(SLIDE), "mask.png");
    refused(() -> new MaskSegmenter(folder.resolve("no.png")).segment(SLIDE), "no.png");
  }

  @Test
  void outlinesAreTissueAndWhatTheyWriteIsReadBack() throws IOException {
    Path file = folder.resolve("synthetic.geojson");
    Files.writeString(
        file,
        """
        {"type":"FeatureCollection","features":[
         {"type":"Feature","properties":{"classification":{"name":"Tumor"}},"geometry":
          {"type":"Polygon","coordinates":[[[100,100],[1100,1100],[1100,100],[100,1100],[100,100]]]}},
         {"type":"Feature","properties":{"classification":{"name":"Exclude"}},"geometry":
          {"type":"Polygon","coordinates":[[[150,500],[250,500],[250,700],[150,700],[150,500]]]}},
         {"type":"Feature","properties":{},"geometry":
          {"type":"Polygon","coordinates":[[[3900,0],[4500,0],[4500,100],[3900,100],[3900,0]]]}}]}
        """);
    Tissue tissue = new MaskSegmenter(folder).forSlide(SLIDE.path()).segment(SLIDE);
    // The halves of the bow tie, one with a hole, and what of the third lies on the slide.
    assertEquals(500_000 - 20_000 + 10_000, tissue.area(), 2000);
    assertEquals(3, tissue.regions().size());
    Path again = folder.resolve("again.geojson");
    GeoJson.writeTissue(again, "synthetic", tissue);
    assertEquals(tissue.area(), new MaskSegmenter(again).segment(SLIDE).area(), 1);
    GeoJson.writeTissue(again, "synthetic", tissue.withRegions(List.of()));
    assertTrue(new MaskSegmenter(again).segment(SLIDE).isEmpty());
    SyntheticSlide small = new SyntheticSlide(90, 90, 0.25, SyntheticSlide.discs(10, 50, 50), 1);
    refused(() -> new MaskSegmenter(file).segment(small), "synthetic.geojson", "outside");
  }

  @Test
  void aFilterDropsWhatIsSmall() throws IOException {
    Path file = folder.resolve("mask.png");
    BufferedImage image = new BufferedImage(400, 300, BufferedImage.TYPE_BYTE_GRAY);
    Graphics2D graphics = image.createGraphics();
    graphics.setColor(Color.WHITE);
    graphics.fillRect(10, 10, 100, 100);
    graphics.fillRect(200, 200, 10, 10);
    graphics.dispose();
    ImageIO.write(image, "png", file.toFile());
    assertEquals(2, new MaskSegmenter(file).segment(SLIDE).regions().size());
    MaskSegmenter large =
        new MaskSegmenter(file, new io.github.gpfm.tiling.segment.RegionFilter(1, 0, 8));
    assertEquals(1, large.segment(SLIDE).regions().size());
    assertNotEquals(described(large), described(new MaskSegmenter(file)));
  }

  @Test
  void othersMayFindTissue() {
    Tissue tissue = new OtsuSegmenter().segment(SLIDE);
    var own =
        new io.github.gpfm.tiling.segment.TissueSegmenter() {
          @Override
          public String name() {
            return "own";
          }

          @Override
          public void describe(Recipe.Builder recipe) {
            recipe.add("rule", "all");
          }

          @Override
          public Tissue segment(Slide slide) {
            return tissue;
          }
        };
    assertEquals(Optional.of("all"), Recipe.builder(file -> "").with(own).build().get("rule"));
    assertSame(own, own.forSlide(SLIDE.path()));
  }
}
