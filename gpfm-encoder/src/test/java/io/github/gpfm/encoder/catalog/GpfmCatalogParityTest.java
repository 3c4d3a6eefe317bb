package io.github.gpfm.encoder.catalog;

import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import com.google.gson.JsonParser;
import io.github.gpfm.encoder.script.ScriptModule;
import io.github.gpfm.encoder.script.ScriptProgram;
import io.github.gpfm.encoder.script.Tensors;
import io.github.gpfm.encoder.weights.DType;
import io.github.gpfm.encoder.weights.WeightFile;
import io.github.gpfm.encoder.weights.WeightTensor;
import io.github.gpfm.testkit.Fixtures;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** GPFM as the catalogue opens it, against the reference's tokens at every size of image. */
class GpfmCatalogParityTest {
  private static final double TOLERANCE = 2e-5;
  private static final Pattern NAME =
      Pattern.compile("(?:full|local|rect)_(\\w+)\\.x_norm_(cls|patch)tokens?");

  @ParameterizedTest
  @CsvSource({
    "gpfm, gpfm-tiny.pth, gpfm-tiny.safetensors, expected.safetensors",
    "gpfm, gpfm-tiny.safetensors, gpfm-tiny.safetensors, expected.safetensors",
    "dinov2-vitg14, gpfm-tiny-swiglu.safetensors, gpfm-tiny-swiglu.safetensors,"
        + " expected-swiglu.safetensors"
  })
  void tokensEqualTheReference(String name, String weights, String twin, String expectedName) {
    WeightFile file = WeightFile.open(Fixtures.parity("encoder/" + weights));
    WeightFile inputs = WeightFile.open(Fixtures.parity("encoder/inputs.safetensors"));
    WeightFile expected = WeightFile.open(Fixtures.parity("encoder/" + expectedName));
    String config = WeightFile.open(Fixtures.parity("encoder/" + twin)).metadata().get("config");
    int heads = JsonParser.parseString(config).getAsJsonObject().get("num_heads").getAsInt();
    ModelCard sized = Encoders.find(name).withSizesOf(WeightBinding.shapes(file)).orElseThrow();
    VitArchitecture vit = (VitArchitecture) sized.architecture();
    ModelCard card =
        sized.withArchitecture(
            vit.with(heads, vit.normEps(), vit.feedForward(), vit.positionResampling()));
    WeightBinding binding = WeightBinding.of(card, file, Optional.empty(), DType.FLOAT32);
    ScriptProgram program =
        new ScriptProgram(
            Programs.source(card.architecture()),
            Programs.root(card.architecture(), binding, card.feature()));
    int checked = 0;
    try (ScriptModule module = program.load(Device.cpu(), ScriptProgram.Mode.INFERENCE)) {
      for (WeightTensor tensor : expected.tensors().values()) {
        Matcher parts = NAME.matcher(tensor.name());
        if (!parts.matches()) {
          continue;
        }
        try (NDManager scope = module.newScope()) {
          NDArray x = Tensors.toArray(scope, inputs.tensor("input_" + parts.group(1)));
          NDList both = module.infer(scope, "encode", x);
          NDArray actual = both.get(parts.group(2).equals("cls") ? 0 : 1);
          NDArray wanted = Tensors.toArray(scope, tensor);
          float apart = actual.sub(wanted).abs().max().getFloat();
          assertTrue(apart <= TOLERANCE, tensor.name() + " is off by " + apart);
          checked++;
        }
      }
    }
    assertTrue(checked > 0, "no output was compared");
  }
}
