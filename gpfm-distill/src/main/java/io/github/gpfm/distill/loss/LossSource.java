package io.github.gpfm.distill.loss;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * TorchScript source of the loss terms: methods to be put into a class beside {@code unit_vectors}
 * of the layers. Constants are written {@code @name@} in the resources.
 *
 * <p>{@code self.torchscript} needs {@code student_temperature} and {@code centre_momentum}.
 */
public final class LossSource {
  private LossSource() {}

  /** DINO, centering, Sinkhorn-Knopp, iBOT and KoLeo. */
  public static String self(Map<String, String> constants) {
    return fragment(LossSource.class, "self.torchscript", constants);
  }

  /** Cosine, Kullback-Leibler and feature loss. */
  public static String expert(Map<String, String> constants) {
    return fragment(LossSource.class, "expert.torchscript", constants);
  }

  /**
   * A resource with its constants filled in.
   *
   * @throws IllegalArgumentException if there is no such resource or a constant is not given
   */
  public static String fragment(Class<?> beside, String name, Map<String, String> constants) {
    try (InputStream in = beside.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalArgumentException("no resource " + name + " beside " + beside);
      }
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      for (Map.Entry<String, String> constant : constants.entrySet()) {
        text = text.replace("@" + constant.getKey() + "@", constant.getValue());
      }
      for (String line : text.lines().toList()) {
        if (!line.stripLeading().startsWith("#") && line.contains("@")) {
          throw new IllegalArgumentException(name + " has an open constant: " + line.strip());
        }
      }
      return text;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
