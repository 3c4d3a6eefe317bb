package io.github.gpfm.eval.rank;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import io.github.gpfm.eval.EvaluationException;
import io.github.gpfm.support.Budget;
import io.github.gpfm.support.JsonFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Ranks that somebody published, by groups of tasks: JSON with {@code groups}, each of {@code
 * tasks} (names) and {@code ranks} (for each encoder one rank a task).
 *
 * @param groups tables by name of the group, in the file's order
 */
public record RankFile(Map<String, RankTable> groups) {
  /**
   * Reads a file.
   *
   * @throws EvaluationException if it is missing or of another form
   */
  public static RankFile read(Path file) {
    try {
      JsonObject all =
          JsonFile.object(file, "a file of ranks", Budget.of(file, EvaluationException::new));
      Map<String, RankTable> groups = new LinkedHashMap<>();
      List<String> encoders = new ArrayList<>();
      for (Map.Entry<String, JsonElement> entry : all.getAsJsonObject("groups").entrySet()) {
        JsonObject group = entry.getValue().getAsJsonObject();
        if (encoders.isEmpty()) {
          encoders.addAll(group.getAsJsonObject("ranks").keySet());
        }
        groups.put(entry.getKey(), table(group, encoders));
      }
      if (groups.isEmpty()) {
        throw new EvaluationException("'" + file + "' has no group of tasks");
      }
      return new RankFile(groups);
    } catch (JsonParseException
        | ClassCastException
        | IllegalStateException
        | NullPointerException
        | IndexOutOfBoundsException e) {
      throw new EvaluationException(
          "'" + file + "' is no file of ranks: it needs 'groups' of 'tasks' and 'ranks'", e);
    }
  }

  private static RankTable table(JsonObject group, List<String> encoders) {
    List<String> tasks = new ArrayList<>();
    group.getAsJsonArray("tasks").forEach(t -> tasks.add(t.getAsString()));
    double[][] ranks = new double[tasks.size()][encoders.size()];
    for (int e = 0; e < encoders.size(); e++) {
      JsonArray column = group.getAsJsonObject("ranks").getAsJsonArray(encoders.get(e));
      for (int t = 0; t < ranks.length; t++) {
        ranks[t][e] = column.get(t).getAsDouble();
      }
    }
    return new RankTable(encoders, tasks, ranks);
  }

  /** All tasks in one table. */
  public RankTable all() {
    return groups.values().stream().reduce(RankTable::concat).orElseThrow();
  }
}
