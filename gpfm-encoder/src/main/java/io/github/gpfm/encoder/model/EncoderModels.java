package io.github.gpfm.encoder.model;

import io.github.gpfm.api.EncoderInfo;
import io.github.gpfm.encoder.image.Preprocessing;
import io.github.gpfm.encoder.script.ScriptProgram;
import io.github.gpfm.encoder.vit.VitConfig;
import io.github.gpfm.encoder.vit.VitProgram;
import io.github.gpfm.encoder.vit.VitWeights;
import io.github.gpfm.encoder.weights.WeightFile;
import io.github.gpfm.support.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.OptionalInt;

/** Models from weight files. */
public final class EncoderModels {
  private static final String TINY = "/io/github/gpfm/encoder/tiny.safetensors";
  private static final int GPFM_TILE = 512;
  private static final double GPFM_MPP = 0.25;

  private EncoderModels() {}

  /**
   * A vision transformer in DINOv2's layout, GPFM's among them.
   *
   * @param file its weights, in any of the layouts that {@link VitWeights} knows
   * @param heads number of attention heads if the file's sizes mislead
   * @throws io.github.gpfm.api.WeightsException if the file does not fit
   */
  public static EncoderModel dinov2(WeightFile file, OptionalInt heads) {
    VitWeights weights = VitWeights.of(file, heads);
    boolean gpfm = weights.config().equals(VitConfig.GPFM);
    return vit(
        gpfm ? "gpfm" : "dinov2-vit",
        weights,
        gpfm ? "CC-BY-NC-ND 4.0" : "as the weights' authors state",
        file.sha256());
  }

  /**
   * The small model that lies in this library. It shows that everything works; its features are not
   * those of a foundation model.
   */
  public static EncoderModel tiny() {
    byte[] bytes;
    try (InputStream in = EncoderModels.class.getResourceAsStream(TINY)) {
      bytes = Objects.requireNonNull(in, TINY).readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    VitWeights weights =
        VitWeights.of(WeightFile.ofSafetensors("tiny.safetensors", bytes), OptionalInt.empty());
    String sha256 = new Sha256().add(bytes, bytes.length).hex();
    return vit("tiny", weights, "Apache-2.0", sha256);
  }

  private static EncoderModel vit(String name, VitWeights weights, String licence, String sha256) {
    VitConfig config = weights.config();
    EncoderInfo info =
        new EncoderInfo(
            name,
            config.describe(),
            config.dimension(),
            config.imageSize(),
            config.patchSize(),
            GPFM_TILE,
            GPFM_MPP,
            licence,
            sha256);
    ScriptProgram program =
        new ScriptProgram(VitProgram.source(), VitProgram.node(config, weights.tensors()));
    return new EncoderModel(
        info,
        program,
        config.dimension(),
        Preprocessing.exact(config.imageSize()),
        false,
        config.depth());
  }
}
