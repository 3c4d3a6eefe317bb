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

/**
 * What options are chosen on: which training picture does a tile of its right half come from? The
 * students compared on it are trained on the left halves only. The second set has the same tiles
 * turned, cut to another scale, blurred and with their stains changed.
 */
final class Validation {
  /** Tile edge, pixels. */
  static final int TILE = 112;

  private static final int FEWEST = 4;
  private static final int MOST = 24;
  private static final int CHANGED_SIZE = 84;

  private Validation() {}

  /**
   * Both sets.
   *
   * @param right tiles of the right halves
   */
  static List<HeldOut> sets(TissueTiles right) {
    Map<String, List<BufferedImage>> byPicture = new LinkedHashMap<>();
    for (int i = 0; i < right.size(); i++) {
      byPicture.computeIfAbsent(picture(right.key(i)), k -> new ArrayList<>()).add(right.image(i));
    }
    byPicture.values().removeIf(tiles -> tiles.size() < FEWEST);
    List<String> classes = new ArrayList<>();
    List<BufferedImage> images = new ArrayList<>();
    List<Integer> labels = new ArrayList<>();
    byPicture.forEach(
        (name, tiles) -> {
          int count = Math.min(MOST, tiles.size());
          for (int i = 0; i < count; i++) {
            images.add(tiles.get(i * tiles.size() / count));
            labels.add(classes.size());
          }
          classes.add(name);
        });
    int[] numbers = labels.stream().mapToInt(i -> i).toArray();
    return List.of(
        new HeldOut("right halves", images, numbers, classes),
        new HeldOut("changed", changed(images), numbers, classes));
  }

  /** Name of the picture; regions cut from one slide level, which overlap, have one name. */
  private static String picture(String key) {
    return key.replaceFirst("#.*", "").replaceFirst("(-\\d+){4}\\.", ".");
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
