package io.github.gpfm.eval.linalg;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.gpfm.api.ProgressListener;
import io.github.gpfm.eval.data.LabelledFeatures;
import io.github.gpfm.eval.probe.KnnClassifier;
import io.github.gpfm.eval.probe.LinearProbe;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A user leaves natives out of the class path, as the exclusions of the documentation do. */
class ExcludedNativesTest {
  /** Runs in a JVM of its own: which algebra is in use, and whether probes learn with it. */
  public static final class Program {
    private Program() {}

    public static void main(String[] args) {
      SplittableRandom random = new SplittableRandom(5);
      LabelledFeatures tiles = tiles(random);
      double[][] knn = KnnClassifier.paper().scores(tiles, tiles(random), 5);
      double[][] probe =
          LinearProbe.paper()
              .withEpochs(3000)
              .sound()
              .train(tiles, tiles(random), ProgressListener.NONE)
              .probabilities(tiles.features());
      System.out.println(LinearAlgebra.get().name() + " " + right(knn) + " " + right(probe));
    }

    private static LabelledFeatures tiles(SplittableRandom random) {
      Matrix features = Matrix.zeros(60, 6);
      for (int i = 0; i < features.values().length; i++) {
        boolean own = i % 6 == i / 6 % 3;
        features.values()[i] = (float) ((own ? 6 : 0) + random.nextGaussian());
      }
      return new LabelledFeatures(
          "tiles",
          IntStream.range(0, 60).mapToObj(i -> "t" + i).toList(),
          features,
          IntStream.range(0, 60).map(i -> i % 3).toArray(),
          List.of("a", "b", "c"));
    }

    private static boolean right(double[][] scores) {
      return IntStream.range(0, scores.length)
          .allMatch(i -> scores[i][i % 3] == Arrays.stream(scores[i]).max().orElseThrow());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "nothing, nd4j",
    "nd4j-native|openblas|javacpp, plain",
    "nd4j|openblas|javacpp, plain",
    "pytorch-native|pytorch-jni, nd4j",
    "nd4j|openblas|javacpp|pytorch-native|pytorch-jni|tokenizers, plain"
  })
  void evaluationRunsWithout(String excluded, String algebra) throws Exception {
    String all =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    String kept =
        Arrays.stream(all.split(File.pathSeparator))
            .filter(e -> !Path.of(e).getFileName().toString().matches("(" + excluded + ").*"))
            .collect(Collectors.joining(File.pathSeparator));
    assertTrue(excluded.equals("nothing") || kept.length() < all.length());
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Process process =
        new ProcessBuilder(java, "-Xmx512m", "-cp", kept, Program.class.getName())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    List<String> out = lines(process);
    assertEquals(0, process.waitFor());
    assertEquals(algebra + " true true", out.get(out.size() - 1));
    assertTrue(out.size() <= 30, out.toString());
  }

  private static List<String> lines(Process process) throws IOException {
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
        .lines()
        .toList();
  }
}
