package io.github.gpfm.examples.samples;

import io.github.gpfm.encoder.GpfmEncoder;
import io.github.gpfm.encoder.explain.Similarity;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * Retrieval: the images of a folder that are most like one image.
 *
 * <p>Arguments: QUERY FOLDER [WEIGHTS]
 */
public final class FindSimilar {
  private static final int SHOWN = 5;

  private FindSimilar() {}

  /** Runs the sample. */
  public static void main(String[] args) throws IOException {
    if (args.length < 2) {
      System.err.println("Arguments: QUERY FOLDER [WEIGHTS]");
      System.exit(2);
    }
    GpfmEncoder.Builder builder = GpfmEncoder.builder();
    if (args.length > 2) {
      builder.weights(Path.of(args[2]));
    }
    List<Path> images = EmbedFolder.images(Path.of(args[1]));
    try (GpfmEncoder encoder = builder.build()) {
      float[] features = EmbedFolder.features(encoder, images);
      float[] query = encoder.embed(EmbedFolder.read(Path.of(args[0])));
      float[] cosine = Similarity.cosine(features, query);
      for (int i : Similarity.nearest(features, query, SHOWN)) {
        System.out.printf(Locale.ROOT, "%.4f  %s%n", cosine[i], images.get(i));
      }
    }
  }
}
