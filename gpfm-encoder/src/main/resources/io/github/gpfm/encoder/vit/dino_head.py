# The projection head of DINO (Caron et al., arXiv 2104.14294): an MLP, L2 normalisation, and a
# weight-normed linear layer onto the prototypes.
# Attributes: mlp (a Linear or a list of Linear and Gelu), last_layer.
class DinoHead:
  def forward(self, x: Tensor) -> Tensor:
    return self.last_layer.forward(unit(self.bottleneck(x)))

  def bottleneck(self, x: Tensor) -> Tensor:
    for layer in self.mlp:
      x = layer.forward(x)
    return x

# A head of one layer keeps its linear layer directly under mlp.
class DinoHeadSingle:
  def forward(self, x: Tensor) -> Tensor:
    return self.last_layer.forward(unit(self.mlp.forward(x)))

# W = g * v / |v|, row by row.  Attributes: weight_g [K, 1], weight_v [K, d].
class WeightNormLinear:
  def forward(self, x: Tensor) -> Tensor:
    return torch.linear(x, torch._weight_norm(self.weight_v, self.weight_g, 0))

# Divides by the L2 norm of the last axis, at least 1e-12.
def unit(x: Tensor) -> Tensor:
  return x / torch.clamp_min(torch.norm(x, 2, [-1], True), 1e-12)
