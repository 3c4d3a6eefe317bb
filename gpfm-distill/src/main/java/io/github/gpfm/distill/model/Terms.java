package io.github.gpfm.distill.model;

import io.github.gpfm.distill.config.DistillConfig;
import java.util.ArrayList;
import java.util.List;

/** Names of the objective's terms, where it has them those under which the official code logs. */
public final class Terms {
  private Terms() {}

  /** The terms of a configuration, in the order the program returns them. */
  public static List<String> of(DistillConfig config) {
    List<String> names = new ArrayList<>(ofExperts(config));
    if (config.recipe().hasGram()) {
      names.add("gram_loss");
    }
    if (config.self().dinoWeight() > 0) {
      if (config.crops().localCount() > 0) {
        names.add("dino_local_crops_loss");
      }
      names.add("dino_global_crops_loss");
      if (config.self().koleoWeight() > 0) {
        names.add("koleo_loss");
      }
    }
    if (config.self().ibotWeight() > 0) {
      names.add("ibot_loss");
    }
    return names;
  }

  /** Those that experts teach, which come first. */
  static List<String> ofExperts(DistillConfig config) {
    List<String> names = new ArrayList<>();
    config
        .experts()
        .forEach(
            (name, expert) -> {
              if (expert.classWeight() > 0) {
                names.add("distill_" + name + "_cls_loss");
              }
              if (expert.patchWeight() > 0) {
                names.add("distill_" + name + "_patch_loss");
              }
            });
    return names;
  }
}
