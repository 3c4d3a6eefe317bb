package io.github.gpfm.eval.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/**
 * Figures of NLTK and of the COCO caption tools on the same texts, recorded by {@code
 * benchmarks/python/text_metrics.py}.
 */
class TextReportParityTest {
  private static final double TIGHT = 1e-9;
  private static final JsonObject PYTHON = recorded();

  private static JsonObject recorded() {
    try (Reader reader =
        new InputStreamReader(
            TextReportParityTest.class.getResourceAsStream("text-python.json"),
            StandardCharsets.UTF_8)) {
      return JsonParser.parseReader(reader).getAsJsonObject();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<String> texts(String name) {
    return elements(name).map(JsonElement::getAsString).toList();
  }

  private static double[] numbers(String name) {
    return elements(name).mapToDouble(JsonElement::getAsDouble).toArray();
  }

  private static Stream<JsonElement> elements(String name) {
    JsonArray array = PYTHON.getAsJsonArray(name);
    return StreamSupport.stream(array.spliterator(), false);
  }

  @Test
  void bleuIsThatOfNltkAndOfTheCaptionTools() {
    double[] bleu = Bleu.of(texts("candidates"), texts("references"));
    assertArrayEquals(numbers("nltk_bleu"), bleu, TIGHT);
    assertArrayEquals(numbers("coco_bleu"), bleu, TIGHT);
  }

  @Test
  void rougeIsThatOfTheCaptionTools() {
    assertEquals(
        PYTHON.get("coco_rouge_l").getAsDouble(),
        RougeL.of(texts("candidates"), texts("references")),
        TIGHT);
  }

  @Test
  void ciderIsThatOfTheCaptionTools() {
    double[] each = Cider.each(texts("candidates"), texts("references"));
    assertArrayEquals(numbers("coco_cider_each"), each, TIGHT);
    assertEquals(
        PYTHON.get("coco_cider").getAsDouble(),
        Cider.of(texts("candidates"), texts("references")),
        TIGHT);
  }

  /**
   * Where a word stands twice there are several alignments. NLTK takes the last one it meets; here
   * neighbours stay together, so there are as few chunks or fewer.
   */
  @Test
  void meteorIsThatOfNltkWithoutSynonyms() {
    List<String> candidates = texts("candidates");
    List<String> references = texts("references");
    double[] nltk = numbers("nltk_meteor");
    int unambiguous = 0;
    for (int i = 0; i < nltk.length; i++) {
      double ours = Meteor.of(List.of(candidates.get(i)), List.of(references.get(i)));
      String pair = candidates.get(i) + " / " + references.get(i);
      if (noWordTwice(candidates.get(i)) && noWordTwice(references.get(i))) {
        assertEquals(nltk[i], ours, TIGHT, pair);
        unambiguous++;
      } else {
        assertTrue(ours >= nltk[i] - TIGHT, pair);
      }
    }
    assertTrue(unambiguous >= nltk.length / 4, unambiguous + " of " + nltk.length);
    assertEquals(
        PYTHON.get("nltk_meteor_mean").getAsDouble(), Meteor.of(candidates, references), 0.02);
  }

  private static boolean noWordTwice(String text) {
    List<String> words = Words.of(text);
    return words.stream().distinct().count() == words.size();
  }
}
