package io.github.gpfm.encoder.text;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.gpfm.api.EncoderException;
import io.github.gpfm.api.TextEncoder;
import io.github.gpfm.encoder.catalog.Feature;
import io.github.gpfm.encoder.script.ScriptModule;
import io.github.gpfm.encoder.script.ScriptNode;
import io.github.gpfm.encoder.script.ScriptProgram;
import io.github.gpfm.encoder.script.ScriptSource;
import io.github.gpfm.encoder.vit.FeedForward;
import io.github.gpfm.encoder.vit.VitProgram;
import io.github.gpfm.encoder.weights.NamedWeights;
import io.github.gpfm.encoder.weights.WeightFile;
import io.github.gpfm.encoder.weights.WeightTensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The text tower of a CLIP model in Hugging Face's format. */
final class ClipTextEncoder implements TextEncoder {
  private static final ScriptSource SOURCE =
      ScriptSource.resources(VitProgram.class, "layers.torchscript")
          .and(ScriptSource.resources(ClipTextEncoder.class, "clip_text.torchscript"));
  private static final double EPS = 1e-5;

  /**
   * @param width length of a token
   * @param depth number of blocks
   * @param heads attention heads; divides width
   * @param hidden width of a block's feed-forward part
   * @param words number of tokens there are
   * @param length longest text in tokens
   * @param projection length of a feature
   */
  record Sizes(
      int width, int depth, int heads, int hidden, int words, int length, int projection) {}

  private final String name;
  private final String sha256;
  private final Sizes sizes;
  private final double scale;
  private final ClipTokenizer tokenizer;
  private final ScriptModule module;
  private boolean closed;

  private ClipTextEncoder(
      String name,
      String sha256,
      Sizes sizes,
      double scale,
      ClipTokenizer tokenizer,
      ScriptModule module) {
    this.name = name;
    this.sha256 = sha256;
    this.sizes = sizes;
    this.scale = scale;
    this.tokenizer = tokenizer;
    this.module = module;
  }

  static ClipTextEncoder load(
      String name, String sha256, Sizes sizes, WeightFile file, Path folder, Device device) {
    NamedWeights weights = new NamedWeights("text encoder '" + name + "'", file, List.of());
    int width = sizes.width();
    List<ScriptNode> blocks = new ArrayList<>();
    for (int i = 0; i < sizes.depth(); i++) {
      blocks.add(block(weights, "text_model.encoder.layers." + i + ".", sizes));
    }
    ScriptNode root =
        ScriptNode.of("ClipText")
            .parameter(
                "tokens",
                weights.take("text_model.embeddings.token_embedding.weight", sizes.words(), width))
            .parameter(
                "positions",
                weights.take(
                    "text_model.embeddings.position_embedding.weight", sizes.length(), width))
            .children("blocks", blocks)
            .child("norm", norm(weights, "text_model.final_layer_norm", width))
            .child(
                "projection",
                VitProgram.linear(
                    Map.of(
                        "text_projection.weight",
                        weights.take("text_projection.weight", sizes.projection(), width)),
                    "text_projection"));
    double scale = Math.exp(weights.take("logit_scale").toFloats()[0]);
    weights.requireNoOthers(
        List.of("vision_model.", "visual_projection.", "text_model.embeddings.position_ids"));
    ClipTokenizer tokenizer = ClipTokenizer.read(folder, sizes.length(), sizes.words());
    return new ClipTextEncoder(
        name,
        sha256,
        sizes,
        scale,
        tokenizer,
        new ScriptProgram(SOURCE, root).load(device, ScriptProgram.Mode.INFERENCE));
  }

  private static ScriptNode block(NamedWeights weights, String name, Sizes sizes) {
    int width = sizes.width();
    String attention = name + "self_attn.";
    String mlp = name + "mlp.";
    Map<String, WeightTensor> feed =
        Map.of(
            mlp + "fc1.weight", weights.take(mlp + "fc1.weight", sizes.hidden(), width),
            mlp + "fc1.bias", weights.take(mlp + "fc1.bias", sizes.hidden()),
            mlp + "fc2.weight", weights.take(mlp + "fc2.weight", width, sizes.hidden()),
            mlp + "fc2.bias", weights.take(mlp + "fc2.bias", width));
    return ScriptNode.of("CausalBlock")
        .child("norm1", norm(weights, name + "layer_norm1", width))
        .child("q", linear(weights, attention + "q_proj", width))
        .child("k", linear(weights, attention + "k_proj", width))
        .child("v", linear(weights, attention + "v_proj", width))
        .child("out", linear(weights, attention + "out_proj", width))
        .child("norm2", norm(weights, name + "layer_norm2", width))
        .child("mlp", VitProgram.feedForward(feed, mlp, FeedForward.QUICK_GELU))
        .constant("heads", sizes.heads());
  }

  private static ScriptNode linear(NamedWeights weights, String name, int width) {
    return VitProgram.linear(
        Map.of(
            name + ".weight", weights.take(name + ".weight", width, width),
            name + ".bias", weights.take(name + ".bias", width)),
        name);
  }

  private static ScriptNode norm(NamedWeights weights, String name, int width) {
    return VitProgram.norm(
        Map.of(
            name + ".weight", weights.take(name + ".weight", width),
            name + ".bias", weights.take(name + ".bias", width)),
        name,
        EPS);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String imageFeature() {
    return Feature.PROJECTED_CLASS_TOKEN.label();
  }

  @Override
  public int dimension() {
    return sizes.projection();
  }

  @Override
  public double scale() {
    return scale;
  }

  @Override
  public String weightsSha256() {
    return sha256;
  }

  /** Numbers of a text's tokens. */
  long[] tokens(String text) {
    return tokenizer.encode(text);
  }

  @Override
  public synchronized List<float[]> embed(List<String> texts) {
    if (closed) {
      throw new EncoderException("Text encoder '" + name + "' is closed.");
    }
    List<float[]> found = new ArrayList<>();
    for (String text : texts) {
      long[] numbers = tokenizer.encode(text);
      try (NDManager scope = module.newScope()) {
        NDArray input = scope.create(numbers, new Shape(1, numbers.length));
        found.add(module.infer(scope, "embed", input).get(0).toFloatArray());
      } catch (EngineException e) {
        throw new EncoderException(
            "Text encoder '%s' failed on '%s': %s".formatted(name, text, e.getMessage()), e);
      }
    }
    return found;
  }

  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      module.close();
    }
  }
}
