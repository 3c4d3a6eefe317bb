package io.github.gpfm.tiling.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.gpfm.api.TilingException;
import io.github.gpfm.tiling.grid.RegionOfInterest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.GeometryFactory;

class AreasTest {
  private static final GeometryFactory FACTORY = new GeometryFactory();

  private static Geometry polygon(double... xy) {
    List<Coordinate> ring = new ArrayList<>();
    for (int i = 0; i < xy.length; i += 2) {
      ring.add(new Coordinate(xy[i], xy[i + 1]));
    }
    ring.add(ring.get(0).copy());
    return FACTORY.createPolygon(ring.toArray(Coordinate[]::new));
  }

  @Test
  void bothHalvesOfABowTieBelongToIt() {
    Geometry tie = polygon(0, 0, 1000, 1000, 1000, 0, 0, 1000);
    Geometry area = Areas.union(List.of(tie));
    assertTrue(area.isValid());
    assertEquals(500_000, area.getArea(), 1);
    RegionOfInterest region = RegionOfInterest.of(List.of(tie), List.of());
    assertTrue(region.contains(100, 500));
    assertTrue(region.contains(900, 500));
    assertTrue(!region.contains(500, 100) && !region.contains(500, 900));
  }

  @Test
  void theMiddleOfAStarBelongsToIt() {
    double[] star = new double[10];
    for (int i = 0; i < 5; i++) {
      double angle = i * 4 * Math.PI / 5;
      star[2 * i] = 1000 + 1000 * Math.cos(angle);
      star[2 * i + 1] = 1000 + 1000 * Math.sin(angle);
    }
    RegionOfInterest region = RegionOfInterest.of(List.of(polygon(star)), List.of());
    assertTrue(region.contains(1000, 1000));
    assertTrue(region.contains(1900, 1000));
    assertTrue(!region.contains(1000, 1900));
  }

  @Test
  void overlapsCountOnceAndHolesStayHoles() {
    Geometry one = polygon(0, 0, 100, 0, 100, 100, 0, 100);
    Geometry other = polygon(50, 0, 150, 0, 150, 100, 50, 100);
    assertEquals(15_000, Areas.union(List.of(one, other)).getArea(), 1e-6);
    Geometry hole = polygon(20, 20, 30, 20, 30, 30, 20, 30);
    assertEquals(
        14_900,
        Areas.difference(Areas.union(List.of(one, other)), Areas.union(List.of(hole))).getArea(),
        1e-6);
  }

  @Test
  void crossingsWithoutEndAreRefusedInTime() {
    Random random = new Random(7);
    double[] scribble = new double[2 * 50_000];
    for (int i = 0; i < scribble.length; i++) {
      scribble[i] = random.nextInt(1_000_000);
    }
    assertTimeoutPreemptively(
        Duration.ofSeconds(30),
        () -> {
          TilingException e =
              assertThrows(
                  TilingException.class,
                  () -> RegionOfInterest.of(List.of(polygon(scribble)), List.of()));
          assertTrue(e.getMessage().contains("100000 times"), e.getMessage());
        });
  }

  @Test
  void numbersThatAreNoneAreRefused() {
    Geometry endless = polygon(0, 0, Double.POSITIVE_INFINITY, 0, 10, 10);
    assertThrows(TilingException.class, () -> Areas.union(List.of(endless)));
  }
}
