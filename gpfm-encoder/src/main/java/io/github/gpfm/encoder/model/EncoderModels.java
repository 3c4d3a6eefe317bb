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

/** Models that need no file. */
public final class EncoderModels {
  private static final String TINY = "/io/github/gpfm/encoder/tiny.safetensors";
  private static final int GPFM_TILE = 512;
  private static final double GPFM_MPP = 0.25;

  private EncoderModels() {}

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
    VitConfig config = weights.config();
    EncoderInfo info =
        EncoderInfo.builder("tiny", config.dimension())
            .architecture(config.describe())
            .inputSize(config.imageSize())
            .patchSize(config.patchSize())
            .tileSize(GPFM_TILE)
            .mpp(GPFM_MPP)
            .license("Apache-2.0")
            .weightsSha256(new Sha256().add(bytes, bytes.length).hex())
            .build();
    ScriptProgram program =
        new ScriptProgram(VitProgram.source(), VitProgram.node(config, weights.tensors()));
    return new EncoderModel(
        info,
        program,
        config.dimension(),
        Preprocessing.exact(config.imageSize()),
        false,
        config.depth(),
        config.toString());
  }
}
