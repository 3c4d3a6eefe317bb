package io.github.gpfm.distill.data;

import io.github.gpfm.distill.config.CropsConfig;
import io.github.gpfm.distill.config.DistillConfig;
import io.github.gpfm.distill.data.Seeds.Purpose;
import java.util.List;

/** The crops of a step whose size changes from step to step, as AM-RADIO's batches do. */
public final class CropSizes {
  private CropSizes() {}

  /** The configuration's crops with the size that is drawn for a step. */
  public static CropsConfig at(DistillConfig config, long step) {
    List<Integer> sizes = config.recipe().globalSizes();
    if (sizes.isEmpty()) {
      return config.crops();
    }
    int drawn = Seeds.stream(config.train().seed(), Purpose.SIZE, step).nextInt(sizes.size());
    return config.crops().withGlobalSize(sizes.get(drawn));
  }
}
