# The vision transformer of DINOv2 (Oquab et al., arXiv 2304.07193), which GPFM uses.
# Shapes: B images, N tokens, d width, h heads.

# Multi-head self-attention.  Attributes: qkv, proj (Linear), heads.
class Attention:
  # [B, N, d] -> q, k, v stacked: [3, B, h, N, d/h]; the rows of qkv are q, k, v, each head-major.
  def split(self, x: Tensor) -> Tensor:
    qkv = self.qkv.forward(x)
    shape = [x.size(0), x.size(1), 3, self.heads, qkv.size(2) // (3 * self.heads)]
    return qkv.reshape(shape).permute([2, 0, 3, 1, 4])

  def forward(self, x: Tensor) -> Tensor:
    qkv = self.split(x)
    y = torch.scaled_dot_product_attention(qkv[0], qkv[1], qkv[2])
    return self.proj.forward(y.transpose(1, 2).reshape([x.size(0), x.size(1), -1]))

  # The first token's row of forward: [B, 1, d].
  def first(self, x: Tensor) -> Tensor:
    qkv = self.split(x)
    q = qkv[0][:, :, 0:1]
    y = torch.scaled_dot_product_attention(q, qkv[1], qkv[2])
    return self.proj.forward(y.transpose(1, 2).reshape([x.size(0), 1, -1]))

  # How much the first token looks at each token: [B, h, N], rows sum to 1.
  def first_weights(self, x: Tensor) -> Tensor:
    qkv = self.split(x).to(6)
    q = qkv[0][:, :, 0:1]
    scores = torch.matmul(q, qkv[1].transpose(-2, -1)) * (q.size(-1) ** -0.5)
    return torch.softmax(scores, -1)[:, :, 0]

# x + ls1(attn(norm1 x)), then x + ls2(mlp(norm2 x)).
# Attributes: norm1, attn, ls1 or None, norm2, mlp, ls2 or None, drop_path.
class Block:
  def attend(self, x: Tensor) -> Tensor:
    y = self.attn.forward(self.norm1.forward(x))
    if self.ls1 is not None:
      y = self.ls1.forward(y)
    return y

  def feed(self, x: Tensor) -> Tensor:
    y = self.mlp.forward(self.norm2.forward(x))
    if self.ls2 is not None:
      y = self.ls2.forward(y)
    return y

  def forward(self, x: Tensor) -> Tensor:
    if self.training and self.drop_path > 0.0:
      kept = kept_samples(x, self.drop_path)
      x = add_to_samples(x, self.attend(x[kept]), kept)
      kept = kept_samples(x, self.drop_path)
      return add_to_samples(x, self.feed(x[kept]), kept)
    x = x + self.attend(x)
    return x + self.feed(x)

  # The first token's row of forward: [B, 1, d].
  def first(self, x: Tensor) -> Tensor:
    y = self.attn.first(self.norm1.forward(x))
    if self.ls1 is not None:
      y = self.ls1.forward(y)
    y = x[:, 0:1] + y
    return y + self.feed(y)

# Stochastic depth as DINOv2 does it: the residual is computed for a random part of the batch only
# and scaled up, so that its expectation stays.
def kept_samples(x: Tensor, rate: float) -> Tensor:
  count = int(x.size(0) * (1.0 - rate))
  if count < 1:
    count = 1
  return torch.randperm(x.size(0), dtype=4, device=x.device)[0:count]

def add_to_samples(x: Tensor, residual: Tensor, kept: Tensor) -> Tensor:
  scale = float(x.size(0)) / float(kept.size(0))
  return torch.index_add(x, 0, kept, residual.to(x.dtype), alpha=scale)

# Attributes: proj (PatchProjection).
class PatchEmbed:
  def forward(self, x: Tensor) -> Tensor:
    return self.proj.forward(x).flatten(2).transpose(1, 2)

# Attributes: weight [d, 3, p, p], bias [d] or None, patch = p.
class PatchProjection:
  def forward(self, x: Tensor) -> Tensor:
    return torch.conv2d(x, self.weight, self.bias, [self.patch, self.patch])

# Attributes: cls_token [1, 1, d], pos_embed [1, 1 + G*G, d], mask_token [1, d] or None,
# register_tokens [1, R, d] or None, patch_embed, blocks, norm; patch, registers = R,
# interpolate_offset, interpolate_antialias.
class VisionTransformer:
  # The position table for an image of height x width pixels: [1, 1 + rows*columns, d].
  def positions(self, height: int, width: int) -> Tensor:
    rows = height // self.patch
    columns = width // self.patch
    stored = self.pos_embed.size(1) - 1
    if rows * columns == stored and height == width:
      return self.pos_embed
    side = int(torch.round(torch.sqrt(stored)))
    table = self.pos_embed.to(6)
    grid = table[:, 1:].reshape([1, side, side, table.size(2)]).permute([0, 3, 1, 2])
    if self.interpolate_offset > 0.0:
      # The scale is given beside the size: the official code's 0.1 moves every sample a little.
      down = (float(rows) + self.interpolate_offset) / float(side)
      across = (float(columns) + self.interpolate_offset) / float(side)
      if self.interpolate_antialias:
        grid = torch._upsample_bicubic2d_aa(grid, [rows, columns], False, down, across)
      else:
        grid = torch.upsample_bicubic2d(grid, [rows, columns], False, down, across)
    else:
      if self.interpolate_antialias:
        grid = torch._upsample_bicubic2d_aa(grid, [rows, columns], False)
      else:
        grid = torch.upsample_bicubic2d(grid, [rows, columns], False)
    patches = grid.permute([0, 2, 3, 1]).reshape([1, rows * columns, table.size(2)])
    return torch.cat([table[:, 0:1], patches], 1).to(self.pos_embed.dtype)

  # Class token, registers and patches before the first block, from patch tokens [B, N, d].
  def assemble(self, patches: Tensor, height: int, width: int) -> Tensor:
    batch = patches.size(0)
    x = torch.cat([self.cls_token.expand([batch, -1, -1]), patches], 1)
    x = x + self.positions(height, width)
    if self.register_tokens is not None:
      x = torch.cat([x[:, 0:1], self.register_tokens.expand([batch, -1, -1]), x[:, 1:]], 1)
    return x

  def prepare(self, x: Tensor) -> Tensor:
    return self.assemble(self.patch_embed.forward(x), x.size(2), x.size(3))

  def prepare_masked(self, x: Tensor, masks: Tensor) -> Tensor:
    patches = self.patch_embed.forward(x)
    if self.mask_token is not None:
      mask_token = self.mask_token.to(patches.dtype).unsqueeze(0)
      patches = torch.where(masks.to(11).unsqueeze(-1), mask_token, patches)
    return self.assemble(patches, x.size(2), x.size(3))

  def run_blocks(self, x: Tensor) -> Tensor:
    for block in self.blocks:
      x = block.forward(x)
    return x

  # [B, 3, H, W] -> normalised tokens [B, 1 + R + N, d] and the same before the final norm.
  def forward(self, x: Tensor) -> Tuple[Tensor, Tensor]:
    y = self.run_blocks(self.prepare(x))
    return self.norm.forward(y), y

  # The same with the patches where masks [B, N] is not 0 replaced by the mask token.
  def forward_masked(self, x: Tensor, masks: Tensor) -> Tuple[Tensor, Tensor]:
    y = self.run_blocks(self.prepare_masked(x, masks))
    return self.norm.forward(y), y

  # Feature (normalised class token) [B, d] and normalised patch tokens [B, N, d].
  def encode(self, x: Tensor) -> Tuple[Tensor, Tensor]:
    y = self.norm.forward(self.run_blocks(self.prepare(x)))
    return y[:, 0], y[:, 1 + self.registers:]

  # The feature alone: the last block is computed for the class token only.
  def feature(self, x: Tensor) -> Tensor:
    y = self.prepare(x)
    for i, block in enumerate(self.blocks):
      if i + 1 < self.depth:
        y = block.forward(y)
      else:
        y = block.first(y)
    return self.norm.forward(y[:, 0:1])[:, 0]

  # Tokens after each of the given blocks (from 0), one after the other; normalised if asked.
  def intermediate(self, x: Tensor, layers: List[int], normalise: bool) -> List[Tensor]:
    taken : List[Tensor] = []
    y = self.prepare(x)
    for i, block in enumerate(self.blocks):
      y = block.forward(y)
      if i in layers:
        if normalise:
          taken.append(self.norm.forward(y))
        else:
          taken.append(y)
    return taken

  # The class token's attention to the patches in the last block: [B, h, N].
  def class_attention(self, x: Tensor) -> Tensor:
    y = self.prepare(x)
    weights = torch.zeros([0])
    for i, block in enumerate(self.blocks):
      if i + 1 < self.depth:
        y = block.forward(y)
      else:
        weights = block.attn.first_weights(block.norm1.forward(y))
    return weights[:, :, 1 + self.registers:]
