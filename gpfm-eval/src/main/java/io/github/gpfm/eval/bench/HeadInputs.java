package io.github.gpfm.eval.bench;

import io.github.gpfm.api.GpfmException;
import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.encoder.weights.WeightFile;
import io.github.gpfm.eval.EvaluationException;
import io.github.gpfm.eval.data.FeatureFusion;
import io.github.gpfm.support.KebabCase;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What a head was trained on, as its file says.
 *
 * @param encoders names of the encoders, in the order in which their features are taken together;
 *     one for a head of one encoder
 * @param fusion how they are taken together; of no effect on one
 */
public record HeadInputs(List<String> encoders, FeatureFusion fusion) {
  private static final String ENCODERS = "bench.encoders";
  private static final String FUSION = "bench.fusion";

  /** Copies the names. */
  public HeadInputs {
    encoders = List.copyOf(encoders);
  }

  static HeadInputs of(BenchConfig config, EncoderSpec encoder) {
    return new HeadInputs(
        config.sources(encoder).stream().map(EncoderSpec::name).toList(), encoder.fusion());
  }

  /**
   * Reads them from a head.
   *
   * @param head file of {@code heads/}
   * @return empty for a head written before files said so
   * @throws EvaluationException if the fusion is none that is known
   * @throws io.github.gpfm.api.WeightsException if the file is missing or damaged
   */
  public static Optional<HeadInputs> of(Path head) {
    Map<String, String> metadata = WeightFile.open(head).metadata();
    String names = metadata.get(ENCODERS);
    if (names == null) {
      return Optional.empty();
    }
    String fusion = metadata.getOrDefault(FUSION, key(FeatureFusion.CONCATENATION));
    return Optional.of(
        new HeadInputs(
            List.of(names.split("\n")),
            Arrays.stream(FeatureFusion.values())
                .filter(f -> key(f).equals(fusion))
                .findFirst()
                .orElseThrow(
                    () ->
                        new EvaluationException(
                            "the head '%s' has the fusion '%s', which is not known here"
                                .formatted(head, fusion)))));
  }

  Map<String, String> metadata() {
    Map<String, String> metadata = new TreeMap<>();
    metadata.put(ENCODERS, String.join("\n", encoders));
    if (encoders.size() > 1) {
      metadata.put(FUSION, key(fusion));
    }
    return metadata;
  }

  private static String key(FeatureFusion fusion) {
    return KebabCase.of(fusion.name());
  }

  /**
   * How the features of the folders become one.
   *
   * @param head of which these are, for messages
   * @param asked what the caller says; must agree
   * @throws InvalidOptionException if it does not, or there are more or fewer folders than encoders
   */
  FeatureFusion checked(Path head, List<Path> features, Optional<FeatureFusion> asked) {
    if (features.size() != encoders.size()) {
      throw about(
          "features",
          "the head '%s' takes one folder of features of each of %s, in this order; %d were given"
              .formatted(head, String.join(", ", encoders), features.size()));
    }
    asked
        .filter(a -> encoders.size() > 1 && !agrees(a))
        .ifPresent(
            a -> {
              throw about(
                  "fusion",
                  "the head '%s' was trained on the %s of its encoders, not their %s; leave 'fusion' out"
                      .formatted(head, key(fusion), key(a)));
            });
    return fusion;
  }

  // Shazam takes features side by side, too; its head tells the encoders apart.
  private boolean agrees(FeatureFusion asked) {
    return asked == fusion
        || (fusion == FeatureFusion.SHAZAM && asked == FeatureFusion.CONCATENATION);
  }

  private static GpfmException about(String parameter, String message) {
    return new InvalidOptionException(message).about(parameter);
  }

  /**
   * Which folder is taken for which encoder's, for instance {@code uni = a, gpfm = b (average)}.
   */
  public String describe(List<Path> features) {
    String pairs =
        IntStream.range(0, encoders.size())
            .mapToObj(i -> encoders.get(i) + " = " + features.get(i))
            .collect(Collectors.joining(", "));
    return encoders.size() == 1 ? pairs : pairs + " (" + key(fusion) + ")";
  }
}
