package io.github.gpfm.eval.text;

import io.github.gpfm.eval.EvaluationException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Sets of words that stand for each other, as WordNet's synsets. A word may be in several. */
public final class Synonyms {
  private final Map<String, List<Integer>> sets = new HashMap<>();

  private Synonyms() {}

  /** No word stands for another. */
  public static Synonyms none() {
    return new Synonyms();
  }

  /**
   * Reads a table in UTF-8: a set a line, its words divided by commas; case is ignored, as are
   * empty lines and those that begin with {@code #}.
   *
   * @throws EvaluationException naming the line that is no set of single words, or if the file
   *     cannot be read or holds no set
   */
  public static Synonyms read(Path file) {
    Synonyms synonyms = new Synonyms();
    int set = 0;
    int number = 0;
    for (String line : lines(file)) {
      number++;
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      String[] words = line.split(",", -1);
      if (words.length < 2) {
        throw wrong(file, number, "a set has two words or more");
      }
      for (String text : words) {
        List<String> parts = Words.of(text);
        if (parts.size() != 1) {
          throw wrong(file, number, "'" + text.strip() + "' is not one word");
        }
        synonyms.sets.computeIfAbsent(parts.get(0), w -> new ArrayList<>()).add(set);
      }
      set++;
    }
    if (set == 0) {
      throw new EvaluationException("'" + file + "' holds no synonyms");
    }
    return synonyms;
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (CharacterCodingException e) {
      throw new EvaluationException("'" + file + "' is not text in UTF-8", e);
    } catch (IOException e) {
      throw new EvaluationException("'" + file + "' cannot be read", e);
    }
  }

  private static EvaluationException wrong(Path file, int line, String reason) {
    return new EvaluationException("'%s', line %d: %s".formatted(file, line, reason));
  }

  /** Numbers of the sets that hold a word in lower case. */
  List<Integer> setsOf(String word) {
    return sets.getOrDefault(word, List.of());
  }
}
