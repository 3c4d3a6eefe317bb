package io.github.gpfm.tiling.internal;

import io.github.gpfm.tiling.tissue.Contour;
import io.github.gpfm.tiling.tissue.TissueRegion;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.opencv.core.Mat;
import org.opencv.core.MatOfPoint;
import org.opencv.imgproc.Imgproc;

/**
 * Traces the pieces of a binary mask and their holes and drops what is too small, in the way of
 * CLAM's {@code segmentTissue} and {@code _filter_contours}.
 */
public final class ContourTracer {
  private ContourTracer() {}

  /**
   * Traces a mask.
   *
   * @param mask {@code CV_8UC1}; everything but 0 is tissue
   * @param minArea a piece is kept when its area without any hole exceeds this, square pixels of
   *     the mask
   * @param minHoleArea a hole is kept when its area exceeds this, square pixels of the mask
   * @param maxHoles most holes kept of a piece, the largest ones
   * @param scaleX level-0 pixels per mask pixel along a row
   * @param scaleY level-0 pixels per mask pixel along a column
   * @return the pieces in OpenCV's order, in level-0 pixels truncated to integers
   */
  public static List<TissueRegion> trace(
      Mat mask, double minArea, double minHoleArea, int maxHoles, double scaleX, double scaleY) {
    List<MatOfPoint> traced = new ArrayList<>();
    Mat hierarchy = new Mat();
    try {
      Imgproc.findContours(mask, traced, hierarchy, Imgproc.RETR_CCOMP, Imgproc.CHAIN_APPROX_NONE);
      List<Contour> contours = new ArrayList<>(traced.size());
      for (MatOfPoint points : traced) {
        int[] xy = new int[2 * points.rows()];
        points.get(0, 0, xy);
        contours.add(Contour.of(xy));
      }
      List<List<Contour>> holes = new ArrayList<>(contours.size());
      contours.forEach(contour -> holes.add(new ArrayList<>()));
      boolean[] outer = new boolean[contours.size()];
      int[] links = new int[4 * contours.size()];
      if (!contours.isEmpty()) {
        hierarchy.get(0, 0, links);
      }
      for (int i = 0; i < contours.size(); i++) {
        int parent = links[4 * i + 3];
        if (parent < 0) {
          outer[i] = true;
        } else {
          holes.get(parent).add(contours.get(i));
        }
      }
      List<TissueRegion> regions = new ArrayList<>();
      for (int i = 0; i < contours.size(); i++) {
        if (!outer[i]) {
          continue;
        }
        double area =
            contours.get(i).area() - holes.get(i).stream().mapToDouble(Contour::area).sum();
        if (area != 0 && area > minArea) {
          List<Contour> kept =
              holes.get(i).stream()
                  .sorted(Comparator.comparingDouble(Contour::area).reversed())
                  .limit(maxHoles)
                  .filter(hole -> hole.area() > minHoleArea)
                  .map(hole -> scaled(hole, scaleX, scaleY))
                  .toList();
          regions.add(new TissueRegion(scaled(contours.get(i), scaleX, scaleY), kept));
        }
      }
      return regions;
    } finally {
      Mats.release(hierarchy);
      Mats.release(traced);
    }
  }

  private static Contour scaled(Contour contour, double scaleX, double scaleY) {
    int[] points = contour.points();
    for (int i = 0; i < points.length; i += 2) {
      points[i] = (int) (points[i] * scaleX);
      points[i + 1] = (int) (points[i + 1] * scaleY);
    }
    return Contour.of(points);
  }
}
