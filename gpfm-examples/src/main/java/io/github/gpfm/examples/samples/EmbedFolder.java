package io.github.gpfm.examples.samples;

import io.github.gpfm.api.TokenOutput;
import io.github.gpfm.encoder.GpfmEncoder;
import io.github.gpfm.encoder.weights.Safetensors;
import io.github.gpfm.encoder.weights.WeightTensor;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.imageio.ImageIO;

/**
 * Batch: the images of a folder to one safetensors file with {@code features} [n, d] and the file
 * names as metadata. While the network works on a batch, threads decode the next.
 *
 * <p>Arguments: FOLDER OUT.safetensors [WEIGHTS]
 */
public final class EmbedFolder {
  private EmbedFolder() {}

  /** Runs the sample. */
  public static void main(String[] args) throws IOException {
    if (args.length < 2) {
      System.err.println("Arguments: FOLDER OUT.safetensors [WEIGHTS]");
      System.exit(2);
    }
    GpfmEncoder.Builder builder = GpfmEncoder.builder();
    if (args.length > 2) {
      builder.weights(Path.of(args[2]));
    }
    List<Path> images = images(Path.of(args[0]));
    try (GpfmEncoder encoder = builder.build()) {
      write(encoder, images, Path.of(args[1]));
    }
    System.out.printf("%s: %d features%n", args[1], images.size());
  }

  static List<Path> images(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(f -> f.toString().matches("(?i).*\\.(png|jpe?g)")).sorted().toList();
    }
  }

  static BufferedImage read(Path file) {
    try {
      BufferedImage image = ImageIO.read(file.toFile());
      if (image == null) {
        throw new IOException(file + " is no image");
      }
      return image;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static float[] features(GpfmEncoder encoder, List<Path> images) {
    int dimension = encoder.info().dimension();
    float[] features = new float[images.size() * dimension];
    encoder.embed(
        images.size(),
        i -> read(images.get(i)),
        TokenOutput.CLASS_TOKEN,
        (first, batch) ->
            System.arraycopy(
                batch.toArray(), 0, features, first * dimension, batch.count() * dimension));
    return features;
  }

  private static void write(GpfmEncoder encoder, List<Path> images, Path out) {
    long dimension = encoder.info().dimension();
    WeightTensor features =
        WeightTensor.ofFloats(
            "features", List.of((long) images.size(), dimension), features(encoder, images));
    String names =
        images.stream().map(f -> f.getFileName().toString()).collect(Collectors.joining("\n"));
    Safetensors.write(
        out, List.of(features), Map.of("model", encoder.info().name(), "names", names));
  }
}
