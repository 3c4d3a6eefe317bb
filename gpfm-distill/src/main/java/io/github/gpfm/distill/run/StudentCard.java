package io.github.gpfm.distill.run;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.gpfm.api.WeightsException;
import io.github.gpfm.distill.config.DistillConfig;
import io.github.gpfm.distill.config.DistillConfigs;
import io.github.gpfm.distill.config.ExpertConfig;
import io.github.gpfm.distill.config.StudentConfig;
import io.github.gpfm.encoder.catalog.Encoders;
import io.github.gpfm.tiling.dataset.TileDataset;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** The model card of a trained student: what it is, what it was trained on, from whom, how well. */
final class StudentCard {
  private StudentCard() {}

  /**
   * The card.
   *
   * @param done steps trained
   * @param folder of the run, for its log
   */
  static String markdown(DistillConfig config, TileDataset tiles, long done, Path folder) {
    StudentConfig student = config.student();
    StringBuilder card = new StringBuilder();
    card.append(
        "---\nlibrary_name: timm\ntags: [image-feature-extraction, pathology]\n---\n\n# Student\n\n");
    card.append(
        String.format(
            Locale.ROOT,
            "A vision transformer of width %d, depth %d, %d heads and patches of %d pixels%s, trained for %,d steps of %d tiles at crops of %d pixels.%n%n",
            student.width(),
            student.depth(),
            student.heads(),
            student.patchSize(),
            student.registers() > 0 ? " with " + student.registers() + " registers" : "",
            done,
            config.train().batch(),
            config.crops().globalSize()));
    card.append("Feature: the class token after the last norm; class token and mean patch token");
    card.append(" together often serve better. Normalise pixels by `config.json`.\n");
    if (!config.recipe().nested().isEmpty()) {
      card.append("Tokens may be cut to their first ")
          .append(config.recipe().nested())
          .append(" values.\n");
    }
    card.append("\n## Data\n\n")
        .append(
            String.format(
                Locale.ROOT, "%,d tiles, digest `%s`.%n", tiles.size(), tiles.keyDigest()));
    card.append("\n## Experts\n\n").append(experts(config));
    card.append("\n## Figures\n\n").append(figures(folder, done));
    card.append("\n## Recipe\n\n```yaml\n").append(DistillConfigs.write(config)).append("```\n");
    return card.toString();
  }

  private static String experts(DistillConfig config) {
    StringBuilder text = new StringBuilder();
    if (config.experts().isEmpty()) {
      text.append("None: it has learned from itself");
      text.append(
          config.recipe().hasFrozenTeacher()
              ? " and from the frozen teacher below, whose license applies to what is made of it.\n"
              : " alone.\n");
      return text.toString();
    }
    text.append("| expert | model | license |\n|---|---|---|\n");
    config
        .experts()
        .forEach(
            (name, expert) ->
                text.append("| %s | %s | %s |%n".formatted(name, expert.model(), licence(expert))));
    text.append(
        "\nThe license of an expert may bind what is distilled from it. Read each before the student is passed on or used commercially; the strictest one rules.\n");
    return text.toString();
  }

  private static String licence(ExpertConfig expert) {
    if (expert.kind() == ExpertConfig.Kind.CATALOGUE) {
      try {
        return Encoders.find(expert.model()).licence();
      } catch (WeightsException e) {
        return "not in the catalogue: ask its authors";
      }
    }
    return "not recorded: the files do not tell";
  }

  /** The last value of every loss and of every evaluation that the run's log has. */
  private static String figures(Path folder, long done) {
    List<JsonObject> rows = MetricsLog.read(folder.resolve("metrics.jsonl"));
    Map<String, Double> last = new TreeMap<>();
    for (JsonObject row : rows) {
      if (row.get("step").getAsLong() > done) {
        continue;
      }
      for (Map.Entry<String, JsonElement> entry : row.entrySet()) {
        String name = entry.getKey();
        if (name.endsWith("loss") || name.startsWith("eval/")) {
          last.put(name, entry.getValue().getAsDouble());
        }
      }
    }
    if (last.isEmpty()) {
      return "None has been logged.\n";
    }
    StringBuilder text = new StringBuilder("| figure | last value |\n|---|---|\n");
    last.forEach(
        (name, value) -> text.append(String.format(Locale.ROOT, "| %s | %.4f |%n", name, value)));
    return text.toString();
  }
}
