package io.github.gpfm.encoder.vit;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.github.gpfm.api.WeightsException;
import io.github.gpfm.encoder.weights.ModelState;
import io.github.gpfm.encoder.weights.WeightFile;
import io.github.gpfm.encoder.weights.WeightTensor;
import io.github.gpfm.encoder.weights.WeightsCheck;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The weights of a vision transformer under flat names, and the shape they say it has.
 *
 * @param config the shape
 * @param tensors by flat name ({@code cls_token}, {@code blocks.<i>.attn.qkv.weight}, …)
 * @param head the projection head ({@code mlp.0.weight}, {@code last_layer.weight_v}, …) if the
 *     file has one beside the backbone
 */
public record VitWeights(
    VitConfig config, Map<String, WeightTensor> tensors, Map<String, WeightTensor> head) {
  /** Enough of a transformer's names to find it in a file. */
  private static final Set<String> NAMES =
      Set.of("cls_token", "pos_embed", "patch_embed.proj.weight", "blocks.0.norm1.weight");

  private static final String HEAD = "dino_head.";

  private static final Pattern BLOCK = Pattern.compile("blocks\\.(\\d+)\\.(.+)");

  /** Copies the maps. */
  public VitWeights {
    tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
    head = Collections.unmodifiableMap(new LinkedHashMap<>(head));
  }

  /**
   * Reads names and shapes of a checkpoint: the official layout ({@code
   * teacher.backbone.blocks.<chunk>.<i>.…}; the teacher is taken where both are there), the
   * training code's ({@code student.…}, {@code module.…}), or flat names.
   *
   * @param heads number of attention heads, which shapes do not tell; when empty the file's own
   *     {@code config}, else 64 values per head (16 in networks narrower than 192)
   * @throws WeightsException if the file holds no vision transformer of this layout, or a tensor is
   *     missing, extra or of another shape than the rest implies
   */
  public static VitWeights of(WeightFile file, OptionalInt heads) {
    return of(file.path(), file.tensors(), file.metadata(), heads);
  }

  /** {@link #of(WeightFile, OptionalInt)} of tensors that need not come from a file. */
  public static VitWeights of(
      Object label,
      Map<String, WeightTensor> named,
      Map<String, String> metadata,
      OptionalInt heads) {
    ModelState state =
        ModelState.in(named.keySet(), NAMES, Set.of()).stream()
            .findFirst()
            .orElse(new ModelState(""));
    Map<String, WeightTensor> backbone = new LinkedHashMap<>();
    Map<String, WeightTensor> head = new LinkedHashMap<>();
    named.forEach(
        (name, tensor) -> {
          String bare = ModelState.bare(name);
          Map<String, WeightTensor> target = backbone;
          String flat = state.local(name).orElse("");
          if (bare.startsWith(state.parent() + HEAD)) {
            target = head;
            flat = bare.substring(state.parent().length() + HEAD.length());
          }
          boolean used = !flat.isEmpty() && (target == head || !ModelState.isBeside(flat));
          if (used && target.put(flat, tensor.renamed(flat)) != null) {
            throw new WeightsException(
                ("Weight file '%s' holds tensor '%s' under two names; save one model alone.")
                    .formatted(label, flat));
          }
        });
    VitConfig config = infer(label, backbone, metadata, heads);
    WeightsCheck.compare(config.shapes(), backbone).require(label, config.describe());
    return new VitWeights(config, backbone, head);
  }

  private static VitConfig infer(
      Object label,
      Map<String, WeightTensor> tensors,
      Map<String, String> metadata,
      OptionalInt heads) {
    List<Long> patch = shape(label, tensors, "patch_embed.proj.weight", 4);
    List<Long> positions = shape(label, tensors, "pos_embed", 3);
    int dimension = Math.toIntExact(patch.get(0));
    long grid = Math.round(Math.sqrt(positions.get(1) - 1.0));
    int depth = 0;
    for (String name : tensors.keySet()) {
      Matcher block = BLOCK.matcher(name);
      if (block.matches()) {
        depth = Math.max(depth, Integer.parseInt(block.group(1)) + 1);
      }
    }
    boolean swiglu = tensors.containsKey("blocks.0.mlp.w3.weight");
    String hidden = swiglu ? "blocks.0.mlp.w3.weight" : "blocks.0.mlp.fc2.weight";
    int registers =
        tensors.containsKey("register_tokens")
            ? Math.toIntExact(shape(label, tensors, "register_tokens", 3).get(1))
            : 0;
    return new VitConfig(
        dimension,
        Math.max(depth, 1),
        heads.orElse(headsOf(dimension, metadata)),
        Math.toIntExact(patch.get(3)),
        Math.toIntExact(Math.max(grid, 1)),
        swiglu ? FeedForward.SWIGLU : FeedForward.GELU,
        Math.toIntExact(shape(label, tensors, hidden, 2).get(1)),
        tensors.containsKey("blocks.0.ls1.gamma"),
        tensors.containsKey("mask_token"),
        registers,
        1e-6,
        PositionResampling.ofRegisters(registers));
  }

  private static int headsOf(int dimension, Map<String, String> metadata) {
    try {
      if (metadata.containsKey("config")
          && JsonParser.parseString(metadata.get("config")) instanceof JsonObject config
          && config.has("num_heads")) {
        int heads = config.get("num_heads").getAsInt();
        if (heads > 0 && dimension % heads == 0) {
          return heads;
        }
      }
    } catch (JsonParseException | UnsupportedOperationException | NumberFormatException e) {
      // A note that is no configuration: the rule below.
    }
    int perHead = dimension >= 192 ? 64 : 16;
    return dimension % perHead == 0 ? dimension / perHead : 1;
  }

  private static List<Long> shape(
      Object label, Map<String, WeightTensor> tensors, String name, int axes) {
    WeightTensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new WeightsException(
          "Weight file '%s' holds no vision transformer in DINOv2's layout: it has no tensor '%s';"
                  .formatted(label, name)
              + " give the file of a supported model.");
    }
    if (tensor.shape().size() != axes || tensor.shape().stream().anyMatch(s -> s < 1)) {
      throw new WeightsException(
          "Weight file '%s' does not fit: %s has shape %s, not one of %d axes; give the file of a"
                  .formatted(label, name, tensor.shape(), axes)
              + " supported model.");
    }
    return tensor.shape();
  }
}
