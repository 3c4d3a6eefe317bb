package io.github.gpfm.eval.language;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.github.gpfm.api.AtomicFile;
import io.github.gpfm.eval.EvaluationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.LongStream;

/**
 * Words to numbers by a Hugging Face tokenizer whose {@code tokenizer.json} is made here from the
 * training texts: lower case, split at white space and punctuation, one number a word. Nothing is
 * downloaded. To be closed.
 */
public final class WordTokenizer implements AutoCloseable {
  /** Number of the word that is not in the vocabulary. */
  public static final long UNKNOWN = 0;

  /** Number that begins a text. */
  public static final long BEGIN = 1;

  /** Number that ends a text. */
  public static final long END = 2;

  private static final List<String> SPECIAL = List.of("[UNK]", "[BOS]", "[EOS]");

  private final HuggingFaceTokenizer tokenizer;
  private final int size;

  private WordTokenizer(HuggingFaceTokenizer tokenizer, int size) {
    this.tokenizer = tokenizer;
    this.size = size;
  }

  /**
   * Makes a tokenizer.
   *
   * @param texts training texts
   * @param most words kept, the most frequent first
   */
  public static WordTokenizer train(List<String> texts, int most) {
    Map<String, Integer> counts = new HashMap<>();
    for (String text : texts) {
      // The same split as the pre-tokenizer "Whitespace": runs of word characters, or of others.
      for (String word : text.toLowerCase(Locale.ROOT).split("(?<=\\W)|(?=\\W)|\\s+")) {
        if (!word.isBlank()) {
          counts.merge(word.strip(), 1, Integer::sum);
        }
      }
    }
    List<String> words = new ArrayList<>(counts.keySet());
    words.sort(
        Comparator.<String>comparingInt(w -> -counts.getOrDefault(w, 0)).thenComparing(w -> w));
    List<String> vocabulary = new ArrayList<>(SPECIAL);
    vocabulary.addAll(words.subList(0, Math.min(words.size(), most)));
    try {
      Path file = Files.createTempFile("gpfm-tokenizer", ".json");
      try {
        AtomicFile.text(file, json(vocabulary).toString());
        return load(file);
      } finally {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new EvaluationException("the tokenizer cannot be made in the temporary folder", e);
    }
  }

  /** Loads a {@code tokenizer.json} whose first three tokens are unknown, begin and end. */
  public static WordTokenizer load(Path file) {
    try {
      HuggingFaceTokenizer tokenizer =
          HuggingFaceTokenizer.newInstance(
              file, Map.of("addSpecialTokens", "false", "truncation", "false", "padding", "false"));
      JsonObject vocabulary =
          new Gson()
              .fromJson(Files.readString(file), JsonObject.class)
              .getAsJsonObject("model")
              .getAsJsonObject("vocab");
      return new WordTokenizer(tokenizer, vocabulary.size());
    } catch (IOException e) {
      throw new EvaluationException("the tokenizer '" + file + "' cannot be read", e);
    }
  }

  private static JsonObject json(List<String> vocabulary) {
    JsonObject words = new JsonObject();
    for (int i = 0; i < vocabulary.size(); i++) {
      words.addProperty(vocabulary.get(i), i);
    }
    JsonObject model = new JsonObject();
    model.addProperty("type", "WordLevel");
    model.add("vocab", words);
    model.addProperty("unk_token", SPECIAL.get(0));
    JsonArray added = new JsonArray();
    for (int i = 0; i < SPECIAL.size(); i++) {
      JsonObject token = new JsonObject();
      token.addProperty("id", i);
      token.addProperty("content", SPECIAL.get(i));
      token.addProperty("single_word", false);
      token.addProperty("lstrip", false);
      token.addProperty("rstrip", false);
      token.addProperty("normalized", false);
      token.addProperty("special", true);
      added.add(token);
    }
    JsonObject all = new JsonObject();
    all.addProperty("version", "1.0");
    all.add("truncation", null);
    all.add("padding", null);
    all.add("added_tokens", added);
    all.add("normalizer", typed("Lowercase"));
    all.add("pre_tokenizer", typed("Whitespace"));
    all.add("post_processor", null);
    all.add("decoder", null);
    all.add("model", model);
    return all;
  }

  private static JsonObject typed(String type) {
    JsonObject object = new JsonObject();
    object.addProperty("type", type);
    return object;
  }

  /** Number of tokens. */
  public int size() {
    return size;
  }

  /** Numbers of the words. */
  public long[] encode(String text) {
    return tokenizer.encode(text).getIds();
  }

  /** Numbers of the words between begin and end, at most {@code most} in all. */
  public long[] sentence(String text, int most) {
    LongStream words = LongStream.of(encode(text)).limit(most - 2L);
    return LongStream.concat(LongStream.concat(LongStream.of(BEGIN), words), LongStream.of(END))
        .toArray();
  }

  /** Words of the numbers, joined by spaces. */
  public String decode(long[] ids) {
    return tokenizer.decode(ids, true);
  }

  @Override
  public void close() {
    tokenizer.close();
  }
}
