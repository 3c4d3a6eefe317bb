# Networks over a bag x [N, dim]. Each has
#   forward(x, train) -> (logits [1, classes], raw attention [1, N] before its softmax)
#   training_pass(x, label) -> (logits, auxiliary loss)
# Dropout is active where train is true.

# The reference's attention pooling: tanh only, not gated. lists: feature [Linear],
# attention [Linear, Tanh, Linear], classifier [Linear]
class AbMil:
  def forward(self, x: Tensor, train: bool) -> Tuple[Tensor, Tensor]:
    h = x
    for layer in self.feature:
      h = torch.relu(layer.forward(h))
    h = torch.dropout(h, self.dropout, train)
    a = h
    for layer in self.attention:
      a = layer.forward(a)
    a = torch.transpose(a, 0, 1)
    pooled = torch.mm(torch.softmax(a, -1), h)
    for layer in self.classifier:
      pooled = layer.forward(pooled)
    return pooled, a

  def training_pass(self, x: Tensor, label: Tensor) -> Tuple[Tensor, Tensor]:
    logits, a = self.forward(x, True)
    return logits, torch.zeros_like(torch.sum(logits))

# tanh(a h) * sigmoid(b h), then one weight a tile (Ilse et al., 2018, equation 9).
class GatedAttention:
  def forward(self, h: Tensor, train: bool) -> Tensor:
    a = h
    for layer in self.attention_a:
      a = layer.forward(a)
    b = h
    for layer in self.attention_b:
      b = layer.forward(b)
    a = torch.dropout(torch.tanh(a), self.dropout, train)
    b = torch.dropout(torch.sigmoid(b), self.dropout, train)
    return torch.transpose(self.attention_c.forward(a * b), 0, 1)

  # (raw attention [1, N], pooled [1, L])
  def pool(self, h: Tensor, train: bool) -> Tuple[Tensor, Tensor]:
    a = self.forward(h, train)
    return a, torch.mm(torch.softmax(a, -1), h)

class GatedAbMil:
  def forward(self, x: Tensor, train: bool) -> Tuple[Tensor, Tensor]:
    h = torch.relu(self.feature.forward(x))
    h = torch.dropout(h, self.dropout, train)
    a, pooled = self.attention.pool(h, train)
    return self.classifier.forward(pooled), a

  def training_pass(self, x: Tensor, label: Tensor) -> Tuple[Tensor, Tensor]:
    logits, a = self.forward(x, True)
    return logits, torch.zeros_like(torch.sum(logits))

# Mean or maximum over the tiles' logits; the attention is the tile's highest logit.
class PoolMil:
  def forward(self, x: Tensor, train: bool) -> Tuple[Tensor, Tensor]:
    h = torch.relu(self.feature.forward(x))
    h = torch.dropout(h, self.dropout, train)
    tiles = self.classifier.forward(h)
    if self.maximum:
      logits, _0 = torch.max(tiles, 0, True)
    else:
      logits = torch.mean(tiles, [0], True)
    best, _1 = torch.max(tiles, 1)
    return logits, torch.unsqueeze(best, 0)

  def training_pass(self, x: Tensor, label: Tensor) -> Tuple[Tensor, Tensor]:
    logits, a = self.forward(x, True)
    return logits, torch.zeros_like(torch.sum(logits))

# CLAM, single branch (Lu et al., 2021): gated attention and, per class, an instance classifier
# trained on the tiles of highest and lowest attention.
class ClamSb:
  def forward(self, x: Tensor, train: bool) -> Tuple[Tensor, Tensor]:
    h = self.embed(x, train)
    a, pooled = self.attention.pool(h, train)
    return self.classifier.forward(pooled), a

  def embed(self, x: Tensor, train: bool) -> Tensor:
    return torch.dropout(torch.relu(self.feature.forward(x)), self.dropout, train)

  def training_pass(self, x: Tensor, label: Tensor) -> Tuple[Tensor, Tensor]:
    h = self.embed(x, True)
    a, pooled = self.attention.pool(h, True)
    k = ops.prim.min(self.samples, torch.size(h, 0))
    weights = torch.squeeze(torch.softmax(a, -1), 0)
    _0, top = torch.topk(weights, k)
    _1, bottom = torch.topk(weights, k, -1, False)
    loss = torch.zeros_like(torch.sum(weights))
    for i, classifier in enumerate(self.instance_classifiers):
      high = classifier.forward(torch.index_select(h, 0, top))
      if bool(torch.eq(torch.squeeze(label), i)):
        low = classifier.forward(torch.index_select(h, 0, bottom))
        yes = torch.ones_like(top)
        logits = torch.cat([high, low], 0)
        loss = loss + ops.aten.cross_entropy_loss(logits, torch.cat([yes, torch.zeros_like(yes)], 0))
      else:
        if self.subtyping:
          loss = loss + ops.aten.cross_entropy_loss(high, torch.zeros_like(top))
    if self.subtyping:
      loss = loss / self.classes
    return self.classifier.forward(pooled), loss

# Nystroem attention (Xiong et al., 2021) with a depthwise convolution of the values.
class NystromAttention:
  def forward(self, x: Tensor, train: bool) -> Tensor:
    n = torch.size(x, 1)
    m = self.landmarks
    rest = torch.remainder(n, m)
    padded = x
    if rest > 0:
      padded = torch.constant_pad_nd(x, [0, 0, m - rest, 0], 0)
    length = torch.size(padded, 1)
    d = self.head_dim
    qkv = torch.reshape(self.to_qkv.forward(padded), [1, length, 3, self.heads, d])
    qkv = torch.permute(qkv, [2, 0, 3, 1, 4])
    q = torch.select(qkv, 0, 0) * self.scale
    k = torch.select(qkv, 0, 1)
    v = torch.select(qkv, 0, 2)
    group = torch.floordiv(length, m)
    ql = torch.mean(torch.reshape(q, [1, self.heads, m, group, d]), [3])
    kl = torch.mean(torch.reshape(k, [1, self.heads, m, group, d]), [3])
    a1 = torch.softmax(torch.matmul(q, torch.transpose(kl, -1, -2)), -1)
    a2 = torch.softmax(torch.matmul(ql, torch.transpose(kl, -1, -2)), -1)
    a3 = torch.softmax(torch.matmul(ql, torch.transpose(k, -1, -2)), -1)
    out = torch.matmul(torch.matmul(a1, pseudo_inverse(a2)), torch.matmul(a3, v))
    out = out + torch.conv2d(v, self.residual, None, [1, 1], [self.padding, 0], [1, 1], self.heads)
    out = torch.reshape(torch.transpose(out, 1, 2), [1, length, self.heads * d])
    out = torch.dropout(self.to_out.forward(out), self.dropout, train)
    return torch.slice(out, 1, length - n)

# Iterative Moore-Penrose inverse of softmax matrices, six rounds.
def pseudo_inverse(x: Tensor) -> Tensor:
  size = torch.abs(x)
  scale = torch.max(torch.sum(size, [-1])) * torch.max(torch.sum(size, [-2]))
  z = torch.transpose(x, -1, -2) / scale
  one = torch.eye(torch.size(x, -1), dtype=6, device=x.device)
  for i in range(6):
    xz = torch.matmul(x, z)
    inner = torch.matmul(xz, 7.0 * one - xz)
    inner = torch.matmul(xz, 15.0 * one - inner)
    z = torch.matmul(0.25 * z, 13.0 * one - inner)
  return z

# TransMIL (Shao et al., 2021): two Nystroem layers with a convolutional position code between.
class TransMil:
  def tokens(self, x: Tensor, train: bool) -> Tensor:
    h = torch.unsqueeze(torch.relu(self.feature.forward(x)), 0)
    n = torch.size(h, 1)
    side = int(torch.ceil(torch.sqrt(torch.tensor(n * 1.0, dtype=7))))
    while torch.size(h, 1) < side * side:
      missing = side * side - torch.size(h, 1)
      h = torch.cat([h, torch.slice(h, 1, 0, missing)], 1)
    h = torch.cat([self.cls_token, h], 1)
    h = h + self.attention1.forward(self.norm1.forward(h), train)
    h = self.position(h, side)
    h = h + self.attention2.forward(self.norm2.forward(h), train)
    return self.norm.forward(h)

  def position(self, h: Tensor, side: int) -> Tensor:
    cls = torch.slice(h, 1, 0, 1)
    dim = torch.size(h, 2)
    grid = torch.reshape(torch.transpose(torch.slice(h, 1, 1), 1, 2), [1, dim, side, side])
    sum = grid
    for conv in self.position_convolutions:
      sum = sum + conv.forward(grid)
    flat = torch.transpose(torch.flatten(sum, 2), 1, 2)
    return torch.cat([cls, flat], 1)

  # TransMIL has no attention weight a tile: the score is the tile token's cosine with the class token.
  def forward(self, x: Tensor, train: bool) -> Tuple[Tensor, Tensor]:
    h = self.tokens(x, train)
    cls = torch.slice(h, 1, 0, 1)
    tiles = torch.slice(h, 1, 1, torch.size(x, 0) + 1)
    return self.classifier.forward(torch.select(h, 1, 0)), torch.cosine_similarity(cls, tiles, -1)

  def training_pass(self, x: Tensor, label: Tensor) -> Tuple[Tensor, Tensor]:
    logits, a = self.forward(x, True)
    return logits, torch.zeros_like(torch.sum(logits))

# attributes: weight [dim, 1, k, k], bias [dim], padding, groups
class DepthwiseConv:
  def forward(self, x: Tensor) -> Tensor:
    p = self.padding
    return torch.conv2d(x, self.weight, self.bias, [1, 1], [p, p], [1, 1], self.groups)

# The network with its losses. bag_weight: share of the bag's loss beside the auxiliary one.
class MilHead:
  def forward(self, x: Tensor) -> Tuple[Tensor, Tensor]:
    return self.net.forward(x, False)

  def classification_loss(self, x: Tensor, label: Tensor) -> Tensor:
    logits, auxiliary = self.net.training_pass(x, label)
    loss = ops.aten.cross_entropy_loss(logits, label)
    return self.bag_weight * loss + (1.0 - self.bag_weight) * auxiliary

  def survival_loss(self, x: Tensor, label: Tensor, censored: Tensor, alpha: Tensor) -> Tensor:
    logits, auxiliary = self.net.training_pass(x, label)
    loss = nll_survival(logits, label, censored, alpha)
    return self.bag_weight * loss + (1.0 - self.bag_weight) * auxiliary

  def cox_bag_loss(self, xs: List[Tensor], time: Tensor, censored: Tensor) -> Tensor:
    thetas : List[Tensor] = []
    for i in range(torch.len(xs)):
      logits, a = self.net.forward(xs[i], True)
      _0 = torch.append(thetas, torch.reshape(logits, [1]))
    return cox_loss(torch.cat(thetas, 0), time, censored)

  def adam(self, parameters: List[Tensor], gradients: List[Tensor], m: List[Tensor],
           v: List[Tensor], steps: List[Tensor], rate: Tensor, decay: Tensor) -> Tensor:
    return adam_step(parameters, gradients, m, v, steps, rate, decay)
