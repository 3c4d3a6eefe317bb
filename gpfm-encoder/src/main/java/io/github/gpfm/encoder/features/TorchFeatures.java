package io.github.gpfm.encoder.features;

import io.github.gpfm.api.GpfmException;
import io.github.gpfm.api.Provenance;
import io.github.gpfm.encoder.internal.torch.PickleWriter;
import io.github.gpfm.encoder.internal.torch.TorchZipWriter;
import io.github.gpfm.encoder.weights.DType;
import io.github.gpfm.encoder.weights.WeightFile;
import io.github.gpfm.encoder.weights.WeightTensor;
import io.github.gpfm.support.AtomicFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * PyTorch: {@code NAME.pt} is the tensor of features alone, as CLAM's code loads it, and {@code
 * NAME-coords.npy} has the coordinates. Files of others may hold a dictionary with {@code features}
 * or {@code feats}, and {@code coords}.
 */
final class TorchFeatures implements FeatureFormat {
  private static final List<String> NAMES = List.of("", "features", "feats");

  @Override
  public String name() {
    return "pt";
  }

  @Override
  public boolean keepsProvenance() {
    return false;
  }

  @Override
  public FeatureWriter create(Path file, FeatureHeader header) {
    RowFile.Companion companion = NpyFeatures.companion(file);
    return RowFile.create(
        file,
        header,
        companion,
        new RowFile.Preparation() {
          @Override
          public long prepare(Path part, FeatureHeader current) throws IOException {
            NpyFeatures.writeCoords(companion, current);
            RowFile.writeFully(part);
            return 0;
          }

          @Override
          public void finish(Path part) throws IOException {
            pack(part, AtomicFile.part(file.toAbsolutePath()), header);
          }
        });
  }

  /** Puts the rows of a part file into an archive that takes its place. */
  private static void pack(Path part, Path archive, FeatureHeader header) throws IOException {
    PickleWriter pickle = new PickleWriter();
    List<Long> shape = header.shape().stream().map(Integer::longValue).toList();
    pickle.tensor("FloatStorage", 0, shape, false);
    try (FileChannel rows = FileChannel.open(part);
        FileChannel out =
            FileChannel.open(archive, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        TorchZipWriter zip = new TorchZipWriter(out, "archive")) {
      zip.entry("data.pkl", pickle.finish());
      zip.entry("byteorder", "little".getBytes(StandardCharsets.US_ASCII));
      zip.entry("data/0", rows.size(), target -> copy(rows, target));
      zip.entry("version", "3\n".getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      AtomicFile.deleteQuietly(archive);
      throw e;
    }
    Files.move(archive, part, StandardCopyOption.REPLACE_EXISTING);
  }

  private static void copy(FileChannel rows, WritableByteChannel target) throws IOException {
    for (long done = 0; done < rows.size(); ) {
      done += rows.transferTo(done, rows.size() - done, target);
    }
  }

  @Override
  public FeatureReader open(Path file) {
    RawRows.requireFile(file);
    Map<String, WeightTensor> tensors = WeightFile.open(file).tensors();
    WeightTensor features =
        NAMES.stream()
            .map(tensors::get)
            .filter(Objects::nonNull)
            .findFirst()
            .orElseThrow(
                () ->
                    new GpfmException(
                        file + " holds no tensor of features: is it a feature file?"));
    List<Long> shape = features.shape();
    long[] coords =
        tensors.containsKey("coords")
            ? coords(file, tensors.get("coords"))
            : NpyFeatures.coordsBeside(file);
    // Some save [1, n, d]; one row of patch tokens has one pair of coordinates.
    boolean batched = shape.size() == 3 && shape.get(0) == 1 && coords.length != 2;
    List<Long> table = batched ? shape.subList(1, 3) : shape;
    if (table.size() < 2 || table.size() > 3 || !features.dtype().isFloating()) {
      throw new GpfmException(
          "%s: its features are %s %s, neither [n, d] nor [n, patches, d] of floating-point numbers."
              .formatted(file, features.dtype(), shape));
    }
    return new Rows(
        features.reshaped(table.toArray(Long[]::new)).cast(DType.FLOAT32),
        Math.toIntExact(table.get(0)),
        table.size() == 2 ? 0 : Math.toIntExact(table.get(1)),
        Math.toIntExact(table.get(table.size() - 1)),
        coords);
  }

  private static long[] coords(Path file, WeightTensor tensor) {
    if (tensor.dtype() != DType.INT64 && tensor.dtype() != DType.INT32) {
      throw new GpfmException(file + ": 'coords' does not hold integers.");
    }
    ByteBuffer bytes = tensor.toBuffer();
    long[] coords = new long[Math.toIntExact(tensor.count())];
    for (int i = 0; i < coords.length; i++) {
      coords[i] = tensor.dtype() == DType.INT64 ? bytes.getLong(8 * i) : bytes.getInt(4 * i);
    }
    return coords;
  }

  private record Rows(WeightTensor features, int rows, int patches, int dimension, long[] coords)
      implements FeatureReader {
    @Override
    public long[] coords() {
      return coords.clone();
    }

    @Override
    public Optional<Provenance> provenance() {
      return Optional.empty();
    }

    @Override
    public float[] read(int firstRow, int count) {
      Objects.checkFromIndexSize(firstRow, count, rows);
      return count == 0
          ? new float[0]
          : features.rows("features", firstRow, (long) firstRow + count).toFloats();
    }

    @Override
    public void close() {
      // Every read opens and closes the file.
    }
  }
}
