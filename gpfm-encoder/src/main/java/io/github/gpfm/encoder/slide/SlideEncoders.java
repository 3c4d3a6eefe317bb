package io.github.gpfm.encoder.slide;

import io.github.gpfm.api.SlideEncoder;
import io.github.gpfm.api.SlideEncoderInfo;
import io.github.gpfm.encoder.ComputeDevice;
import io.github.gpfm.encoder.catalog.CatalogException;
import io.github.gpfm.encoder.weights.WeightFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Opens slide encoders.
 *
 * <pre>{@code
 * try (SlideEncoder titan = SlideEncoders.open("titan", Path.of("model.safetensors"))) {
 *   float[] feature = titan.embed(SlideFeatureFiles.read(Path.of("features/slide.h5")));
 * }
 * }</pre>
 *
 * <p>Weight files are the user's to download, from the page that the model names and under its
 * licence; nothing here opens a connection.
 */
public final class SlideEncoders {
  /** Name of the encoder that averages the tiles' features. */
  public static final String MEAN = "mean";

  private SlideEncoders() {}

  /** The published models. */
  public static List<SlideModel> models() {
    return SlideModels.ALL;
  }

  /**
   * The model of a name, case ignored.
   *
   * @throws CatalogException naming the models there are
   */
  public static SlideModel find(String name) {
    return SlideModels.ALL.stream()
        .filter(model -> model.name().equals(name.toLowerCase(Locale.ROOT)))
        .findFirst()
        .orElseThrow(
            () ->
                new CatalogException(
                    "There is no slide encoder '%s'; choose one of %s, %s."
                        .formatted(
                            name,
                            MEAN,
                            SlideModels.ALL.stream()
                                .map(SlideModel::name)
                                .collect(Collectors.joining(", ")))));
  }

  /** The mean of the tiles' features: of any patch encoder, at any resolution. */
  public static SlideEncoder mean() {
    return new MeanSlideEncoder();
  }

  /**
   * Opens a model where the engine chooses: a GPU if there is one.
   *
   * @throws CatalogException if there is no such model
   * @throws io.github.gpfm.api.WeightsException if the file is not exactly of that model
   */
  public static SlideEncoder open(String name, Path weights) {
    return open(find(name), weights, ComputeDevice.auto());
  }

  /**
   * Opens a model, in float32.
   *
   * @param device where it runs; the first one where several are meant
   * @throws io.github.gpfm.api.WeightsException if the file is not exactly of the model, naming a
   *     tensor at fault
   */
  public static SlideEncoder open(SlideModel model, Path weights, ComputeDevice device) {
    WeightFile file = WeightFile.open(weights);
    SlideEncoderInfo info = model.infoOf(file.sha256());
    return ScriptSlideEncoder.load(model.network(), info, file, device.resolve().get(0));
  }
}
