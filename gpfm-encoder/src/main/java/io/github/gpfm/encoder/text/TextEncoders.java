package io.github.gpfm.encoder.text;

import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.api.TextEncoder;
import io.github.gpfm.encoder.ComputeDevice;
import io.github.gpfm.encoder.weights.WeightFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * Opens the text towers of models that know words.
 *
 * <pre>{@code
 * try (TextEncoder plip = TextEncoders.open("plip", weights, folder, ComputeDevice.auto())) {
 *   float[] feature = plip.embed(List.of("an H&E image of invasive carcinoma")).get(0);
 * }
 * }</pre>
 */
public final class TextEncoders {
  /** PLIP is a CLIP ViT-B/32. */
  private static final ClipTextEncoder.Sizes PLIP =
      new ClipTextEncoder.Sizes(512, 12, 8, 2048, 49408, 77, 512);

  private TextEncoders() {}

  /** Names of the models whose text tower can be opened. */
  public static List<String> names() {
    return List.of("plip");
  }

  /**
   * Opens a text tower, in float32.
   *
   * @param name of the model, case ignored
   * @param weights its authors' file, the one of the image encoder
   * @param tokenizer folder with the authors' {@code vocab.json} and {@code merges.txt}
   * @param device where it runs; the first one where several are meant
   * @throws InvalidOptionException if there is no such model
   * @throws io.github.gpfm.api.WeightsException if a file is not exactly of that model
   */
  public static TextEncoder open(String name, Path weights, Path tokenizer, ComputeDevice device) {
    if (!names().contains(name.toLowerCase(Locale.ROOT))) {
      throw new InvalidOptionException(
          "There is no text encoder '%s'; choose one of %s."
              .formatted(name, String.join(", ", names())));
    }
    WeightFile file = WeightFile.open(weights);
    return ClipTextEncoder.load(
        "plip", file.sha256(), PLIP, file, tokenizer, device.resolve().get(0));
  }
}
