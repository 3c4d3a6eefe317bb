package io.github.gpfm.distill.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.gpfm.support.yaml.YamlReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The table of deviations in the documentation names options that exist, and all of them. */
class DocumentedOptionsTest {
  private static final Pattern OPTION = Pattern.compile("`([a-z]+(?:\\.[a-z-]+)+): ([^`]+)`");

  /** Options that choose between the official code's behaviour and another. */
  private static final Set<String> DEVIATIONS =
      Set.of(
          "crops.blur",
          "crops.rotations",
          "crops.stain-jitter",
          "distill.class-loss",
          "distill.clip-heads",
          "distill.globals",
          "experts.conch.patch-weight",
          "optim.decay-on",
          "optim.scaling",
          "self.pairing",
          "train.unreadable");

  /** Choices that the official configurations make too, one way or the other. */
  private static final Set<String> OFFICIAL_CHOICES =
      Set.of("student.feed-forward", "self.centering", "train.precision", "experts.kind");

  /** Choices that the official code does not have. */
  private static final Set<String> RECIPES =
      Set.of("recipe.standardize", "recipe.balance", "recipe.ibot-patches");

  @Test
  void everyOptionOfTheTableChangesTheOfficialPreset() throws IOException {
    String text = Files.readString(Path.of("../docs/distill.md"));
    String table = text.substring(text.indexOf("## Where the official code"));
    table = table.substring(0, table.indexOf("These differences remain"));
    DistillConfig official = DistillConfigs.preset("official");
    Set<String> named = new TreeSet<>();
    Matcher options = OPTION.matcher(table);
    while (options.find()) {
      named.add(options.group(1));
      Map<String, String> change = Map.of(options.group(1), options.group(2));
      assertNotEquals(official, DistillConfigs.with(official, change), options.group());
    }
    assertEquals(new TreeSet<>(DEVIATIONS), named);
  }

  @Test
  void examplesAreConfigurations() throws IOException {
    String text = Files.readString(Path.of("../docs/distill.md"));
    Matcher files = Pattern.compile("```yaml\\n(.*?)```", Pattern.DOTALL).matcher(text);
    Matcher options = Pattern.compile("--set (?:\"([^\"]+)\"|([^\\s`]+))").matcher(text);
    int found = 0;
    for (; files.find(); found++) {
      DistillConfigs.phases(
          "docs/distill.md", YamlReader.section("docs/distill.md", files.group(1)), Map.of());
    }
    assertEquals(2, found);
    DistillConfig tiny = DistillConfigs.preset("tiny");
    for (found = 0; options.find(); found++) {
      String option = options.group(1) == null ? options.group(2) : options.group(1);
      if (!option.equals("section.option=value")) {
        int at = option.indexOf('=');
        Map<String, String> change = Map.of(option.substring(0, at), option.substring(at + 1));
        assertNotEquals(tiny, DistillConfigs.with(tiny, change), option);
      }
    }
    assertTrue(found > 4, "options " + found);
  }

  @Test
  void everyChoiceOfTheCodeIsAccountedFor() {
    List<String> choices = new ArrayList<>();
    for (var section : DistillConfig.class.getRecordComponents()) {
      Class<?> type = section.getType() == Map.class ? ExpertConfig.class : section.getType();
      for (var option : type.getRecordComponents()) {
        if (option.getType().isEnum()) {
          String name =
              option.getName().replaceAll("([A-Z])", "-$1").toLowerCase(java.util.Locale.ROOT);
          choices.add(section.getName() + "." + name);
        }
      }
    }
    assertTrue(choices.size() > 8, choices.toString());
    choices.removeAll(DEVIATIONS);
    choices.removeAll(OFFICIAL_CHOICES);
    choices.removeAll(RECIPES);
    assertEquals(List.of(), choices);
  }
}
