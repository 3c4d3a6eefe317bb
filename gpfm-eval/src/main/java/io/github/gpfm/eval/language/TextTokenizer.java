package io.github.gpfm.eval.language;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.gpfm.eval.EvaluationException;
import io.github.gpfm.support.AtomicFile;
import io.github.gpfm.support.Budget;
import io.github.gpfm.support.JsonFile;
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
 * Texts to numbers and back by a Hugging Face tokenizer: one whose {@code tokenizer.json} the user
 * has (sub-words, for instance), or one of words made here from the training texts (lower case,
 * split at white space and punctuation). Nothing is downloaded. To be closed.
 */
public final class TextTokenizer implements AutoCloseable {
  private static final List<String> SPECIAL = List.of("[UNK]", "[BOS]", "[EOS]");
  private static final List<String> BEGINS = List.of("[BOS]", "<s>", "[CLS]", "<|endoftext|>");
  private static final List<String> ENDS = List.of("[EOS]", "</s>", "[SEP]", "<|endoftext|>");

  private final HuggingFaceTokenizer tokenizer;
  private final int size;
  private final long begin;
  private final long end;

  private TextTokenizer(HuggingFaceTokenizer tokenizer, Map<String, Integer> ids, Path file) {
    this.tokenizer = tokenizer;
    this.size = ids.values().stream().mapToInt(Integer::intValue).max().orElse(-1) + 1;
    this.begin = special(ids, BEGINS, file);
    this.end = special(ids, ENDS, file);
  }

  private static long special(Map<String, Integer> ids, List<String> names, Path file) {
    return names.stream()
        .filter(ids::containsKey)
        .findFirst()
        .map(ids::get)
        .orElseThrow(
            () ->
                new EvaluationException(
                    "the tokenizer '"
                        + file
                        + "' has none of the tokens "
                        + String.join(", ", names)
                        + "; a text needs a begin and an end"));
  }

  /**
   * Makes a tokenizer.
   *
   * @param texts training texts
   * @param most words kept, the most frequent first
   */
  public static TextTokenizer train(List<String> texts, int most) {
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

  /**
   * Loads a {@code tokenizer.json} of the Hugging Face library.
   *
   * @throws EvaluationException if it cannot be read, or has no tokens for begin and end
   */
  public static TextTokenizer load(Path file) {
    Map<String, Integer> ids = ids(file);
    HuggingFaceTokenizer tokenizer;
    try {
      tokenizer =
          HuggingFaceTokenizer.newInstance(
              file, Map.of("addSpecialTokens", "false", "truncation", "false", "padding", "false"));
    } catch (IOException | RuntimeException e) {
      throw unreadable(file, e);
    }
    try {
      return new TextTokenizer(tokenizer, ids, file);
    } catch (EvaluationException e) {
      tokenizer.close();
      throw e;
    }
  }

  private static EvaluationException unreadable(Path file, Exception e) {
    return new EvaluationException(
        "'" + file + "' is no tokenizer.json that the Hugging Face tokenizers can read", e);
  }

  /** Numbers of all tokens: an object for words and sub-words, a list for Unigram models. */
  private static Map<String, Integer> ids(Path file) {
    Map<String, Integer> ids = new HashMap<>();
    try {
      JsonObject all =
          JsonFile.object(file, "a tokenizer", Budget.of(file, EvaluationException::new));
      JsonElement vocabulary = all.getAsJsonObject("model").get("vocab");
      if (vocabulary.isJsonArray()) {
        for (JsonElement pair : vocabulary.getAsJsonArray()) {
          ids.put(pair.getAsJsonArray().get(0).getAsString(), ids.size());
        }
      } else {
        vocabulary
            .getAsJsonObject()
            .entrySet()
            .forEach(e -> ids.put(e.getKey(), e.getValue().getAsInt()));
      }
      if (all.has("added_tokens")) {
        for (JsonElement token : all.getAsJsonArray("added_tokens")) {
          JsonObject added = token.getAsJsonObject();
          ids.put(added.get("content").getAsString(), added.get("id").getAsInt());
        }
      }
      return ids;
    } catch (EvaluationException e) {
      throw e;
    } catch (RuntimeException e) {
      throw unreadable(file, e);
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

  /** Number that begins a text. */
  public long begin() {
    return begin;
  }

  /** Number that ends a text. */
  public long end() {
    return end;
  }

  /** Numbers of the tokens. */
  public long[] encode(String text) {
    return tokenizer.encode(text).getIds();
  }

  /** Numbers of the tokens between begin and end, at most {@code most} in all. */
  public long[] sentence(String text, int most) {
    LongStream words = LongStream.of(encode(text)).limit(most - 2L);
    return LongStream.concat(LongStream.concat(LongStream.of(begin), words), LongStream.of(end))
        .toArray();
  }

  /** The text of the numbers, without special tokens. */
  public String decode(long[] ids) {
    return tokenizer.decode(ids, true);
  }

  @Override
  public void close() {
    tokenizer.close();
  }
}
