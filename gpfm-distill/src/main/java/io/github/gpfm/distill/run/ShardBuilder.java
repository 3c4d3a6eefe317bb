package io.github.gpfm.distill.run;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.gpfm.api.EncoderException;
import io.github.gpfm.distill.config.DistillConfig;
import io.github.gpfm.distill.config.ExpertConfig;
import io.github.gpfm.distill.data.CropBatch;
import io.github.gpfm.distill.data.Seeds;
import io.github.gpfm.distill.data.Seeds.Purpose;
import io.github.gpfm.distill.expert.Expert;
import io.github.gpfm.distill.expert.ExpertTokens;
import io.github.gpfm.distill.model.DropPath;
import io.github.gpfm.distill.model.StepBatch;
import io.github.gpfm.encoder.script.HostBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;

/** Asks the experts about a shard and brings everything onto its device. */
final class ShardBuilder {
  private final DistillConfig config;
  private final Map<String, Expert> experts;
  private final Map<String, HostBuffer> buffers = new HashMap<>();

  ShardBuilder(DistillConfig config, Map<String, Expert> experts) {
    this.config = config;
    this.experts = experts;
  }

  /**
   * The arrays of a shard.
   *
   * @param scope to be closed before the same shard is built again
   */
  StepBatch build(NDManager scope, CropBatch crops, int shard) {
    int images = crops.tiles().length;
    int global = config.crops().globalSize();
    int local = config.crops().localSize();
    int locals = config.crops().localCount() * images;
    int patches = config.globalGrid() * config.globalGrid();
    SplittableRandom random =
        Seeds.stream(config.train().seed(), Purpose.DROP_PATH, crops.step(), shard);
    return new StepBatch(
        buffer(shard, "globals")
            .create(scope, crops.globals(), new Shape(2L * images, 3, global, global)),
        buffer(shard, "locals").create(scope, crops.locals(), new Shape(locals, 3, local, local)),
        scope.create(crops.masks().masks(), new Shape(2L * images, patches)),
        scope.create(crops.masks().indices()),
        scope.create(crops.masks().weights()),
        tokens(scope, crops, shard),
        DropPath.draw(scope, config.student(), 2 * images, random),
        DropPath.draw(scope, config.student(), locals, random));
  }

  private NDList tokens(NDManager scope, CropBatch crops, int shard) {
    NDList list = new NDList();
    long n = 2L * crops.tiles().length;
    config
        .experts()
        .forEach(
            (name, expert) -> {
              if (expert.classWeight() == 0 && expert.patchWeight() == 0) {
                return;
              }
              ExpertTokens tokens = ask(name, expert, crops);
              if (expert.classWeight() > 0) {
                Shape shape = new Shape(n, 1, tokens.dimension());
                list.add(buffer(shard, name + " class").create(scope, tokens.classTokens(), shape));
              }
              if (expert.patchWeight() > 0) {
                Shape shape =
                    new Shape(n, tokens.rows(), tokens.columns(), tokens.patchDimension());
                list.add(buffer(shard, name + " patch").create(scope, tokens.patchTokens(), shape));
              }
            });
    if (list.isEmpty()) {
      list.add(scope.zeros(new Shape(0)));
    }
    return list;
  }

  private ExpertTokens ask(String name, ExpertConfig expert, CropBatch crops) {
    Expert model = Objects.requireNonNull(experts.get(name), name);
    ExpertTokens tokens = model.tokens(crops, expert.patchWeight() > 0);
    long n = 2L * crops.tiles().length;
    long patches = n * tokens.rows() * tokens.columns() * model.patchDimension();
    boolean fits =
        tokens.dimension() == model.dimension()
            && tokens.classTokens().length == n * model.dimension()
            && (expert.patchWeight() == 0 || patches > 0 && tokens.patchTokens().length == patches);
    if (!fits) {
      throw new EncoderException(
          "Expert '%s' gave %d values of class tokens and %d of %d x %d patch tokens for %d crops; it must give %d a class and %d a patch token."
              .formatted(
                  name,
                  tokens.classTokens().length,
                  tokens.patchTokens().length,
                  tokens.rows(),
                  tokens.columns(),
                  n,
                  model.dimension(),
                  model.patchDimension()));
    }
    return expert.normalize() ? tokens.normalized() : tokens;
  }

  private HostBuffer buffer(int shard, String input) {
    return buffers.computeIfAbsent(shard + " " + input, key -> new HostBuffer());
  }
}
