# y = x W^T + b; attributes: weight [out, in], bias [out] or None
class Linear:
  def forward(self, x: Tensor) -> Tensor:
    return torch.linear(x, self.weight, self.bias)

# Layer normalisation over the last axis; attributes: weight, bias, size, eps
class LayerNorm:
  def forward(self, x: Tensor) -> Tensor:
    return torch.layer_norm(x, [self.size], self.weight, self.bias, self.eps)

class Tanh:
  def forward(self, x: Tensor) -> Tensor:
    return torch.tanh(x)

class Sigmoid:
  def forward(self, x: Tensor) -> Tensor:
    return torch.sigmoid(x)
