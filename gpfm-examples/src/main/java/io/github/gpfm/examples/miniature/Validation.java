package io.github.gpfm.examples.miniature;

import io.github.gpfm.distill.config.DistillConfig;
import io.github.gpfm.distill.config.DistillConfigs;
import io.github.gpfm.distill.data.MultiCrop;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeSet;

/**
 * What options are chosen on: which training picture does a tile come from, asked of pictures that
 * neither student nor experts were trained on. Every other picture is left out, one half in one
 * fold, the other in the other. The second set has the same tiles turned, cut to another scale,
 * blurred and with their stains changed.
 */
final class Validation {
  /** Tile edge, pixels. */
  static final int TILE = 112;

  private static final int FEWEST = 4;
  private static final int MOST = 24;
  private static final int CHANGED_SIZE = 84;

  private Validation() {}

  /** The fold a seed is trained in: 0 or 1. */
  static int fold(long seed) {
    return (int) (seed & 1);
  }

  /**
   * Pictures left out.
   *
   * @param pictures names of all pictures
   * @param fold 0 or 1
   */
  static List<String> leftOut(List<String> pictures, int fold) {
    List<String> sorted = List.copyOf(new TreeSet<>(pictures));
    List<String> result = new ArrayList<>();
    for (int i = fold; i < sorted.size(); i += 2) {
      result.add(sorted.get(i));
    }
    return result;
  }

  /**
   * Both sets.
   *
   * @param tiles of {@link #TILE} pixels, from the pictures left out
   */
  static List<HeldOut> sets(TissueTiles tiles) {
    Map<String, List<BufferedImage>> byPicture = new LinkedHashMap<>();
    for (int i = 0; i < tiles.size(); i++) {
      byPicture.computeIfAbsent(tiles.picture(i), k -> new ArrayList<>()).add(tiles.image(i));
    }
    byPicture.values().removeIf(own -> own.size() < FEWEST);
    List<String> classes = new ArrayList<>();
    List<BufferedImage> images = new ArrayList<>();
    List<Integer> labels = new ArrayList<>();
    byPicture.forEach(
        (name, own) -> {
          int count = Math.min(MOST, own.size());
          for (int i = 0; i < count; i++) {
            images.add(own.get(i * own.size() / count));
            labels.add(classes.size());
          }
          classes.add(name);
        });
    int[] numbers = labels.stream().mapToInt(i -> i).toArray();
    return List.of(
        new HeldOut("left out", images, numbers, classes),
        new HeldOut("changed", changed(images), numbers, classes));
  }

  private static List<BufferedImage> changed(List<BufferedImage> images) {
    DistillConfig config =
        DistillConfigs.with(
            DistillConfigs.preset("tiny"),
            Map.of(
                "crops.global-size", String.valueOf(CHANGED_SIZE),
                "crops.global-scale-min", "0.5",
                "crops.local-count", "0",
                "crops.colour", "0.0",
                "crops.solarize", "false",
                "crops.stain-jitter", "0.1"));
    MultiCrop crop = new MultiCrop(config.crops());
    List<BufferedImage> result = new ArrayList<>();
    for (int i = 0; i < images.size(); i++) {
      float[] views = new float[2 * crop.globalLength()];
      crop.crop(images.get(i), new SplittableRandom(i), views, new float[0], 0, 1);
      result.add(Planes.of(views, 1, CHANGED_SIZE).image());
    }
    return result;
  }
}
