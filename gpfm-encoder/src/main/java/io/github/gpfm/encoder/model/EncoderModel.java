package io.github.gpfm.encoder.model;

import io.github.gpfm.api.EncoderInfo;
import io.github.gpfm.api.TokenOutput;
import io.github.gpfm.encoder.image.Preprocessing;
import io.github.gpfm.encoder.script.ScriptNode;
import io.github.gpfm.encoder.script.ScriptProgram;
import io.github.gpfm.encoder.script.ScriptSource;
import io.github.gpfm.encoder.weights.DType;
import io.github.gpfm.encoder.weights.WeightTensor;
import java.util.List;

/**
 * A network with its weights and all that is known of it, before it is put on a device.
 *
 * <p>The program's root has two methods on normalised pixels {@code x: Tensor [B, 3, S, S]}: {@code
 * feature(x) -> Tensor}, the authors' feature [B, d], and {@code encode(x) -> Tuple[Tensor,
 * Tensor]}, the feature and the patch tokens [B, N, e] or [B, rows, columns, e].
 *
 * @param info name, dimension and so on; {@code patchSize} 0 if there are no patch tokens
 * @param program the network
 * @param patchDimension length e of a patch token; 0 if there are none
 * @param preprocessing from an image to its input
 * @param featureHasMean whether the feature is the class token followed by the mean patch token
 *     already, as Virchow's is
 */
public record EncoderModel(
    EncoderInfo info,
    ScriptProgram program,
    int patchDimension,
    Preprocessing preprocessing,
    boolean featureHasMean) {
  /** A network whose feature is of one kind of token. */
  public EncoderModel(
      EncoderInfo info, ScriptProgram program, int patchDimension, Preprocessing preprocessing) {
    this(info, program, patchDimension, preprocessing, false);
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
