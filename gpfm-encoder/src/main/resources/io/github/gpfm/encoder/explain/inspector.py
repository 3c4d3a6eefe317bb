# Looks inside a vision transformer (vit.py).  Attributes: model, mean [3, 1, 1], std [3, 1, 1].
class Inspector:
  # [1, H, W, 3] uint8 RGB -> [1, 3, H, W], normalised.
  def normalise(self, pixels: Tensor) -> Tensor:
    x = pixels.permute([0, 3, 1, 2]).to(6)
    return ((x / 255.0 - self.mean) / self.std).contiguous()

  # The class token's attention to the patches in the last block: [1, heads, N].
  def attention(self, pixels: Tensor) -> Tensor:
    return self.model.class_attention(self.normalise(pixels))

  # Tokens after the given blocks, [1, 1 + R + N, d] each.
  def layers(self, pixels: Tensor, blocks: List[int], normed: bool) -> List[Tensor]:
    return self.model.intermediate(self.normalise(pixels), blocks, normed)
