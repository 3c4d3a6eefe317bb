package io.github.gpfm.distill.run;

import ai.djl.ndarray.NDArray;
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
import io.github.gpfm.distill.expert.Standardizer;
import io.github.gpfm.distill.model.DropPath;
import io.github.gpfm.distill.model.ShardSource;
import io.github.gpfm.distill.model.StepBatch;
import io.github.gpfm.encoder.script.HostBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;

/** Asks the experts about a shard and brings everything onto its device. */
final class ShardBuilder {
  private final DistillConfig config;
  private final Map<String, Expert> experts;
  private final Standardizer standardizer;
  private final Map<String, HostBuffer> buffers = new HashMap<>();
  private final int slots;

  ShardBuilder(DistillConfig config, Map<String, Expert> experts) {
    this(config, experts, Standardizer.none(), config.train().shards());
  }

  /**
   * @param slots shards that are there at the same time: one a replica
   */
  ShardBuilder(
      DistillConfig config, Map<String, Expert> experts, Standardizer standardizer, int slots) {
    this.slots = slots;
    this.config = config;
    this.experts = experts;
    this.standardizer = standardizer;
  }

  /** The shards of a step, made when a replica asks for them. */
  ShardSource source(List<CropBatch> crops) {
    return new ShardSource() {
      @Override
      public StepBatch shard(int shard, NDManager scope) {
        return build(scope, crops.get(shard), shard);
      }

      @Override
      public TeacherInput teacherInput(int shard, NDManager scope) {
        CropBatch part = crops.get(shard);
        return new TeacherInput(globals(scope, part, shard), scope.create(part.masks().indices()));
      }
    };
  }

  private synchronized NDArray globals(NDManager scope, CropBatch crops, int shard) {
    int size = crops.globalSize();
    return buffer(shard, "globals")
        .create(scope, crops.globals(), new Shape(2L * crops.tiles().length, 3, size, size));
  }

  /**
   * The arrays of a shard. Replicas take turns: experts and buffers are for one at a time.
   *
   * @param scope to be closed before the next shard in the same slot is built
   */
  synchronized StepBatch build(NDManager scope, CropBatch crops, int shard) {
    int images = crops.tiles().length;
    int local = config.crops().localSize();
    int locals = config.crops().localCount() * images;
    int patches = crops.masks().masks().length / (2 * images);
    SplittableRandom random =
        Seeds.stream(config.train().seed(), Purpose.DROP_PATH, crops.step(), shard);
    return new StepBatch(
        globals(scope, crops, shard),
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
    NDList anchor = new NDList();
    int taught = 0;
    for (Map.Entry<String, ExpertConfig> entry : config.experts().entrySet()) {
      String name = entry.getKey();
      ExpertConfig expert = entry.getValue();
      ExpertTokens tokens = ask(name, expert, crops);
      if (expert.classWeight() > 0) {
        list.add(standardizer.classes(name, scope, classes(scope, shard, name, tokens)));
      }
      boolean gram = config.recipe().gramExpert().equals(name);
      if (expert.patchWeight() > 0 || gram) {
        NDArray patches = patches(scope, shard, name, tokens);
        if (expert.patchWeight() > 0) {
          list.add(standardizer.patches(name, scope, patches));
        }
        if (gram) {
          anchor.add(patches);
        }
      }
      taught += expert.classWeight() > 0 || expert.patchWeight() > 0 ? 1 : 0;
    }
    list.addAll(anchor);
    if (config.recipe().teacherDrop() > 0) {
      list.add(dropNumbers(scope, crops, shard, taught));
    }
    if (list.isEmpty()) {
      list.add(scope.zeros(new Shape(0)));
    }
    return list;
  }

  private NDArray classes(NDManager scope, int shard, String name, ExpertTokens tokens) {
    long n = tokens.classTokens().length / tokens.dimension();
    Shape shape = new Shape(n, 1, tokens.dimension());
    return buffer(shard, name + " class").create(scope, tokens.classTokens(), shape);
  }

  private NDArray patches(NDManager scope, int shard, String name, ExpertTokens tokens) {
    long n = tokens.classTokens().length / tokens.dimension();
    Shape shape = new Shape(n, tokens.rows(), tokens.columns(), tokens.patchDimension());
    return buffer(shard, name + " patch").create(scope, tokens.patchTokens(), shape);
  }

  /** Uniform numbers [experts, 2B], addressed by step and shard. */
  private NDArray dropNumbers(NDManager scope, CropBatch crops, int shard, int experts) {
    SplittableRandom random =
        Seeds.stream(config.train().seed(), Purpose.TEACHER_DROP, crops.step(), shard);
    int images = 2 * crops.tiles().length;
    float[] numbers = new float[experts * images];
    for (int i = 0; i < numbers.length; i++) {
      // Below 1 also as a float.
      numbers[i] = random.nextInt(1 << 24) / (float) (1 << 24);
    }
    return scope.create(numbers, new Shape(experts, images));
  }

  private ExpertTokens ask(String name, ExpertConfig expert, CropBatch crops) {
    Expert model = Objects.requireNonNull(experts.get(name), name);
    ExpertTokens tokens = model.tokens(crops, config.needsPatchTokens(name));
    long n = 2L * crops.tiles().length;
    long patches = n * tokens.rows() * tokens.columns() * model.patchDimension();
    boolean fits =
        tokens.dimension() == model.dimension()
            && tokens.classTokens().length == n * model.dimension()
            && (!config.needsPatchTokens(name)
                || patches > 0 && tokens.patchTokens().length == patches);
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
    return buffers.computeIfAbsent(shard % slots + " " + input, key -> new HostBuffer());
  }
}
