package io.github.gpfm.encoder.text;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import io.github.gpfm.api.WeightsException;
import io.github.gpfm.support.Budget;
import io.github.gpfm.support.JsonFile;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * CLIP's byte-pair encoding, from the files {@code vocab.json} and {@code merges.txt} that lie
 * beside a model's weights. Immutable.
 */
final class ClipTokenizer {
  private static final String START = "<|startoftext|>";
  private static final String END = "<|endoftext|>";
  private static final String WORD_END = "</w>";
  private static final Pattern PARTS =
      Pattern.compile(
          "<\\|startoftext\\|>|<\\|endoftext\\|>|'s|'t|'re|'ve|'m|'ll|'d|\\p{L}+|\\p{N}|[^\\s\\p{L}\\p{N}]+",
          Pattern.UNICODE_CHARACTER_CLASS);

  private final Map<String, Integer> vocabulary;
  private final Map<String, Integer> ranks;
  private final String[] bytes = byteNames();
  private final int length;

  private ClipTokenizer(Map<String, Integer> vocabulary, Map<String, Integer> ranks, int length) {
    this.vocabulary = vocabulary;
    this.ranks = ranks;
    this.length = length;
  }

  /**
   * @param folder with {@code vocab.json} and {@code merges.txt}
   * @param length longest text in tokens, start and end included
   * @param words number of tokens the model has
   * @throws WeightsException if a file is missing, damaged or of another model
   */
  static ClipTokenizer read(Path folder, int length, int words) {
    Path vocabularyFile = folder.resolve("vocab.json");
    Path mergesFile = folder.resolve("merges.txt");
    Budget budget = Budget.of(vocabularyFile, WeightsException::new);
    try {
      Map<String, Integer> vocabulary = new HashMap<>();
      JsonObject json = JsonFile.object(vocabularyFile, "a vocabulary", budget);
      json.entrySet().forEach(entry -> vocabulary.put(entry.getKey(), entry.getValue().getAsInt()));
      Map<String, Integer> ranks = new HashMap<>();
      try (BufferedReader lines = new BufferedReader(budget.text(mergesFile))) {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          if (!line.isBlank() && !line.startsWith("#version")) {
            ranks.put(line, ranks.size());
          }
        }
      }
      boolean complete = vocabulary.containsKey(START) && vocabulary.containsKey(END);
      if (!complete || vocabulary.values().stream().anyMatch(n -> n < 0 || n >= words)) {
        throw new WeightsException(
            "'%s' is not the vocabulary of this model, which has %d tokens; give the folder of its authors."
                .formatted(vocabularyFile, words));
      }
      return new ClipTokenizer(vocabulary, ranks, length);
    } catch (IOException e) {
      throw new WeightsException(
          "The tokenizer's files vocab.json and merges.txt cannot be read in '%s' (%s); download them from the model's page."
              .formatted(folder, e.getMessage()),
          e);
    } catch (JsonParseException
        | NullPointerException
        | UnsupportedOperationException
        | NumberFormatException e) {
      throw new WeightsException(
          "'" + vocabularyFile + "' is not a vocabulary in JSON; download it again.", e);
    }
  }

  /** Numbers of a text's tokens between the start's and the end's; what is too long is cut. */
  long[] encode(String text) {
    String clean =
        Normalizer.normalize(text, Normalizer.Form.NFC)
            .replaceAll("(?U)\\s+", " ")
            .toLowerCase(Locale.ROOT);
    List<Long> numbers = new ArrayList<>();
    Matcher parts = PARTS.matcher(clean);
    while (parts.find() && numbers.size() < length - 2) {
      for (String token : merged(parts.group())) {
        numbers.add(number(token));
      }
    }
    int kept = Math.min(numbers.size(), length - 2);
    long[] result = new long[kept + 2];
    result[0] = number(START);
    for (int i = 0; i < kept; i++) {
      result[i + 1] = numbers.get(i);
    }
    result[kept + 1] = number(END);
    return result;
  }

  private long number(String token) {
    return vocabulary.getOrDefault(token, vocabulary.getOrDefault(END, 0));
  }

  /** A word's bytes, the pair of the lowest rank joined until none has a rank. */
  private List<String> merged(String word) {
    if (word.equals(START) || word.equals(END)) {
      return List.of(word);
    }
    List<String> symbols = new ArrayList<>();
    for (byte one : word.getBytes(StandardCharsets.UTF_8)) {
      symbols.add(bytes[one & 255]);
    }
    int last = symbols.size() - 1;
    symbols.set(last, symbols.get(last) + WORD_END);
    while (symbols.size() > 1) {
      int best = Integer.MAX_VALUE;
      int at = -1;
      for (int i = 0; i + 1 < symbols.size(); i++) {
        int rank = ranks.getOrDefault(symbols.get(i) + " " + symbols.get(i + 1), Integer.MAX_VALUE);
        if (rank < best) {
          best = rank;
          at = i;
        }
      }
      if (at < 0) {
        break;
      }
      symbols.set(at, symbols.get(at) + symbols.remove(at + 1));
    }
    return symbols;
  }

  /** Every byte as a visible character, as GPT-2 has it. */
  private static String[] byteNames() {
    String[] names = new String[256];
    int hidden = 0;
    for (int b = 0; b < 256; b++) {
      boolean visible = b >= '!' && b <= '~' || b >= 0xa1 && b <= 0xac || b >= 0xae;
      names[b] = Character.toString(visible ? b : 256 + hidden++);
    }
    return names;
  }
}
