package io.github.gpfm.encoder.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import com.google.gson.Gson;
import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.api.SlideEncoderMismatchException;
import io.github.gpfm.api.SlideFeatures;
import io.github.gpfm.api.WeightsException;
import io.github.gpfm.encoder.weights.WeightFile;
import io.github.gpfm.encoder.weights.WeightTensor;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The text tower and its tokenizer against transformers' on random small weights and words. */
class TextEncodersParityTest {
  private static final double LIMIT = 8e-6;

  private static Path folder;
  private static WeightFile all;
  private static WeightFile weights;
  private static List<String> texts;
  private static ClipTextEncoder encoder;

  private static ClipTextEncoder.Sizes sizes(int heads, int words) {
    return new ClipTextEncoder.Sizes(24, 2, heads, 40, words, 20, 16);
  }

  @BeforeAll
  static void open() throws URISyntaxException {
    Path file =
        Path.of(
            Objects.requireNonNull(TextEncodersParityTest.class.getResource("plip.safetensors"))
                .toURI());
    folder = Objects.requireNonNull(file.getParent());
    all = WeightFile.open(file);
    Map<String, WeightTensor> tensors = new LinkedHashMap<>();
    all.tensors()
        .forEach(
            (name, tensor) -> {
              if (name.startsWith("w:")) {
                tensors.put(name.substring(2), tensor.renamed(name.substring(2)));
              }
            });
    weights = new WeightFile(file, all.kind(), tensors, Map.of());
    texts = List.of(new Gson().fromJson(all.metadata().get("texts"), String[].class));
    encoder = load(3);
  }

  private static ClipTextEncoder load(int heads) {
    int words = (int) weights.tensor("text_model.embeddings.token_embedding.weight").size(0);
    return ClipTextEncoder.load("plip", "", sizes(heads, words), weights, folder, Device.cpu());
  }

  @AfterAll
  static void close() {
    encoder.close();
  }

  @Test
  void textsAreCutIntoTheSameTokens() {
    for (int i = 0; i < texts.size(); i++) {
      assertArrayEquals(
          all.tensor("ids_" + i).toLongs(), encoder.tokens(texts.get(i)), texts.get(i));
    }
  }

  private static double apart(List<float[]> found) {
    float[] expected = all.tensor("text_embeds").toFloats();
    double most = 0;
    for (int i = 0; i < found.size(); i++) {
      for (int j = 0; j < 16; j++) {
        most = Math.max(most, Math.abs(expected[16 * i + j] - found.get(i)[j]));
      }
    }
    return most;
  }

  @Test
  void featuresEqualTransformers() {
    assertEquals(0, apart(encoder.embed(texts)), LIMIT);
    assertEquals(Math.exp(weights.tensor("logit_scale").toFloats()[0]), encoder.scale(), 1e-9);
    try (ClipTextEncoder otherHeads = load(4)) {
      assertTrue(apart(otherHeads.embed(texts)) > 100 * LIMIT);
    }
  }

  @Test
  void aVocabularyOfAnotherModelIsRefused() {
    WeightsException e =
        assertThrows(WeightsException.class, () -> ClipTokenizer.read(folder, 20, 100));
    assertTrue(e.getMessage().contains("vocab.json"), e.getMessage());
    assertThrows(
        WeightsException.class, () -> ClipTokenizer.read(folder.resolve("nowhere"), 20, 1000));
  }

  @Test
  void classesAreTheMeansOfTheirTexts() {
    Map<String, List<String>> classes = new LinkedHashMap<>();
    classes.put("tumor", List.of("invasive carcinoma", "adenocarcinoma"));
    classes.put("other", List.of("normal stroma"));
    ZeroShotClasses described =
        new ZeroShotClasses(List.of("an image of {}.", "{} in tissue"), classes);
    ZeroShotClassifier classifier = ZeroShotClassifier.of(encoder, described);
    List<float[]> tumor =
        encoder.embed(
            List.of(
                "an image of invasive carcinoma.",
                "invasive carcinoma in tissue",
                "an image of adenocarcinoma.",
                "adenocarcinoma in tissue"));
    float[] values = new float[32];
    for (float[] text : tumor) {
      for (int i = 0; i < 16; i++) {
        values[i] += text[i];
      }
    }
    System.arraycopy(encoder.embed(List.of("normal")).get(0), 0, values, 16, 16);
    SlideFeatures tiles =
        SlideFeatures.builder("slide", 16, values)
            .encoder("plip")
            .feature("projected-class-token")
            .build();
    float[][] cosines = classifier.cosines(tiles);
    assertEquals(1, cosines[0][0], 1e-5);
    double[] probabilities = classifier.probabilities(cosines[0]);
    double other = Math.exp(encoder.scale() * (cosines[0][1] - cosines[0][0]));
    assertEquals(1 / (1 + other), probabilities[0], 1e-6);
    assertEquals(1, Arrays.stream(probabilities).sum(), 1e-9);
    float[] score = classifier.slideScore(cosines, 1);
    assertEquals(Math.max(cosines[0][1], cosines[1][1]), score[1], 1e-7);
    assertEquals((cosines[0][1] + cosines[1][1]) / 2, classifier.slideScore(cosines, 9)[1], 1e-6);
  }

  @Test
  void featuresOfOthersAndPoorDescriptionsAreRefused() {
    Map<String, List<String>> classes = Map.of("a", List.of("tissue"), "b", List.of("stroma"));
    ZeroShotClassifier classifier =
        ZeroShotClassifier.of(encoder, new ZeroShotClasses(List.of("{}"), classes));
    SlideFeatures other = SlideFeatures.builder("slide", 16, new float[16]).encoder("uni").build();
    SlideEncoderMismatchException e =
        assertThrows(SlideEncoderMismatchException.class, () -> classifier.cosines(other));
    assertTrue(e.getMessage().contains("uni") && e.getMessage().contains("plip"), e.getMessage());
    assertThrows(
        InvalidOptionException.class,
        () -> new ZeroShotClasses(List.of("{}"), Map.of("a", List.of("tissue"))));
    assertThrows(
        InvalidOptionException.class, () -> new ZeroShotClasses(List.of("tissue"), classes));
  }
}
