package io.github.gpfm.encoder.catalog;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.gpfm.encoder.image.Preprocessing;
import io.github.gpfm.encoder.image.Preprocessing.Resize;
import io.github.gpfm.image.Interpolation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What the files beside weights say is done to an image: transformers' {@code
 * preprocessor_config.json}, or the {@code pretrained_cfg} of timm's {@code config.json}. What they
 * leave out is that library's default.
 */
final class StatedPreprocessing {
  private static final List<Double> HALF = List.of(0.5, 0.5, 0.5);
  private static final List<Double> CLIP_MEAN = List.of(0.48145466, 0.4578275, 0.40821073);
  private static final List<Double> CLIP_STD = List.of(0.26862954, 0.26130258, 0.27577711);
  private static final int USUAL_EDGE = 224;

  private StatedPreprocessing() {}

  /**
   * The preprocessing that a folder states; empty if it states none.
   *
   * @throws io.github.gpfm.api.WeightsException if it states one that cannot be done here
   */
  static Optional<Preprocessing> of(Path folder) {
    Optional<Preprocessing> processor =
        ModelFolder.read(folder, ModelFolder.PREPROCESSOR, StatedPreprocessing::ofTransformers);
    return processor.isPresent() ? processor : TimmConfig.of(folder).map(TimmConfig::preprocessing);
  }

  /**
   * In what a statement differs from another, each as {@code mean [0.5, 0.5, 0.5] instead of
   * [0.485, 0.456, 0.406]}; of square images a resize of the shorter side is one of both.
   */
  static List<String> differences(Preprocessing stated, Preprocessing other) {
    List<String> differences = new ArrayList<>();
    differ(differences, "size", stated.size(), other.size());
    differ(differences, "input", stated.inputSize(), other.inputSize());
    differ(differences, "interpolation", stated.interpolation(), other.interpolation());
    differ(differences, "mean", rounded(stated.mean()), rounded(other.mean()));
    differ(differences, "std", rounded(stated.std()), rounded(other.std()));
    return differences;
  }

  private static void differ(List<String> differences, String name, Object stated, Object other) {
    if (!stated.equals(other)) {
      differences.add("%s %s instead of %s".formatted(name, stated, other));
    }
  }

  /** To three digits: means are written in various precisions. */
  private static List<Double> rounded(List<Double> values) {
    return values.stream().map(value -> Math.round(value * 1000) / 1000.0).toList();
  }

  private static Preprocessing ofTransformers(JsonObject config) {
    String type =
        ModelFolder.text(config, "image_processor_type")
            .or(() -> ModelFolder.text(config, "feature_extractor_type"))
            .orElse("ViTImageProcessor");
    boolean cropsByDefault = type.startsWith("Bit") || type.startsWith("CLIP");
    boolean known = cropsByDefault || type.startsWith("ViT") || type.startsWith("DINOv3ViT");
    if (!known && !config.has("resample")) {
      throw new IllegalStateException(
          "image processor '" + type + "' is not known here, and it states no resample");
    }
    require(config, "do_resize", true);
    require(config, "do_rescale", true);
    double factor = ModelFolder.number(config, "rescale_factor", 1 / 255.0);
    if (Math.abs(factor * 255 - 1) > 1e-3) {
      throw new IllegalStateException("rescale_factor " + factor + " is not 1/255");
    }
    if (config.has("crop_pct")) {
      throw new IllegalStateException("crop_pct is not supported here");
    }
    Edge size = Edge.of(config, "size", !cropsByDefault);
    boolean crops = ModelFolder.flag(config, "do_center_crop", cropsByDefault);
    int crop = crops ? Edge.of(config, "crop_size", true).pixels() : 0;
    if (!crops && !size.square()) {
      throw new IllegalStateException("without a crop the shorter side alone gives no square");
    }
    boolean normalised = ModelFolder.flag(config, "do_normalize", true);
    boolean clip = cropsByDefault;
    return new Preprocessing(
        size.square() ? Resize.EXACT : Resize.SHORT_SIDE,
        size.pixels(),
        resample(ModelFolder.whole(config, "resample", cropsByDefault ? 3 : 2)),
        crop,
        normalised
            ? numbers(config, "image_mean", clip ? CLIP_MEAN : HALF)
            : List.of(0.0, 0.0, 0.0),
        normalised ? numbers(config, "image_std", clip ? CLIP_STD : HALF) : List.of(1.0, 1.0, 1.0));
  }

  private static void require(JsonObject config, String name, boolean value) {
    if (ModelFolder.flag(config, name, value) != value) {
      throw new IllegalStateException(name + " " + !value + " is not supported here");
    }
  }

  /** An edge as transformers writes it: a number, one for each side, or the shorter side. */
  private record Edge(int pixels, boolean square) {
    static Edge of(JsonObject config, String name, boolean numberIsSquare) {
      JsonElement value = config.get(name);
      if (value == null || value.isJsonNull()) {
        return new Edge(USUAL_EDGE, numberIsSquare);
      }
      if (!(value instanceof JsonObject edges)) {
        return new Edge(ModelFolder.whole(config, name, 0), numberIsSquare);
      }
      if (edges.has("shortest_edge") && !edges.has("longest_edge")) {
        return new Edge(ModelFolder.whole(edges, "shortest_edge", 0), false);
      }
      int height = ModelFolder.whole(edges, "height", 0);
      if (height < 1 || height != ModelFolder.whole(edges, "width", 0)) {
        throw new IllegalStateException(name + " " + edges + " is no square");
      }
      return new Edge(height, true);
    }
  }

  private static Interpolation resample(int pillow) {
    return switch (pillow) {
      case 2 -> Interpolation.BILINEAR;
      case 3 -> Interpolation.BICUBIC;
      default ->
          throw new IllegalStateException(
              "resample " + pillow + " is not supported here, only 2 (bilinear) and 3 (bicubic)");
    };
  }

  /** timm's words. */
  static Interpolation interpolation(String name) {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "bilinear" -> Interpolation.BILINEAR;
      case "bicubic" -> Interpolation.BICUBIC;
      default ->
          throw new IllegalStateException(
              "interpolation '" + name + "' is not supported here, only bilinear and bicubic");
    };
  }

  static List<Double> numbers(JsonObject config, String name, List<Double> otherwise) {
    if (!(config.get(name) instanceof JsonArray array)) {
      return otherwise;
    }
    List<Double> numbers = new ArrayList<>();
    array.forEach(number -> numbers.add(number.getAsDouble()));
    return numbers;
  }
}
