package io.github.gpfm.encoder.vit;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.LayerNorm;
import io.github.gpfm.encoder.script.Tensors;

/**
 * The same transformer written a second time, operation by operation in Java, as a cross-check of
 * the program: images of the stored size, no registers.
 */
final class EagerVit {
  private final VitWeights weights;
  private final NDManager manager;

  EagerVit(VitWeights weights, NDManager manager) {
    this.weights = weights;
    this.manager = manager;
  }

  /** [B, 3, S, S] to normalised tokens [B, 1 + N, d]. */
  NDArray forward(NDArray images) {
    VitConfig config = weights.config();
    NDArray x =
        Conv2d.conv2d(
                images,
                get("patch_embed.proj.weight"),
                get("patch_embed.proj.bias"),
                new Shape(config.patchSize(), config.patchSize()))
            .singletonOrThrow();
    long batch = x.getShape().get(0);
    x = x.reshape(batch, config.dimension(), -1).transpose(0, 2, 1);
    NDArray first = get("cls_token").repeat(0, batch);
    x = first.concat(x, 1).add(get("pos_embed"));
    for (int i = 0; i < config.depth(); i++) {
      String block = "blocks." + i + ".";
      x = x.add(scaled(attention(norm(x, block + "norm1"), block), block + "ls1.gamma"));
      x = x.add(scaled(feedForward(norm(x, block + "norm2"), block), block + "ls2.gamma"));
    }
    return norm(x, "norm");
  }

  private NDArray attention(NDArray x, String block) {
    long batch = x.getShape().get(0);
    long tokens = x.getShape().get(1);
    long d = x.getShape().get(2);
    long heads = weights.config().heads();
    NDList parts = linear(x, block + "attn.qkv").split(3, 2);
    NDArray[] qkv = new NDArray[3];
    for (int i = 0; i < 3; i++) {
      qkv[i] = parts.get(i).reshape(batch, tokens, heads, d / heads).transpose(0, 2, 1, 3);
    }
    NDArray scores = qkv[0].matMul(qkv[1].transpose(0, 1, 3, 2)).div(Math.sqrt(d / heads));
    NDArray mixed = scores.softmax(-1).matMul(qkv[2]).transpose(0, 2, 1, 3);
    return linear(mixed.reshape(batch, tokens, d), block + "attn.proj");
  }

  private NDArray feedForward(NDArray x, String block) {
    if (weights.config().feedForward() == FeedForward.GELU) {
      return linear(Activation.gelu(linear(x, block + "mlp.fc1")), block + "mlp.fc2");
    }
    NDList halves = linear(x, block + "mlp.w12").split(2, 2);
    NDArray gate = halves.get(0).mul(Activation.sigmoid(halves.get(0)));
    return linear(gate.mul(halves.get(1)), block + "mlp.w3");
  }

  private NDArray scaled(NDArray x, String gamma) {
    return weights.tensors().containsKey(gamma) ? NDArrays.mul(x, get(gamma)) : x;
  }

  private NDArray linear(NDArray x, String name) {
    return Linear.linear(x, get(name + ".weight"), get(name + ".bias")).singletonOrThrow();
  }

  private NDArray norm(NDArray x, String name) {
    return LayerNorm.layerNorm(
            x,
            new Shape(weights.config().dimension()),
            get(name + ".weight"),
            get(name + ".bias"),
            (float) weights.config().normEps())
        .singletonOrThrow();
  }

  private NDArray get(String name) {
    return Tensors.toArray(manager, weights.tensors().get(name));
  }
}
