package io.github.gpfm.encoder.vit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.gpfm.encoder.script.ScriptModule;
import io.github.gpfm.encoder.script.ScriptProgram;
import io.github.gpfm.encoder.weights.WeightTensor;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class VitProgramTest {
  private static VitConfig config(FeedForward form) {
    VitConfig base = VitConfig.of(48, 3, 4, 14, 3);
    return new VitConfig(
        base.dimension(),
        base.depth(),
        base.heads(),
        base.patchSize(),
        base.positionGrid(),
        form,
        56,
        form == FeedForward.GELU,
        true,
        0,
        1e-6,
        PositionResampling.PLAIN_OFFSET);
  }

  /** Weights large enough that every part matters. */
  private static VitWeights weights(VitConfig config) {
    Map<String, WeightTensor> weights = VitInitialization.draw(config, 9, 0.5);
    Random random = new Random(4);
    weights.replaceAll(
        (name, tensor) -> {
          float[] values = tensor.toFloats();
          for (int i = 0; i < values.length; i++) {
            values[i] += (float) random.nextGaussian() * 0.1f;
          }
          return WeightTensor.ofFloats(name, tensor.shape(), values);
        });
    return new VitWeights(config, weights, Map.of());
  }

  private static NDArray input(NDManager scope, int images) {
    float[] values = new float[images * 3 * 42 * 42];
    Random random = new Random(2);
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return scope.create(values, new Shape(images, 3, 42, 42));
  }

  private static ScriptModule load(VitWeights weights, ScriptProgram.Mode mode) {
    return new ScriptProgram(
            VitProgram.source(), VitProgram.node(weights.config(), weights.tensors()))
        .load(Device.cpu(), mode);
  }

  @ParameterizedTest
  @EnumSource(
      value = FeedForward.class,
      names = {"GELU", "SWIGLU"})
  void programAndEagerOperationsAgree(FeedForward form) {
    VitWeights weights = weights(config(form));
    try (ScriptModule module = load(weights, ScriptProgram.Mode.INFERENCE);
        NDManager scope = module.newScope()) {
      NDArray images = input(scope, 2);
      float[] eager = new EagerVit(weights, scope).forward(images).toFloatArray();
      assertArrayEquals(eager, module.infer(scope, "forward", images).get(0).toFloatArray(), 1e-4f);
    }
  }

  @Test
  void gradientsReachEveryParameter() {
    VitWeights weights = weights(config(FeedForward.GELU));
    try (ScriptModule module = load(weights, ScriptProgram.Mode.TRAINING);
        NDManager scope = module.newScope()) {
      NDArray images = input(scope, 2);
      NDArray masks = scope.zeros(new Shape(2, 9), DataType.UINT8);
      masks.set(new NDIndex("0, 2"), 1);
      NDList tokens = module.callWithGradients(scope, "forward_masked", images, masks);
      NDArray cotangent = scope.randomNormal(tokens.get(0).getShape());
      ScriptModule.backward(tokens.get(0), cotangent);
      assertEquals(weights.tensors().keySet(), module.parameters().keySet());
      module
          .parameters()
          .forEach(
              (name, parameter) -> {
                assertTrue(parameter.hasGradient(), name);
                float largest = parameter.getGradient().abs().max().getFloat();
                assertTrue(largest > 0 && Float.isFinite(largest), name);
              });
    }
  }
}
