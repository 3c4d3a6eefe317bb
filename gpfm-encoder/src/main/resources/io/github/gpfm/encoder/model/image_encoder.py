# Pixels to features, around any network that has feature(x) -> [B, d] and
# encode(x) -> (feature [B, d], patches [B, N, e] or [B, rows, columns, e]).
# Attributes: model, mean [3, 1, 1], std [3, 1, 1], dtype (number of the element type to compute in),
# feature_has_mean (whether the feature ends with the mean patch token already).
class ImageEncoder:
  # [B, H, W, 3] uint8 RGB -> [B, 3, H, W], normalised.
  def normalise(self, pixels: Tensor) -> Tensor:
    x = pixels.permute([0, 3, 1, 2]).to(6)
    x = (x / 255.0 - self.mean) / self.std
    return x.contiguous().to(self.dtype)

  # The feature: [B, d].
  def feature(self, pixels: Tensor) -> Tensor:
    return self.model.feature(self.normalise(pixels)).to(6)

  # The mean of the patch tokens: [B, e].
  def mean_patch(self, pixels: Tensor) -> Tensor:
    both = self.model.encode(self.normalise(pixels))
    return mean_token(both[1])

  # Feature, then mean patch token if it does not have it: [B, d + e] or [B, d].
  def feature_and_mean_patch(self, pixels: Tensor) -> Tensor:
    if self.feature_has_mean:
      return self.feature(pixels)
    both = self.model.encode(self.normalise(pixels))
    return torch.cat([both[0].to(6), mean_token(both[1])], 1)

  # Feature [B, d] and patch tokens [B, N, e].
  def feature_and_patches(self, pixels: Tensor) -> Tuple[Tensor, Tensor]:
    both = self.model.encode(self.normalise(pixels))
    return both[0].to(6), both[1].to(6)

# The mean over all positions: [B, e].
def mean_token(patches: Tensor) -> Tensor:
  return torch.mean(patches.to(6).flatten(1, -2), [1])
