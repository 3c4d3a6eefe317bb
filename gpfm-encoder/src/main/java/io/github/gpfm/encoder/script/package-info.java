/**
 * Programs for PyTorch, put together in Java: source text from a resource plus weights become a
 * TorchScript archive, which DJL loads, runs and differentiates. No Python is involved.
 *
 * <h2>How a source looks</h2>
 *
 * <pre>{@code
 * # y = x W^T + b; attributes: weight [out, in], bias [out] or None
 * class Linear:
 *   def forward(self, x: Tensor) -> Tensor:
 *     return linear(x, self.weight, self.bias)
 *
 * class Net:
 *   def forward(self, x: Tensor) -> Tensor:
 *     for layer in self.layers:
 *       x = gelu(layer.forward(x))
 *     return x
 *
 * def gelu(x: Tensor) -> Tensor:
 *   return torch.gelu(x)
 * }</pre>
 *
 * <p>The language is the one TorchScript archives are written in, which is smaller than Python:
 *
 * <ul>
 *   <li>Two spaces of indent. A class holds methods only; which attributes a module has, with their
 *       types, comes from its {@link io.github.gpfm.encoder.script.ScriptNode}.
 *   <li>{@code torch.NAME} and {@code ops.aten.NAME} call PyTorch's native operators by their
 *       native signatures ({@code torch.layer_norm}, {@code torch.scaled_dot_product_attention},
 *       {@code ops.aten._fused_adamw_}); {@code torch.nn.functional} and {@code math} do not exist.
 *   <li>Submodules are called by {@code self.name.forward(x)}, free functions by their plain name.
 *   <li>{@code for item in self.list:} and {@code for i, item in enumerate(self.list):} over a list
 *       of submodules are written out at assembly.
 *   <li>{@code if self.bias is not None:} on an attribute given as {@code null} drops the branch.
 *   <li>Element types are numbers: {@code x.to(6)} is float32, 15 bfloat16, 5 float16, 7 float64, 4
 *       int64, 11 bool. Cast here and not through DJL, which aborts the JVM on bfloat16. Methods
 *       take and return float32.
 *   <li>Each method declares the types of its arguments ({@code Tensor}, {@code List[Tensor]},
 *       {@code int}, {@code float}, {@code bool}, {@code str}) and of its result ({@code Tensor},
 *       {@code Tuple[Tensor, Tensor]}, {@code List[Tensor]}, {@code Dict[str, Tensor]}).
 * </ul>
 *
 * <h2>Training</h2>
 *
 * Load with {@link io.github.gpfm.encoder.script.ScriptProgram.Mode#TRAINING}, compute a loss by
 * {@link io.github.gpfm.encoder.script.ScriptModule#callWithGradients}, call {@link
 * io.github.gpfm.encoder.script.ScriptModule#backward(ai.djl.ndarray.NDArray)}, and give parameters
 * and gradients as lists to a method that updates them in place ({@code ops.aten._foreach_add_},
 * {@code ops.aten._fused_adamw_}), called by {@link
 * io.github.gpfm.encoder.script.ScriptModule#call}. Then {@link
 * io.github.gpfm.encoder.script.ScriptModule#zeroGradients}.
 */
@NullMarked
package io.github.gpfm.encoder.script;

import org.jspecify.annotations.NullMarked;
