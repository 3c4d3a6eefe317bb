# Layers that several networks share.

# y = x W^T + b.  Attributes: weight [out, in], bias [out] or None.
class Linear:
  def forward(self, x: Tensor) -> Tensor:
    return torch.linear(x, self.weight, self.bias)

# Normalises the last axis.  Attributes: weight [d], bias [d], eps.
class LayerNorm:
  def forward(self, x: Tensor) -> Tensor:
    return torch.layer_norm(x, [x.size(-1)], self.weight, self.bias, self.eps)

# x * gamma.  Attributes: gamma [d].
class LayerScale:
  def forward(self, x: Tensor) -> Tensor:
    return x * self.gamma

# The error-function GELU.
class Gelu:
  def forward(self, x: Tensor) -> Tensor:
    return torch.gelu(x)

# Linear, GELU, linear.  Attributes: fc1, fc2.
class Mlp:
  def forward(self, x: Tensor) -> Tensor:
    return self.fc2.forward(torch.gelu(self.fc1.forward(x)))

# (SiLU(a) * b) W3^T with a, b the halves of w12's output.  Attributes: w12, w3.
class SwiGlu:
  def forward(self, x: Tensor) -> Tensor:
    halves = torch.chunk(self.w12.forward(x), 2, -1)
    return self.w3.forward(torch.silu(halves[0]) * halves[1])
