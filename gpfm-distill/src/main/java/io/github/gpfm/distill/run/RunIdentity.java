package io.github.gpfm.distill.run;

import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.distill.config.DistillConfig;
import io.github.gpfm.distill.config.DistillConfigs;
import io.github.gpfm.distill.expert.TileDigest;
import io.github.gpfm.encoder.weights.WeightFile;
import io.github.gpfm.tiling.dataset.TileDataset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** What must not change between the sessions of one run. */
final class RunIdentity {
  /** Options that do not touch the trajectory. */
  private static final List<String> FREE =
      List.of(
          "loader-threads:",
          "unreadable:",
          "checkpoint-every:",
          "keep-checkpoints:",
          "export-every:",
          "log-every:",
          "devices:",
          "path:",
          "weights:");

  private RunIdentity() {}

  /** Metadata of a checkpoint, in one order: equal runs write equal files. */
  static Map<String, String> of(DistillConfig config, TileDataset tiles) {
    Map<String, String> identity = new LinkedHashMap<>();
    identity.put("config", essentials(config));
    identity.put("tiles", TileDigest.of(tiles));
    return identity;
  }

  /** The configuration's lines without those that may change. */
  private static String essentials(DistillConfig config) {
    return DistillConfigs.write(config)
        .lines()
        .filter(line -> FREE.stream().noneMatch(line.strip()::startsWith))
        .collect(Collectors.joining("\n"));
  }

  static void requireSame(WeightFile checkpoint, Map<String, String> identity) {
    Map<String, String> old = checkpoint.metadata();
    if (!Objects.equals(identity.get("tiles"), old.get("tiles"))) {
      throw new InvalidOptionException(
          "Checkpoint '%s' was trained on other tiles; give the same --data or another --out."
              .formatted(checkpoint.path()));
    }
    List<String> before = old.getOrDefault("config", "").lines().toList();
    List<String> now = identity.getOrDefault("config", "").lines().toList();
    for (int i = 0; i < Math.max(before.size(), now.size()); i++) {
      String a = i < before.size() ? before.get(i).strip() : "nothing";
      String b = i < now.size() ? now.get(i).strip() : "nothing";
      if (!a.equals(b)) {
        throw new InvalidOptionException(
            "Checkpoint '%s' was trained with '%s' but the configuration says '%s'; restore it or choose another --out."
                .formatted(checkpoint.path(), a, b));
      }
    }
  }
}
