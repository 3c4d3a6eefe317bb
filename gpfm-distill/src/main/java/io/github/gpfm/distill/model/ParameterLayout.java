package io.github.gpfm.distill.model;

import io.github.gpfm.distill.config.DistillConfig;
import io.github.gpfm.distill.config.ExpertConfig;
import io.github.gpfm.distill.config.HeadConfig;
import io.github.gpfm.distill.config.StudentConfig;
import io.github.gpfm.distill.config.StudentConfig.FeedForward;
import io.github.gpfm.distill.model.ParameterSpec.Init;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Names, shapes and initial distributions of every trainable tensor, in the official order and
 * under the official names: {@code student.backbone.*}, {@code student.dino_head.*}, {@code
 * student.ibot_head.*} where separate, then {@code distill_heads.<expert>.*}. The momentum teacher
 * has a copy of those that start with {@code student.}.
 *
 * @param student every trainable tensor; the first {@code teacherCount} have a teacher's copy
 * @param teacherCount how many have a teacher's copy
 */
public record ParameterLayout(List<ParameterSpec> student, int teacherCount) {
  /** What is added to an expert's name for the head of its patch tokens. */
  static final String PATCH_HEAD = "_patch";

  /** What is added for the head that reads the first values of a token, before their number. */
  static final String NESTED = "_nested";

  /** What is added for the projectors of a ladder. */
  static final String LADDER = "_ladder";

  /** What precedes a block's number in the name of its class projector. */
  static final String CLASS_RUNG = ".class.";

  /** What precedes a block's number in the name of its patch projector. */
  static final String PATCH_RUNG = ".patch.";

  private static final String STUDENT = "student.";

  /** Copies the list. */
  public ParameterLayout {
    student = List.copyOf(student);
  }

  /**
   * The layout of a configuration whose experts' class and patch tokens are of one length each.
   *
   * @param expertWidths length of every expert's tokens, by name
   */
  public static ParameterLayout of(DistillConfig config, Map<String, Integer> expertWidths) {
    return of(config, expertWidths, expertWidths);
  }

  /**
   * The layout of a configuration. An expert has one head, as in the official code; one whose class
   * and patch tokens are both learned and differ in length has another, {@code <expert>_patch}.
   * With nested dimensions it has the same for each of them, {@code <expert>_nested<dimension>};
   * with a ladder it has projectors in their place, {@code <expert>_ladder.class.<block>}.
   *
   * @param classWidths length of every expert's class tokens, by name
   * @param patchWidths length of every expert's patch tokens, by name
   */
  public static ParameterLayout of(
      DistillConfig config, Map<String, Integer> classWidths, Map<String, Integer> patchWidths) {
    List<ParameterSpec> specs = new ArrayList<>();
    StudentConfig shape = config.student();
    addBackbone(specs, shape, config.globalGrid());
    if (config.usesSelfDistillation()) {
      addHead(specs, "student.dino_head", shape.width(), config.self().head());
      if (config.self().ibotWeight() > 0 && config.self().separateIbotHead()) {
        addHead(specs, "student.ibot_head", shape.width(), config.self().ibotHead());
      }
    }
    final int teacherCount = specs.size();
    config
        .experts()
        .forEach(
            (name, expert) -> {
              String head = ParameterSpec.DISTILL_HEADS + name;
              int classes = Objects.requireNonNull(classWidths.get(name), name);
              int patches = Objects.requireNonNull(patchWidths.get(name), name);
              if (expert.classWeight() == 0 && expert.patchWeight() == 0) {
                return;
              }
              if (!config.recipe().ladder().isEmpty()) {
                addLadder(specs, head, config, expert, classes, patches);
                return;
              }
              addHeads(specs, head, shape.width(), config, expert, classes, patches);
              for (int width : config.recipe().nested()) {
                addHeads(specs, head + NESTED + width, width, config, expert, classes, patches);
              }
            });
    return new ParameterLayout(specs, teacherCount);
  }

  /** The head that reads {@code width} values of a token, and another for patches where needed. */
  private static void addHeads(
      List<ParameterSpec> specs,
      String head,
      int width,
      DistillConfig config,
      ExpertConfig expert,
      int classes,
      int patches) {
    boolean classOnly = expert.patchWeight() == 0;
    boolean patchOnly = expert.classWeight() == 0;
    addHead(specs, head, width, pupil(config, patchOnly ? patches : classes));
    if (!classOnly && !patchOnly && classes != patches) {
      addHead(specs, head + PATCH_HEAD, width, pupil(config, patches));
    }
  }

  /** UNIC's projectors: two linear layers for each block, for class and patch tokens. */
  private static void addLadder(
      List<ParameterSpec> specs,
      String head,
      DistillConfig config,
      ExpertConfig expert,
      int classes,
      int patches) {
    StudentConfig shape = config.student();
    for (String kind : List.of(CLASS_RUNG, PATCH_RUNG)) {
      boolean ofClass = kind.equals(CLASS_RUNG);
      if ((ofClass ? expert.classWeight() : expert.patchWeight()) == 0) {
        continue;
      }
      for (int block : config.recipe().ladder()) {
        String name = head + LADDER + kind + block;
        boolean last = block == shape.depth();
        int hidden = last ? config.recipe().ladderLastHidden() : config.recipe().ladderHidden();
        addLinear(specs, name + ".fc1", hidden, shape.width());
        addLinear(specs, name + ".fc2", ofClass ? classes : patches, hidden);
      }
    }
  }

  private static HeadConfig pupil(DistillConfig config, int outputs) {
    return new HeadConfig(
        outputs,
        config.distill().headLayers(),
        config.distill().headHidden(),
        config.distill().headBottleneck());
  }

  /** Names of the student's tensors, in order. */
  public List<String> studentNames() {
    return student.stream().map(ParameterSpec::name).toList();
  }

  /** Names of the teacher's tensors without prefix, in order: {@code backbone.cls_token}, …. */
  public List<String> teacherNames() {
    return studentNames().subList(0, teacherCount).stream()
        .map(name -> name.substring(STUDENT.length()))
        .toList();
  }

  /** Names of the submodules, in order; each one's tensors are contiguous. */
  public List<String> modules() {
    return student.stream().map(ParameterSpec::module).distinct().toList();
  }

  /** Trainable values in all. */
  public long parameterCount() {
    return student.stream().mapToLong(ParameterSpec::count).sum();
  }

  private static void addBackbone(List<ParameterSpec> specs, StudentConfig shape, int grid) {
    String name = "student.backbone.";
    long width = shape.width();
    long patch = shape.patchSize();
    double patchBound = 1 / Math.sqrt(3.0 * patch * patch);
    add(specs, name + "cls_token", Init.normal(1e-6), 1, 1, width);
    add(specs, name + "pos_embed", Init.normal(0.02), 1, (long) grid * grid + 1, width);
    if (shape.registers() > 0) {
      add(specs, name + "register_tokens", Init.normal(1e-6), 1, shape.registers(), width);
    }
    add(specs, name + "mask_token", Init.constant(0), 1, width);
    add(specs, name + "patch_embed.proj.weight", Init.uniform(patchBound), width, 3, patch, patch);
    add(specs, name + "patch_embed.proj.bias", Init.uniform(patchBound), width);
    for (int i = 0; i < shape.depth(); i++) {
      addBlock(specs, name + blockName(shape, i), shape);
    }
    addNorm(specs, name + "norm", width);
  }

  private static String blockName(StudentConfig shape, int index) {
    return shape.blockChunks() > 0
        ? "blocks." + index / (shape.depth() / shape.blockChunks()) + "." + index
        : "blocks." + index;
  }

  private static void addBlock(List<ParameterSpec> specs, String name, StudentConfig shape) {
    long width = shape.width();
    long hidden = shape.hidden();
    addNorm(specs, name + ".norm1", width);
    addLinear(specs, name + ".attn.qkv", 3 * width, width);
    addLinear(specs, name + ".attn.proj", width, width);
    addLayerScale(specs, name + ".ls1", shape);
    addNorm(specs, name + ".norm2", width);
    if (shape.feedForward() == FeedForward.MLP) {
      addLinear(specs, name + ".mlp.fc1", hidden, width);
      addLinear(specs, name + ".mlp.fc2", width, hidden);
    } else {
      addLinear(specs, name + ".mlp.w12", 2 * hidden, width);
      addLinear(specs, name + ".mlp.w3", width, hidden);
    }
    addLayerScale(specs, name + ".ls2", shape);
  }

  private static void addHead(List<ParameterSpec> specs, String name, int width, HeadConfig head) {
    if (head.layers() <= 1) {
      addLinear(specs, name + ".mlp", head.bottleneck(), width);
    } else {
      for (int i = 0; i < head.layers(); i++) {
        addLinear(
            specs,
            name + ".mlp." + 2 * i,
            i == head.layers() - 1 ? head.bottleneck() : head.hidden(),
            i == 0 ? width : head.hidden());
      }
    }
    double bound = 1 / Math.sqrt(head.bottleneck());
    add(specs, name + ".last_layer.weight_g", Init.constant(1), head.prototypes(), 1);
    add(
        specs,
        name + ".last_layer.weight_v",
        Init.uniform(bound),
        head.prototypes(),
        head.bottleneck());
  }

  private static void addNorm(List<ParameterSpec> specs, String name, long width) {
    add(specs, name + ".weight", Init.constant(1), width);
    add(specs, name + ".bias", Init.constant(0), width);
  }

  private static void addLinear(List<ParameterSpec> specs, String name, long out, long in) {
    add(specs, name + ".weight", Init.normal(0.02), out, in);
    add(specs, name + ".bias", Init.constant(0), out);
  }

  private static void addLayerScale(List<ParameterSpec> specs, String name, StudentConfig shape) {
    if (shape.layerScale() > 0) {
      add(specs, name + ".gamma", Init.constant(shape.layerScale()), shape.width());
    }
  }

  private static void add(List<ParameterSpec> specs, String name, Init init, long... shape) {
    List<Long> sizes = new ArrayList<>();
    for (long size : shape) {
      sizes.add(size);
    }
    specs.add(new ParameterSpec(name, sizes, init));
  }
}
