package io.github.gpfm.encoder.catalog;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.gpfm.encoder.script.ScriptModule;
import io.github.gpfm.encoder.script.ScriptProgram;
import io.github.gpfm.encoder.weights.DType;
import io.github.gpfm.encoder.weights.WeightTensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A card's program on a fixture's weights, asked for outputs by the fixture's names for them. */
final class FixtureNetwork implements AutoCloseable {
  private static final Pattern BLOCK = Pattern.compile("block(\\d+)");
  private static final Pattern SWIN_BLOCK = Pattern.compile("layer(\\d+)_(?:block(\\d+)|merged)");
  private static final Pattern STAGE = Pattern.compile("layer(\\d+)_corner");

  private final FixtureModel model;
  private final Map<Feature, ScriptModule> modules = new LinkedHashMap<>();

  FixtureNetwork(FixtureModel model) {
    this.model = model;
  }

  private ScriptModule module(Feature feature) {
    return modules.computeIfAbsent(
        feature,
        wanted -> {
          ModelCard card = model.card().withFeature(wanted);
          WeightBinding weights =
              WeightBinding.of(card, model.weights(), Optional.empty(), DType.FLOAT32);
          return new ScriptProgram(
                  Programs.source(card.architecture()),
                  Programs.root(card.architecture(), weights, wanted))
              .load(Device.cpu(), ScriptProgram.Mode.INFERENCE);
        });
  }

  private static NDArray pixels(NDManager scope, FixtureImages.Input input) {
    Shape shape = new Shape(input.count(), 3, input.rows(), input.columns());
    return scope.create(input.values(), shape);
  }

  /**
   * The output a fixture calls {@code name} (without the input's tag), in full.
   *
   * @return values and shape
   */
  WeightTensor output(String name, FixtureImages.Input input) {
    Feature usual = model.card().feature();
    ScriptModule usually = module(usual);
    try (NDManager scope = usually.newScope()) {
      NDArray x = pixels(scope, input);
      NDArray found = output(scope, usually, name, x);
      return io.github.gpfm.encoder.script.Tensors.toTensor(name, found);
    }
  }

  private NDArray output(NDManager scope, ScriptModule usually, String name, NDArray x) {
    Matcher block = BLOCK.matcher(name);
    if (block.matches()) {
      long[] layers = {Long.parseLong(block.group(1))};
      return usually.infer(scope, "intermediate", x, layers, false).get(0);
    }
    return switch (name) {
      case "cls" -> feature(scope, Feature.CLASS_TOKEN, x);
      case "embedding" -> feature(scope, Feature.CLASS_AND_MEAN_PATCH_TOKEN, x);
      case "features" -> feature(scope, Feature.MEAN_PATCH_TOKEN, x);
      case "patch_tokens" -> usually.infer(scope, "encode", x).get(1);
      case "register_tokens" -> usually.infer(scope, "tokens", x).get(0).get(":, 1:");
      case "embedded", "after_pre_layrnorm" -> usually.infer(scope, "embed", x).get(0);
      case "last_hidden_state", "trunk_tokens" -> usually.infer(scope, "tokens", x).get(0);
      case "image_embeds" -> feature(scope, Feature.PROJECTED_CLASS_TOKEN, x);
      case "image_embeds_normalized" ->
          model.card().architecture().features().contains(Feature.UNIT_PROJECTED_CLASS_TOKEN)
              ? feature(scope, Feature.UNIT_PROJECTED_CLASS_TOKEN, x)
              : unit(feature(scope, Feature.PROJECTED_CLASS_TOKEN, x));
      case "pooler_output" -> feature(scope, Feature.CLASS_TOKEN, x);
      case "contrast_no_head" -> feature(scope, Feature.CONTRAST, x);
      case "contrast_projected" -> feature(scope, Feature.PROJECTED_CONTRAST, x);
      case "contrast_projected_normalized" -> feature(scope, Feature.UNIT_CONTRAST, x);
      case "expert_cls_token" -> feature(scope, Feature.UNIT_CONTRAST, x).expandDims(1);
      case "caption_tokens" -> usually.infer(scope, "caption", x).get(0);
      case "expert_patch_token" -> unit(usually.infer(scope, "caption", x).get(0));
      case "stem" -> usually.infer(scope, "trace", x).get(0).reshape(swinTokens(x));
      case "pooled_stem_corner" -> usually.infer(scope, "stem", x).get(0);
      default -> stage(scope, usually, name, x);
    };
  }

  private NDArray stage(NDManager scope, ScriptModule module, String name, NDArray x) {
    Matcher stage = STAGE.matcher(name);
    if (stage.matches()) {
      long[] layers = {Long.parseLong(stage.group(1)) - 1};
      return module.infer(scope, "intermediate", x, layers, false).get(0);
    }
    Matcher swin = SWIN_BLOCK.matcher(name);
    if (!swin.matches()) {
      throw new AssertionError("the fixture names an output this test does not know: " + name);
    }
    List<Integer> depths = ((SwinArchitecture) model.card().architecture()).depths();
    int index = 1;
    for (int i = 0; i < Integer.parseInt(swin.group(1)); i++) {
      index += depths.get(i) + 1;
    }
    boolean merged = swin.group(2) == null;
    index += merged ? depths.get(Integer.parseInt(swin.group(1))) : Integer.parseInt(swin.group(2));
    NDArray map = module.infer(scope, "trace", x).get(index);
    Shape shape = map.getShape();
    return map.reshape(shape.get(0), shape.get(1) * shape.get(2), shape.get(3));
  }

  private static Shape swinTokens(NDArray x) {
    return new Shape(x.getShape().get(0), x.getShape().get(2) * x.getShape().get(3) / 16, -1);
  }

  /** The feature by both ways there are to it, which must agree. */
  private NDArray feature(NDManager scope, Feature feature, NDArray x) {
    NDList both = module(feature).infer(scope, "encode", x);
    NDArray alone = module(feature).infer(scope, "feature", x).get(0);
    float apart = alone.sub(both.get(0)).abs().max().getFloat();
    if (!(apart <= 5e-6)) {
      throw new AssertionError(feature + " alone differs from that with tokens by " + apart);
    }
    return alone;
  }

  private static NDArray unit(NDArray x) {
    return x.div(x.norm(new int[] {x.getShape().dimension() - 1}, true));
  }

  @Override
  public void close() {
    modules.values().forEach(ScriptModule::close);
  }
}
