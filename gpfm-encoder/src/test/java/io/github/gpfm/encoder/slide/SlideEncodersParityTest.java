package io.github.gpfm.encoder.slide;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.gpfm.api.EncoderException;
import io.github.gpfm.api.SlideEncoder;
import io.github.gpfm.api.SlideFeatures;
import io.github.gpfm.api.WeightsException;
import io.github.gpfm.encoder.weights.WeightFile;
import io.github.gpfm.encoder.weights.WeightTensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Slide encoders against what their authors' code gives on random small weights. */
class SlideEncodersParityTest {
  /** float32 against float64 of the authors' code: at most 1.1e-6 in these fixtures. */
  private static final double LIMIT = 8e-6;

  private static final List<Long> SHORT_SEGMENTS = List.of(6L, 16L, 24L, 40L, 64L);
  private static final List<Long> LONG_SEGMENTS = List.of(1024L, 5792L, 32768L, 185363L, 1048576L);
  private static final List<Long> RATIOS = List.of(1L, 2L, 4L, 8L, 16L);

  private static LongNet longNet(List<Long> segments, List<Long> ratios) {
    return new LongNet(12, 32, 2, 4, 48, 60, segments, ratios);
  }

  static Stream<Arguments> fixtures() {
    AttentionPooling chief =
        new AttentionPooling(24, 16, 8, true, "attention_net.0", "attention_net.3.");
    AttentionPooling feather =
        new AttentionPooling(24, 16, 12, false, "patch_embed.0", "global_attn.");
    Stream<Arguments> plain =
        Stream.of(
            Arguments.of("chief", chief, "slide"),
            Arguments.of("feather", feather, "slide"),
            Arguments.of("madeleine", new HeadedPooling(20, 16, 4, 16), "slide"),
            Arguments.of("cobra", cobra(2, 4, 6), "slide"),
            Arguments.of("cobra2", cobra(1, 2, 10), "slide"),
            Arguments.of("titan", new TitanNetwork(20, 24, 2, 3, 4), "slide"),
            Arguments.of("prism", new PerceiverNetwork(20, 16, 5, 4, 2, 4), "slide"));
    Stream<Arguments> gigapath =
        longNet(SHORT_SEGMENTS, RATIOS).features().stream()
            .flatMap(
                feature ->
                    Stream.of(
                        Arguments.of("gigapath", longNet(SHORT_SEGMENTS, RATIOS), feature),
                        Arguments.of("gigapath-long", longNet(LONG_SEGMENTS, RATIOS), feature)));
    return Stream.concat(plain, gigapath);
  }

  private static CobraNetwork cobra(int depth, int heads, int attention) {
    return new CobraNetwork(List.of(12, 20), 16, depth, heads, attention, 8, 8);
  }

  @ParameterizedTest(name = "{0} {2}")
  @MethodSource("fixtures")
  void givesWhatTheAuthorsCodeGives(String name, Object network, String feature) {
    SlideFixture fixture = SlideFixture.of(name);
    float[] expected = fixture.floats(feature);
    try (SlideEncoder encoder = fixture.open((SlideNetwork) network, feature)) {
      float[] actual = encoder.embed(fixture.tiles().build());
      assertEquals(expected.length, actual.length);
      assertTrue(apart(expected, actual) <= LIMIT, () -> "apart by " + apart(expected, actual));
      assertTrue(cosine(expected, actual) >= 0.99999);
    }
  }

  /** Mistakes that a look at the numbers would not show: each must be far beyond the limit. */
  static Stream<Arguments> mistakes() {
    AttentionPooling embedded =
        new AttentionPooling(24, 16, 8, false, "attention_net.0", "attention_net.3.");
    return Stream.of(
        Arguments.of("gigapath", longNet(LONG_SEGMENTS, RATIOS), "class-token"),
        Arguments.of(
            "gigapath", longNet(SHORT_SEGMENTS, List.of(1L, 2L, 4L, 8L, 8L)), "class-token"),
        Arguments.of(
            "gigapath", new LongNet(12, 32, 2, 8, 48, 60, SHORT_SEGMENTS, RATIOS), "class-token"),
        Arguments.of("titan", new TitanNetwork(20, 24, 2, 4, 4), "slide"),
        Arguments.of("titan", new TitanNetwork(20, 24, 2, 3, 3), "slide"),
        Arguments.of("prism", new PerceiverNetwork(20, 16, 5, 4, 2, 2), "slide"),
        Arguments.of("chief", embedded, "slide"));
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("mistakes")
  void aMistakeShows(String name, Object network, String feature) {
    SlideFixture fixture = SlideFixture.of(name);
    float[] expected = fixture.floats(feature);
    try (SlideEncoder encoder = fixture.open((SlideNetwork) network, feature)) {
      float[] actual = encoder.embed(fixture.tiles().build());
      assertTrue(expected.length != actual.length || apart(expected, actual) > 10 * LIMIT);
    }
  }

  @Test
  void placesCount() {
    SlideFixture fixture = SlideFixture.of("titan");
    try (SlideEncoder titan = fixture.open(new TitanNetwork(20, 24, 2, 3, 4), "slide")) {
      SlideFeatures tiles = fixture.tiles().build();
      float[] expected = titan.embed(tiles);
      long[] coords = tiles.coords();
      // The whole slide moved by some pixels is the same grid; one tile moved far is not.
      float[] moved =
          titan.embed(
              fixture.tiles().coords(Arrays.stream(coords).map(c -> c + 77).toArray()).build());
      assertEquals(0, apart(expected, moved), 1e-6);
      coords[0] += 4096;
      assertTrue(apart(expected, titan.embed(fixture.tiles().coords(coords).build())) > 1e-4);
    }
  }

  @Test
  void aTileBeyondTheGridIsRefused() {
    SlideFixture fixture = SlideFixture.of("gigapath");
    try (SlideEncoder encoder = fixture.open(longNet(SHORT_SEGMENTS, RATIOS), "class-token")) {
      long[] coords = fixture.tiles().build().coords();
      coords[3] = 60 * 256;
      SlideFeatures tiles = fixture.tiles().coords(coords).build();
      EncoderException e = assertThrows(EncoderException.class, () -> encoder.embed(tiles));
      assertTrue(
          e.getMessage().contains("Tile 1") && e.getMessage().contains("cell 60"), e.getMessage());
    }
  }

  @Test
  void tensorsThatDoNotFitAreNamed() {
    SlideFixture fixture = SlideFixture.of("madeleine");
    HeadedPooling network = new HeadedPooling(20, 16, 4, 16);
    Map<String, WeightTensor> weights = new LinkedHashMap<>(fixture.weights().tensors());
    weights.put("module.extra", WeightTensor.ofFloats("extra", List.of(1L), 1));
    assertNamed(network, weights, "extra");
    weights.remove("module.extra");
    weights.remove("module.projector.bias");
    assertNamed(network, weights, "projector.bias");
    assertNamed(
        new HeadedPooling(21, 16, 4, 16),
        fixture.weights().tensors(),
        "[16, 20] instead of [16, 21]");
  }

  private static void assertNamed(
      SlideNetwork network, Map<String, WeightTensor> weights, String what) {
    WeightFile file =
        new WeightFile(
            java.nio.file.Path.of("f.pt"), WeightFile.Kind.SAFETENSORS, weights, Map.of());
    WeightsException e =
        assertThrows(WeightsException.class, () -> SlideFixture.open(network, "slide", file));
    assertTrue(e.getMessage().contains(what), e.getMessage());
  }

  private static double apart(float[] a, float[] b) {
    double most = 0;
    for (int i = 0; i < a.length; i++) {
      most = Math.max(most, Math.abs(a[i] - b[i]));
    }
    return most;
  }

  private static double cosine(float[] a, float[] b) {
    double ab = 0;
    double aa = 0;
    double bb = 0;
    for (int i = 0; i < a.length; i++) {
      ab += (double) a[i] * b[i];
      aa += (double) a[i] * a[i];
      bb += (double) b[i] * b[i];
    }
    return ab / Math.sqrt(aa * bb);
  }
}
