package io.github.gpfm.encoder.script;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.gpfm.api.EncoderException;
import io.github.gpfm.encoder.weights.WeightTensor;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A worked example: two linear layers, run, differentiated and trained from one source text. */
class ScriptModuleTest {
  private static final String SOURCE =
      """
      # y = x W^T + b
      class Linear:
        def forward(self, x: Tensor) -> Tensor:
          return torch.linear(x, self.weight, self.bias)

      class Net:
        def forward(self, x: Tensor) -> Tensor:
          for i, layer in enumerate(self.layers):
            x = twice(layer.forward(x))
          if self.shift is not None:
            x = x + self.shift
          return x * self.scale

        def loss(self, x: Tensor, target: Tensor) -> Tensor:
          d = self.forward(x) - target
          return torch.mean(d * d)

        def power(self, x: Tensor, exponent: int, factor: float) -> Tensor:
          return torch.mul(torch.pow(x, exponent), factor)

        def both(self, xs: List[Tensor]) -> Tuple[Tensor, Tensor]:
          return xs[0] + 1, xs[1] + 2

        def low_precision(self, x: Tensor) -> Tensor:
          return x.to(15).to(6)

        def descend(self, parameters: List[Tensor], gradients: List[Tensor], rate: Tensor) -> Tensor:
          ops.aten._foreach_add_(parameters, gradients, alpha=-float(rate))
          return rate

        def adamw(self, parameters: List[Tensor], gradients: List[Tensor],
                  m: List[Tensor], v: List[Tensor], steps: List[Tensor]) -> Tensor:
          empty : List[Tensor] = []
          ops.aten._fused_adamw_(parameters, gradients, m, v, empty, steps,
                                 lr=0.001, beta1=0.9, beta2=0.999, weight_decay=0.04,
                                 eps=1e-08, amsgrad=False, maximize=False)
          return steps[0]

      def twice(x: Tensor) -> Tensor:
        return 2.0 * x
      """;

  private static ScriptProgram program() {
    ScriptNode first =
        ScriptNode.of("Linear")
            .parameter("weight", WeightTensor.ofFloats("", List.of(2L, 2L), 1, 2, 3, 4))
            .parameter("bias", WeightTensor.ofFloats("", List.of(2L), 1, -1));
    ScriptNode second =
        ScriptNode.of("Linear")
            .parameter("weight", WeightTensor.ofFloats("", List.of(1L, 2L), 1, -1))
            .parameter("bias", null);
    ScriptNode net =
        ScriptNode.of("Net")
            .children("layers", List.of(first, second))
            .buffer("shift", null)
            .constant("scale", 0.5);
    return new ScriptProgram(ScriptSource.of(SOURCE), net);
  }

  @Test
  void runsAndNamesItsParameters() {
    try (ScriptModule module = program().load(Device.cpu(), ScriptProgram.Mode.INFERENCE);
        NDManager scope = module.newScope()) {
      assertEquals(
          Set.of("layers.0.weight", "layers.0.bias", "layers.1.weight"),
          module.parameters().keySet());
      NDArray x = scope.create(new float[] {1, 1}, new Shape(1, 2));
      // Layer 0: 2 * (4, 6); layer 1: 2 * (8 - 12) = -8; times 0.5.
      assertArrayEquals(
          new float[] {-4}, module.infer(scope, "forward", x).singletonOrThrow().toFloatArray());
      assertArrayEquals(
          new float[] {3, 3},
          module.infer(scope, "power", x, 2, 3.0).singletonOrThrow().toFloatArray());
      NDList both = module.infer(scope, "both", new NDList(x, x));
      assertArrayEquals(new float[] {2, 2}, both.get(0).toFloatArray());
      assertArrayEquals(new float[] {3, 3}, both.get(1).toFloatArray());
      float[] rounded =
          module.infer(scope, "low_precision", x.mul(1.001f)).singletonOrThrow().toFloatArray();
      assertArrayEquals(new float[] {1, 1}, rounded);
    }
  }

  @Test
  void gradientsReachParametersAndInputsAndTrain() {
    try (ScriptModule module = program().load(Device.cpu(), ScriptProgram.Mode.TRAINING);
        NDManager scope = module.newScope()) {
      NDArray x = scope.create(new float[] {1, 1}, new Shape(1, 2));
      x.setRequiresGradient(true);
      NDArray target = scope.create(new float[] {0}, new Shape(1, 1));
      NDArray loss = module.callWithGradients(scope, "loss", x, target).singletonOrThrow();
      assertEquals(16, loss.getFloat());
      ScriptModule.backward(loss);
      // d loss/dy = 2 y = -8; dy/dw1 = 0.5 * 2 * 2 * (4, 6).
      NDArray w1 = module.parameters().get("layers.1.weight");
      assertArrayEquals(new float[] {-64, -96}, w1.getGradient().toFloatArray());
      // dy/dx = 0.5 * 4 * (1, -1) W0 = (2 * (1 - 3), 2 * (2 - 4)).
      assertArrayEquals(new float[] {32, 32}, x.getGradient().toFloatArray());

      NDList parameters = new NDList(module.parameters().values().toArray(new NDArray[0]));
      NDList gradients = new NDList();
      parameters.forEach(p -> gradients.add(p.getGradient()));
      module.call(scope, "descend", parameters, gradients, scope.create(0.01f));
      assertArrayEquals(new float[] {1.64f, -0.04f}, w1.toFloatArray(), 1e-6f);
      assertEquals("layers.1.weight", w1.getName());
      module.zeroGradients();
      assertArrayEquals(new float[] {0, 0}, w1.getGradient().toFloatArray());
    }
  }

  @Test
  void fusedAdamWStepsByItsFormula() {
    try (ScriptModule module = program().load(Device.cpu(), ScriptProgram.Mode.TRAINING);
        NDManager scope = module.newScope()) {
      NDArray w1 = module.parameters().get("layers.1.weight");
      NDArray gradient = scope.create(new float[] {0.5f, -2}, new Shape(1, 2));
      NDArray m = scope.zeros(w1.getShape());
      NDArray v = scope.zeros(w1.getShape());
      NDArray step = scope.create(1f);
      module.call(
          scope,
          "adamw",
          new NDList(w1),
          new NDList(gradient),
          new NDList(m),
          new NDList(v),
          new NDList(step));
      float decay = 1 - 0.001f * 0.04f;
      assertArrayEquals(new float[] {decay - 0.001f, -decay + 0.001f}, w1.toFloatArray(), 1e-6f);
      assertArrayEquals(new float[] {0.05f, -0.2f}, m.toFloatArray(), 1e-6f);
    }
  }

  @Test
  void resultsWithoutGradientsMayBeConstantsOfALoss() {
    try (ScriptModule module = program().load(Device.cpu(), ScriptProgram.Mode.TRAINING);
        NDManager scope = module.newScope()) {
      NDArray x = scope.create(new float[] {1, 1}, new Shape(1, 2));
      NDArray teacher = module.call(scope, "forward", x).singletonOrThrow();
      assertFalse(teacher.hasGradient());
      NDArray loss = module.callWithGradients(scope, "loss", x, teacher).singletonOrThrow();
      ScriptModule.backward(loss);
      assertEquals(0, loss.getFloat());
      assertTrue(module.parameters().get("layers.0.bias").hasGradient());
    }
  }

  @Test
  void aWrongSourceIsAnEncoderException() {
    ScriptProgram wrong =
        new ScriptProgram(
            ScriptSource.of("class A:\n  def forward(self, x: Tensor) -> Tensor:\n    return y\n"),
            ScriptNode.of("A"));
    EncoderException e =
        assertThrows(
            EncoderException.class, () -> wrong.load(Device.cpu(), ScriptProgram.Mode.INFERENCE));
    assertTrue(e.getMessage().contains("y"), e.getMessage());
  }
}
