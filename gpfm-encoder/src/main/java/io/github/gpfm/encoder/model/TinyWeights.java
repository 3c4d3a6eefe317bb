package io.github.gpfm.encoder.model;

import io.github.gpfm.encoder.vit.VitConfig;
import io.github.gpfm.encoder.vit.VitInitialization;
import io.github.gpfm.encoder.vit.VitWeights;
import io.github.gpfm.encoder.weights.Sha256;
import io.github.gpfm.encoder.weights.WeightFile;
import io.github.gpfm.encoder.weights.WeightTensor;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.OptionalInt;

/**
 * The bundled model: the resource {@code tiny.safetensors} if the library has it, else weights
 * drawn from a fixed seed.
 *
 * @param name {@code tiny}, or {@code tiny-untrained} if drawn
 */
record TinyWeights(String name, VitWeights weights, String sha256) {
  private static final String RESOURCE = "/io/github/gpfm/encoder/tiny.safetensors";
  private static final long SEED = 20240718;

  static TinyWeights load() {
    try (InputStream in = TinyWeights.class.getResourceAsStream(RESOURCE)) {
      return in == null ? drawn() : trained(in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static TinyWeights trained(byte[] bytes) {
    WeightFile file = WeightFile.ofSafetensors("tiny.safetensors", bytes);
    String sha256 = new Sha256().add(bytes, bytes.length).hex();
    return new TinyWeights("tiny", VitWeights.of(file, OptionalInt.empty()), sha256);
  }

  private static TinyWeights drawn() {
    Map<String, WeightTensor> tensors = VitInitialization.draw(VitConfig.TINY, SEED, 1);
    Sha256 sha256 = new Sha256();
    tensors.values().forEach(sha256::add);
    return new TinyWeights(
        "tiny-untrained", new VitWeights(VitConfig.TINY, tensors, Map.of()), sha256.hex());
  }
}
