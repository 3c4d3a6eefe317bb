package io.github.gpfm.encoder.slide;

import io.github.gpfm.api.SlideEncoder;
import io.github.gpfm.api.SlideEncoderInfo;
import io.github.gpfm.api.SlideFeatures;
import io.github.gpfm.encoder.weights.DType;
import io.github.gpfm.encoder.weights.WeightFile;
import io.github.gpfm.encoder.weights.WeightTensor;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Random small weights of a slide encoder with what the authors' code gives for them, made in
 * Python: {@code w:NAME} are the weights under the authors' names, the rest inputs and outputs.
 */
record SlideFixture(
    WeightFile weights, Map<String, WeightTensor> others, Map<String, String> metadata) {
  static SlideFixture of(String name) {
    try (InputStream in = SlideFixture.class.getResourceAsStream(name + ".safetensors")) {
      WeightFile all = WeightFile.ofSafetensors(name, Objects.requireNonNull(in).readAllBytes());
      Map<String, WeightTensor> weights = new LinkedHashMap<>();
      Map<String, WeightTensor> others = new HashMap<>();
      all.tensors()
          .forEach(
              (key, tensor) -> {
                if (key.startsWith("w:")) {
                  weights.put(key.substring(2), tensor.renamed(key.substring(2)));
                } else {
                  others.put(key, tensor);
                }
              });
      return new SlideFixture(
          new WeightFile(Path.of(name), all.kind(), weights, Map.of()), others, all.metadata());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  float[] floats(String name) {
    return Objects.requireNonNull(others.get(name), name).cast(DType.FLOAT32).toFloats();
  }

  SlideFeatures.Builder tiles() {
    int dimension = (int) Objects.requireNonNull(others.get("features")).size(1);
    SlideFeatures.Builder builder = SlideFeatures.builder("fixture", dimension, floats("features"));
    WeightTensor coords = others.get("coords");
    if (coords != null) {
      builder.coords(coords.toLongs());
      builder.level0Size(Double.parseDouble(Objects.requireNonNull(metadata.get("level0_size"))));
    }
    return builder;
  }

  SlideEncoder open(SlideNetwork network, String feature) {
    return open(network, feature, weights);
  }

  static SlideEncoder open(SlideNetwork network, String feature, WeightFile file) {
    SlideEncoderInfo info =
        new SlideEncoderInfo(
            "small",
            network.describe(),
            feature,
            network.dimension(),
            List.of(),
            0,
            0,
            network.needsCells(),
            "none",
            "");
    return ScriptSlideEncoder.load(network, info, file, ai.djl.Device.cpu());
  }
}
