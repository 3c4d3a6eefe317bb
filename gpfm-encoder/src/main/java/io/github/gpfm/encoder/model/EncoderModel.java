package io.github.gpfm.encoder.model;

import io.github.gpfm.api.EncoderInfo;
import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.api.TokenOutput;
import io.github.gpfm.encoder.image.Preprocessing;
import io.github.gpfm.encoder.script.ScriptNode;
import io.github.gpfm.encoder.script.ScriptProgram;
import io.github.gpfm.encoder.script.ScriptSource;
import io.github.gpfm.encoder.weights.DType;
import io.github.gpfm.encoder.weights.WeightTensor;
import java.util.Arrays;
import java.util.List;

/**
 * A network with its weights and all that is known of it, before it is put on a device.
 *
 * <p>The program's root has two methods on normalised pixels {@code x: Tensor [B, 3, S, S]}: {@code
 * feature(x) -> Tensor}, the authors' feature [B, d], and {@code encode(x) -> Tuple[Tensor,
 * Tensor]}, the feature and the patch tokens [B, N, e] or [B, rows, columns, e]. A vision
 * transformer also has {@code intermediate(x, layers, normalise) -> List[Tensor]}, tokens [B, 1 + R
 * + N, e] after blocks, and {@code class_attention(x) -> Tensor} [B, heads, N].
 *
 * @param info name, dimension and so on; {@code patchSize} 0 if there are no patch tokens
 * @param program the network
 * @param patchDimension length e of a patch token; 0 if there are none
 * @param preprocessing from an image to its input
 * @param featureHasMean whether the feature is the class token followed by the mean patch token
 *     already, as Virchow's is
 * @param blocks blocks of a vision transformer; 0 for other networks, whose inside is not shown
 * @param structure all that decides what the network makes of its weights, heads and epsilons
 *     included, whether the weight file, a file beside it or a catalogue states it; for results'
 *     provenance
 */
public record EncoderModel(
    EncoderInfo info,
    ScriptProgram program,
    int patchDimension,
    Preprocessing preprocessing,
    boolean featureHasMean,
    int blocks,
    String structure) {
  /**
   * Checks blocks of this network by number.
   *
   * @param layers blocks from 0, ascending, each once
   * @throws InvalidOptionException if one is not there, or the network is no vision transformer
   */
  public void requireLayers(int... layers) {
    if (blocks == 0) {
      throw new InvalidOptionException(
          "Model '%s' is no vision transformer: it has no class token whose inside could be shown."
              .formatted(info.name()));
    }
    for (int i = 0; i < layers.length; i++) {
      if (layers[i] < 0 || layers[i] >= blocks || (i > 0 && layers[i] <= layers[i - 1])) {
        throw new InvalidOptionException(
            "Layers must be ascending numbers from 0 to %d, not %s."
                .formatted(blocks - 1, Arrays.toString(layers)));
      }
    }
  }

  /**
   * This network with the tokens of intermediate layers for features, as linear evaluation of
   * DINOv2 takes them: each after the model's final norm, one layer after the other.
   *
   * @param layers blocks from 0, ascending, each once, at least one
   * @return a network whose feature has {@code layers.length x patchDimension} values
   * @throws InvalidOptionException if a block is not there, or the network is no vision transformer
   */
  public EncoderModel ofLayers(int... layers) {
    requireLayers(layers);
    if (layers.length == 0) {
      throw new InvalidOptionException("Name at least one layer.");
    }
    int dimension = Math.multiplyExact(layers.length, patchDimension);
    ScriptNode root =
        ScriptNode.of("LayerFeatures")
            .child("model", program.root())
            .constant("layers", Arrays.stream(layers).mapToLong(i -> i).boxed().toList())
            .constant("patch", info.patchSize());
    ScriptSource wrapper = ScriptSource.resources(EncoderModel.class, "layers.torchscript");
    return new EncoderModel(
        info.toBuilder(info.name(), dimension)
            .architecture(info.architecture() + ", layers " + Arrays.toString(layers))
            .build(),
        new ScriptProgram(program.source().and(wrapper), root),
        dimension,
        preprocessing,
        false,
        0,
        structure + ", layers " + Arrays.toString(layers));
  }

  /**
   * This network over whole images: where its authors cut the centre out of a larger picture, its
   * patch tokens would not lie where those of another network do.
   */
  public EncoderModel ofWholeImages() {
    return new EncoderModel(
        info,
        program,
        patchDimension,
        preprocessing.ofWholeImages(),
        featureHasMean,
        blocks,
        structure);
  }

  /** Length of the feature for a choice of tokens; 0 for patch tokens where there are none. */
  public int dimension(TokenOutput output) {
    return switch (output) {
      case CLASS_TOKEN, PATCH_TOKENS -> info.dimension();
      case MEAN_PATCH_TOKEN -> patchDimension;
      case CLASS_AND_MEAN_PATCH_TOKEN ->
          featureHasMean ? info.dimension() : info.dimension() + patchDimension;
    };
  }

  /**
   * The program that takes pixels: {@code image_encoder.torchscript} around this network.
   *
   * @param dtype element type to compute in; weights are converted to it
   */
  public ScriptProgram onPixels(DType dtype) {
    int torchType =
        switch (dtype) {
          case FLOAT32 -> 6;
          case FLOAT16 -> 5;
          case BFLOAT16 -> 15;
          default -> throw new IllegalArgumentException("networks do not run in " + dtype);
        };
    ScriptNode root =
        ScriptNode.of("ImageEncoder")
            .child("model", program.root().cast(dtype))
            .buffer("mean", channels(preprocessing.mean()))
            .buffer("std", channels(preprocessing.std()))
            .constant("dtype", torchType)
            .constant("feature_has_mean", featureHasMean);
    ScriptSource wrapper = ScriptSource.resources(EncoderModel.class, "image_encoder.torchscript");
    return new ScriptProgram(program.source().and(wrapper), root);
  }

  /** One value per colour channel as a tensor [3, 1, 1]. */
  public static WeightTensor channels(List<Double> values) {
    float[] floats = new float[values.size()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = values.get(i).floatValue();
    }
    return WeightTensor.ofFloats("", List.of((long) floats.length, 1L, 1L), floats);
  }
}
