package io.github.gpfm.distill.expert;

import io.github.gpfm.encoder.weights.DType;
import io.github.gpfm.encoder.weights.TensorData;
import io.github.gpfm.encoder.weights.WeightTensor;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One kind of tokens on their way to a cache: cut to components, rounded, appended to a file. */
final class TokenWriter implements AutoCloseable {
  private final String name;
  private final FileChannel channel;
  private final int length;
  private final CacheStorage storage;
  private final @Nullable TokenBasis basis;

  /**
   * @param name of the tensor
   * @param length of a token
   */
  TokenWriter(String name, FileChannel channel, int length, CacheStorage storage) {
    this.name = name;
    this.channel = channel;
    this.length = length;
    this.storage = storage;
    boolean cut = storage.components() > 0 && storage.components() < length;
    this.basis = cut ? new TokenBasis(length) : null;
  }

  void sample(float[] tokens) {
    if (basis != null) {
      basis.add(tokens);
    }
  }

  void fit() {
    if (basis != null) {
      basis.fit(storage.components());
    }
  }

  void write(float[] tokens) throws IOException {
    float[] values = basis == null ? tokens : basis.project(tokens);
    WeightTensor tensor = WeightTensor.ofFloats(name, List.of((long) values.length), values);
    ByteBuffer bytes = (storage.half() ? tensor.cast(DType.BFLOAT16) : tensor).toBuffer();
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  /** The share of the tokens' squared length that is kept, by name; empty where all is. */
  Map<String, Double> kept() {
    return basis == null ? Map.of() : Map.of(name, basis.energy());
  }

  /**
   * Adds the tensor of all that was written, and the basis where there is one.
   *
   * @param sizes of the axes before the last
   */
  void addTo(List<WeightTensor> tensors, long... sizes) throws IOException {
    List<Long> shape = new ArrayList<>();
    for (long size : sizes) {
      shape.add(size);
    }
    shape.add((long) (basis == null ? length : basis.components()));
    DType dtype = storage.half() ? DType.BFLOAT16 : DType.FLOAT32;
    tensors.add(new WeightTensor(name, dtype, shape, new ChannelData(channel, channel.size())));
    if (basis != null) {
      tensors.add(basis.tensor(name + ".basis"));
    }
  }

  @Override
  public void close() {
    if (basis != null) {
      basis.close();
    }
  }

  /** What a channel held when it was filled. */
  private record ChannelData(FileChannel channel, long size) implements TensorData {
    @Override
    public void read(long position, ByteBuffer target) throws IOException {
      long at = position;
      while (target.hasRemaining()) {
        int read = channel.read(target, at);
        if (read < 0) {
          throw new EOFException("the tokens' temporary file ends at byte " + at);
        }
        at += read;
      }
    }
  }
}
