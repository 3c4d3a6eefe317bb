package io.github.gpfm.eval.language;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.Gson;
import io.github.gpfm.api.ProgressListener;
import io.github.gpfm.eval.EvaluationException;
import io.github.gpfm.eval.data.FeatureBag;
import io.github.gpfm.eval.linalg.Matrix;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tokenizers made here and brought along, and the language models on top of both. */
class TextTokenizerTest {
  /** What Python's tokenizers library gave for a sub-word tokenizer trained on five sentences. */
  private record Recorded(
      String text, long[] ids, int size, long begin, long end, String decoded) {}

  private static Path resource(String name) {
    try {
      return Path.of(TextTokenizerTest.class.getResource(name).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aUsersTokenizerGivesWhatItGivesInPython() throws IOException {
    Recorded python =
        new Gson().fromJson(Files.readString(resource("tokenizer-python.json")), Recorded.class);
    try (TextTokenizer tokenizer = TextTokenizer.load(resource("tokenizer.json"))) {
      assertArrayEquals(python.ids(), tokenizer.encode(python.text()));
      assertEquals(python.decoded(), tokenizer.decode(python.ids()));
      assertEquals(python.size(), tokenizer.size());
      assertEquals(python.begin(), tokenizer.begin());
      assertEquals(python.end(), tokenizer.end());
    }
  }

  @Test
  void wordsOfTheTrainingTextsComeBack() {
    List<String> texts = List.of("Invasive carcinoma, high grade.", "No tumour.");
    try (TextTokenizer tokenizer = TextTokenizer.train(texts, 100)) {
      long[] sentence = tokenizer.sentence(texts.get(0), 20);
      assertEquals(tokenizer.begin(), sentence[0]);
      assertEquals(tokenizer.end(), sentence[sentence.length - 1]);
      assertEquals("invasive carcinoma , high grade .", tokenizer.decode(sentence));
      assertEquals(5, tokenizer.sentence(texts.get(0), 5).length);
      assertEquals(1, tokenizer.encode("unheard").length);
    }
  }

  @Test
  void reportsAreLearnedWithAUsersSubwords() {
    List<LanguageExample> examples = new ArrayList<>();
    String high = "Invasive carcinoma of high grade with frequent mitotic figures.";
    String low = "Tubular adenoma of low grade without invasion.";
    for (int i = 0; i < 24; i++) {
      float sign = i % 2 == 0 ? 1 : -1;
      FeatureBag bag =
          new FeatureBag("b" + i, Matrix.of(1, 2, new float[] {sign, 0.1f * i}), new long[0]);
      examples.add(new LanguageExample(() -> bag, "", sign > 0 ? high : low));
    }
    LanguageSettings settings =
        new LanguageSettings(
            32, 2, 1, 60, 8, 3e-3, 25, 25, 1, Optional.of(resource("tokenizer.json")));
    try (ReportModel model =
        ReportModel.train(
            examples.subList(0, 16), examples.subList(16, 20), settings, ProgressListener.NONE)) {
      assertEquals(high.toLowerCase(), model.write(examples.get(20).bag().get()).strip());
      assertEquals(low.toLowerCase(), model.write(examples.get(21).bag().get()).strip());
    }
  }

  @Test
  void whatIsNoTokenizerIsNamed(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("broken.json");
    Files.writeString(file, "{\"model\": 3}");
    EvaluationException broken =
        assertThrows(EvaluationException.class, () -> TextTokenizer.load(file));
    assertTrue(broken.getMessage().contains("broken.json"), broken.getMessage());
    Files.writeString(
        file,
        "{\"version\":\"1.0\",\"model\":{\"type\":\"WordLevel\",\"vocab\":{\"a\":0},\"unk_token\":\"a\"}}");
    EvaluationException noEnd =
        assertThrows(EvaluationException.class, () -> TextTokenizer.load(file));
    assertTrue(noEnd.getMessage().contains("begin and an end"), noEnd.getMessage());
  }
}
