package io.github.gpfm.encoder.model;

import io.github.gpfm.encoder.vit.VitConfig;
import io.github.gpfm.encoder.vit.VitInitialization;
import io.github.gpfm.encoder.vit.VitWeights;
import io.github.gpfm.encoder.weights.WeightFile;
import io.github.gpfm.encoder.weights.WeightTensor;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
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
    MessageDigest digest = newDigest();
    digest.update(bytes);
    return new TinyWeights("tiny", VitWeights.of(file, OptionalInt.empty()), hex(digest));
  }

  private static TinyWeights drawn() {
    Map<String, WeightTensor> tensors = VitInitialization.draw(VitConfig.TINY, SEED, 1);
    MessageDigest digest = newDigest();
    tensors.values().forEach(tensor -> digest.update(tensor.toBuffer()));
    return new TinyWeights(
        "tiny-untrained", new VitWeights(VitConfig.TINY, tensors, Map.of()), hex(digest));
  }

  private static MessageDigest newDigest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static String hex(MessageDigest digest) {
    return HexFormat.of().formatHex(digest.digest());
  }
}
