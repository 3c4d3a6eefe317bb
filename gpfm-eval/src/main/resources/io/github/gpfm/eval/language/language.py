# Multi-head attention of x [T, D] over y [S, D].
class Attention:
  def forward(self, x: Tensor, y: Tensor, causal: bool) -> Tensor:
    q = self.split(self.query.forward(x))
    k = self.split(self.key.forward(y))
    v = self.split(self.value.forward(y))
    out = torch.scaled_dot_product_attention(q, k, v, None, 0., causal)
    out = torch.reshape(torch.transpose(torch.squeeze(out, 0), 0, 1), [torch.size(x, 0), -1])
    return self.out.forward(out)

  def split(self, x: Tensor) -> Tensor:
    parts = torch.reshape(x, [torch.size(x, 0), self.heads, -1])
    return torch.unsqueeze(torch.transpose(parts, 0, 1), 0)

# Pre-norm transformer block; cross attention to a memory where it has one.
class Block:
  def forward(self, x: Tensor, memory: Tensor, causal: bool, train: bool) -> Tensor:
    h = self.norm1.forward(x)
    x = x + torch.dropout(self.attention.forward(h, h, causal), self.dropout, train)
    if self.cross is not None:
      h = self.norm2.forward(x)
      x = x + torch.dropout(self.cross.forward(h, memory, False), self.dropout, train)
    h = torch.gelu(self.up.forward(self.norm3.forward(x)))
    return x + torch.dropout(self.down.forward(h), self.dropout, train)

# Image features [N, d] and question tokens [L] to answer logits [1, answers]: one sequence of a
# class token, the projected features and the words, through a multimodal encoder.
class VqaHead:
  def forward(self, visual: Tensor, words: Tensor, train: bool) -> Tensor:
    v = self.project.forward(visual) + self.visual_type
    w = torch.embedding(self.words, words)
    w = w + torch.slice(self.positions, 0, 0, torch.size(w, 0))
    x = torch.cat([self.cls_token, v, w], 0)
    for block in self.blocks:
      x = block.forward(x, x, False, train)
    return self.classifier.forward(self.norm.forward(torch.slice(x, 0, 0, 1)))

  def answer(self, visual: Tensor, words: Tensor) -> Tensor:
    return self.forward(visual, words, False)

  def loss(self, visual: Tensor, words: Tensor, label: Tensor) -> Tensor:
    return ops.aten.cross_entropy_loss(self.forward(visual, words, True), label)

  def adam(self, parameters: List[Tensor], gradients: List[Tensor], m: List[Tensor],
           v: List[Tensor], steps: List[Tensor], rate: Tensor, decay: Tensor) -> Tensor:
    return adam_step(parameters, gradients, m, v, steps, rate, decay)

# Tile features [N, d] to a memory by an encoder; words [T] to the logits of the next word [T, V].
class ReportHead:
  def forward(self, visual: Tensor, words: Tensor, train: bool) -> Tensor:
    memory = self.project.forward(visual)
    for block in self.encoder:
      memory = block.forward(memory, memory, False, train)
    memory = self.memory_norm.forward(memory)
    x = torch.embedding(self.words, words)
    x = x + torch.slice(self.positions, 0, 0, torch.size(x, 0))
    for block in self.decoder:
      x = block.forward(x, memory, True, train)
    return torch.linear(self.norm.forward(x), self.words)

  def next_word(self, visual: Tensor, words: Tensor) -> Tensor:
    return torch.select(self.forward(visual, words, False), 0, -1)

  def loss(self, visual: Tensor, words: Tensor) -> Tensor:
    logits = self.forward(visual, torch.slice(words, 0, 0, -1), True)
    return ops.aten.cross_entropy_loss(logits, torch.slice(words, 0, 1))

  def validation_loss(self, visual: Tensor, words: Tensor) -> Tensor:
    logits = self.forward(visual, torch.slice(words, 0, 0, -1), False)
    return ops.aten.cross_entropy_loss(logits, torch.slice(words, 0, 1))

  def adam(self, parameters: List[Tensor], gradients: List[Tensor], m: List[Tensor],
           v: List[Tensor], steps: List[Tensor], rate: Tensor, decay: Tensor) -> Tensor:
    return adam_step(parameters, gradients, m, v, steps, rate, decay)
