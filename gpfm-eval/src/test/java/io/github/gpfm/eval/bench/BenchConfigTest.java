package io.github.gpfm.eval.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.gpfm.eval.Protocol;
import io.github.gpfm.testkit.Misspellings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A configuration says what it means, or is refused with the place of what it does not. */
class BenchConfigTest {
  private static final String ENCODERS = "encoders: [{name: e, features: f}]\n";

  @TempDir private Path folder;

  private BenchConfig read(String yaml) throws IOException {
    Path file = folder.resolve("tasks.yaml");
    Files.writeString(file, yaml);
    return BenchConfig.read(file);
  }

  private String refused(String yaml) {
    return assertThrows(BenchConfigException.class, () -> read(yaml), yaml).getMessage();
  }

  private static String task(String type, String keys) {
    return ENCODERS
        + "tasks:\n  - {name: t, type: "
        + type
        + (keys.isEmpty() ? "" : ", ")
        + keys
        + "}\n";
  }

  /** A value that is no number of the range, no choice, no list, …: key, and what is expected. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          survival | table: l.csv, loss: cxo | t'.loss | (probably 'cox') | 'cxo'
          wsi-classification | table: l.csv, level: patients | .level | one of slide, patient (probably 'patient') | 'patients'
          wsi-classification | table: l.csv, cases: owned | .cases | one of shared, own (probably 'own') | 'owned'
          wsi-classification | table: l.csv, head: abmill | .head | (probably 'abmil') | 'abmill'
          wsi-classification | table: l.csv, head: coxnet | .head | for wsi-classification one of abmil | 'coxnet'
          survival | table: l.csv, head: dsmil | .head | for survival one of abmil | 'dsmil'
          survival | table: l.csv, head: dtfd | .head | for survival one of abmil | 'dtfd'
          wsi-regression | table: l.csv, targets: [x], head: coxnet | .head | for wsi-regression one of abmil | 'coxnet'
          wsi-classification | table: l.csv, metric: acc | .metric | one of | 'acc'
          wsi-classification | table: l.csv, metric: knn1_auc | .metric | one of | 'knn1_auc'
          survival | table: l.csv, folds: 1 | .folds | 3 or more | '1'
          survival | table: l.csv, folds: 2.5 | .folds | a whole number | '2.5'
          survival | table: l.csv, learning-rate: 0 | .learning-rate | more than 0 | '0'
          survival | table: l.csv, learning-rate: -1e-5 | .learning-rate | more than 0 | '-1e-5'
          survival | table: l.csv, learning-rate: .nan | .learning-rate | a finite number | '.nan'
          survival | table: l.csv, learning-rate: '1e-4' | .learning-rate | a number | quotes
          survival | table: l.csv, learning-rate: [1e-4] | .learning-rate | a number | a list
          survival | table: l.csv, dropout: 1 | .dropout | at least 0 and less than 1 | '1'
          survival | table: l.csv, epochs: 0 | .epochs | 1 or more | '0'
          survival | table: l.csv, epochs: many | .epochs | a whole number | 'many'
          survival | table: l.csv, balanced: 1 | .balanced | true or false | '1'
          survival | table: l.csv, loss: cox, cases-per-step: 1 | .cases-per-step | 2 or more | '1'
          survival | table: l.csv, head: linear, l1-ratio: 1.5 | .l1-ratio | at most 1 | '1.5'
          survival | table: l.csv, head: transmil, hidden: 40 | .hidden | a multiple of 16 | '40'
          survival | table: {a: b} | .table | a path | a section
          wsi-classification | table: l.csv, shots: [4, 0] | .shots[1] | 1 or more | '0'
          wsi-classification | table: l.csv, shots: [4, 4] | .shots | names nothing twice | a list
          wsi-classification | table: l.csv, classes: [] | .classes | one item or more | a list
          wsi-classification | table: l.csv, classes: a | .classes | a list | 'a'
          wsi-classification | table: l.csv, label: '' | .label | not blank | quotes
          roi-classification | images: i, train-share: 1 | .train-share | less than 1 | '1'
          roi-classification | images: i, group: '(' | .group | a regular expression (unclosed group) | '('
          roi-robustness | images: i, shifts: [hed, jpg] | .shifts[1] | (probably 'jpeg') | 'jpg'
          roi-robustness | images: i, center: '[' | .center | a regular expression | '['
          vqa | table: l.csv, heads: 3 | .heads | 'width' (128) is a multiple of 'heads' (3) | '3'
          report-generation | table: l.csv, beams: 0 | .beams | 1 or more | '0'
          roi-clasification | images: i | .type | (probably 'roi-classification') | 'roi-clasification'
          """)
  void wrongValues(String type, String keys, String key, String expected, String found) {
    String message = refused(task(type, keys));
    for (String part : List.of("tasks.yaml', line 3: ", key, "must be ", expected, found)) {
      assertTrue(message.contains(part), part + " in " + message);
    }
  }

  /** A key that says nothing beside the others is refused, and so is what is missing. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          survival | table: l.csv, label: x | .label with 'type: survival'; it belongs to
          survival | table: l.csv, level: patient | .level with 'type: survival'; it belongs to
          survival | table: l.csv, shots: [4] | .shots with 'type: survival'; it belongs to
          wsi-classification | table: l.csv, loss: cox | .loss with 'type: wsi-classification'; it belongs to survival
          roi-retrieval | images: i, epochs: 5 | .epochs with 'type: roi-retrieval'; it belongs to
          roi-robustness | images: i, center: x, train: t | .train with 'type: roi-robustness'; it belongs to
          vqa | table: l.csv, beams: 2 | .beams with 'type: vqa'; it belongs to report-generation
          survival | table: l.csv, splits: s, folds: 5 | .folds has no effect beside 'splits'
          survival | table: l.csv, fold-columns: s, folds: 5 | .folds has no effect beside 'fold-columns'
          survival | table: l.csv, classes: [a, b] | .classes has no effect with survival
          survival | table: l.csv, train-on: u, folds: 5 | .folds has no effect with 'train-on'
          roi-classification | images: i, table: t.csv | .table has no effect beside 'images'
          roi-classification | images: i, test: t | .test has no effect beside 'images'
          roi-classification | images: i, label: x | .label has no effect without a table
          roi-classification | train: a, val: b, train-share: 0.5 | .train-share has no effect without
          roi-classification | val: b | .val has no effect without 'train'
          roi-classification | train: a | needs 'val' or 'test'
          roi-robustness | images: i | needs 'center' or 'shifts'
          roi-robustness | center: x | needs 'images' or 'table'
          roi-robustness | table: t.csv, shifts: [hed] | .shifts has no effect without 'images'
          wsi-classification | "" | needs 'table'
          vqa | "" | needs 'table'
          wsi-multilabel | table: l.csv | needs 'targets'
          survival | table: l.csv, train-on: u | there is no such task of type survival that trains
          """)
  void keysWithoutEffect(String type, String keys, String expected) {
    String message = refused(task(type, keys));
    assertTrue(message.contains("tasks.yaml', line 3: "), message);
    assertTrue(message.contains(expected), expected + " in " + message);
  }

  /** What only tunes another training is named, and decides nothing. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          survival | table: l.csv, head: linear, epochs: 5 | 'epochs' has no effect with 'head: linear'
          survival | table: l.csv, head: coxnet, loss: cox | 'loss' has no effect with 'head: coxnet'
          survival | table: l.csv, l1-ratio: 0.5 | 'l1-ratio' has no effect with 'head: abmil'
          survival | table: l.csv, cases-per-step: 8 | 'cases-per-step' has no effect without 'loss: cox'
          survival | table: l.csv, tile_size: 512 | 'tile-size' has no effect without 'attention-maps'
          survival | table: l.csv, epochs: 30, patience: 5 | 'patience' has no effect on 30 epochs
          survival | table: l.csv, train-on: u, hidden: 5 | 'hidden' has no effect with 'train-on'
          wsi-classification | table: l.csv, head: mean, attention: 8 | 'attention' has no effect with 'head: mean'
          wsi-classification | table: l.csv, head: dsmil, dropout: 0.1 | 'dropout' has no effect with 'head: dsmil'
          wsi-classification | table: l.csv, head: transmil, dropout: 0.1 | 'dropout' has no effect with 'head: transmil'
          wsi-classification | table: l.csv, pseudo-bags: 5 | 'pseudo-bags' has no effect with 'head: abmil'
          survival | table: l.csv, head: panther, hidden: 5 | 'hidden' has no effect with 'head: panther'
          survival | table: l.csv, prototypes: 5 | 'prototypes' has no effect with 'head: abmil'
          wsi-classification | table: l.csv, cases-per-step: 5 | 'cases-per-step' has no effect without 'loss: cox' or 'head: hmil'
          wsi-regression | table: l.csv, targets: [a], balanced: true | 'balanced' has no effect with wsi-regression
          """)
  void tuningWithoutEffect(String type, String keys, String expected) throws IOException {
    String other = "\n  - {name: u, type: survival, table: l.csv}\n";
    BenchConfig config = read(task(type, keys).strip() + other);
    TaskDefinition task = config.tasks().get(0);
    List<String> named = new ArrayList<>();
    IdleKeys.of(task.type(), task.settings(), config.encoders().get(0))
        .forEach((key, reason) -> named.add("'" + key + "' has no effect " + reason));
    assertEquals(1, named.size(), named.toString());
    assertTrue(named.get(0).contains(expected), named.toString());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          seeds: [] | seeds must be a list of one item or more.
          seeds: [1, -1] | seeds[1] must be 0 or more, not '-1'
          seeds: [1, 1] | seeds must be a list that names nothing twice.
          seeds: 3 | seeds must be a list, not '3'
          replicates: 0 | replicates must be 2 or more, not '0'
          replicates: 1e9999 | replicates must be a whole number
          protocol: offical | (probably 'official')
          protocl: official | unknown option protocl; did you mean 'protocol'
          """)
  void theFileItself(String line, String expected) {
    String message = refused(line + "\n" + task("survival", "table: l.csv"));
    assertTrue(message.contains("line 1: ") && message.contains(expected), message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          {name: e} | given one of 'features', 'weights', 'model', 'builtin' and 'fuse'
          {name: '', features: f} | name must be a text that is not blank
          {features: f} | name is missing
          {name: e, builtin: tyny} | (probably 'tiny')
          {name: e, builtin: tiny, weights: w} | builtin must be left out
          {name: e, model: unii, weights: w} | probably 'uni
          {name: e, model: uni} | weights is missing; it must be given
          {name: e, feature: f} | did you mean 'features'
          {name: a/b, features: f}, {name: a_b, features: f} | a name that no other encoder has
          """)
  void encoders(String encoder, String expected) {
    String message =
        refused("tasks: [{name: t, type: survival, table: l}]\nencoders: [" + encoder + "]\n");
    assertTrue(message.contains("tasks.yaml', line 2: "), message);
    assertTrue(message.contains(expected), expected + " in " + message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          catalogue: journal-73, task: UBC-OCEAN, table: l | (probably 'journal-72')
          catalogue: journal-72, table: l | task is missing
          catalogue: journal-72, task: UBC-OCAEN, table: l | probably 'UBC-OCEAN'
          catalogue: journal-72, task: UBC-OCEAN | needs 'table'
          catalogue: journal-72, task: UBC-OCEAN, table: l, splits: s, folds: 9 | .folds has no effect beside 'splits'
          task: UBC-OCEAN, type: survival, table: l | unknown option
          """)
  void catalogues(String keys, String expected) {
    String message = refused(ENCODERS + "tasks: [{" + keys + "}]\n");
    assertTrue(message.contains("tasks.yaml', line 2: "), message);
    assertTrue(message.contains(expected), expected + " in " + message);
  }

  @Test
  void everyFormOfANumberAndFormerSpellingsAreRead() throws IOException {
    BenchConfig config =
        read(
            "Protocol: Official\n".toLowerCase(java.util.Locale.ROOT)
                + "seeds: [0x10, 1e1, 7]\nreplicates: 1_000\n"
                + task(
                    "survival",
                    "table: l.csv, learning_rate: 1e-5, weight-decay: +.5E-2, sure_epochs: 3.0,"
                        + " head: GATED_ABMIL, loss: nll"));
    assertEquals(List.of(16L, 10L, 7L), config.seeds());
    assertEquals(1000, config.replicates());
    assertEquals(Protocol.OFFICIAL, config.protocol());
    Settings task = config.tasks().get(0).settings();
    assertEquals(1e-5, task.number("learning-rate", 0));
    assertEquals(0.005, task.number("weight-decay", 0));
    assertEquals(3, task.integer("sure-epochs", 0));
    assertEquals(HeadKind.GATED_ABMIL, task.choice("head", HeadKind.ABMIL));
    assertEquals("gated-abmil", task.text("head").orElseThrow());
  }

  /** Each key of the documented example misspelt in turn. */
  @Test
  void everyMisspeltKeyIsRefused() throws IOException {
    String text = Files.readString(Path.of("../docs/eval.md"));
    Matcher example = Pattern.compile("```yaml\\n(protocol:.*?)```", Pattern.DOTALL).matcher(text);
    assertTrue(example.find());
    String yaml = example.group(1);
    assertEquals(13, read(yaml).tasks().size());
    List<Misspellings.Case> cases = Misspellings.of(yaml, "coarse"::equals);
    assertTrue(cases.size() > 60, "keys " + cases.size());
    for (Misspellings.Case one : cases) {
      String message = refused(one.yaml());
      boolean named = message.contains(one.wrong()) || message.contains(one.key());
      assertTrue(named && message.contains("tasks.yaml', line "), one + ": " + message);
    }
  }

  @Test
  void aBenchmarkHasTasks() {
    assertTrue(refused(ENCODERS).contains("line 1: tasks is missing"));
    assertTrue(
        refused(ENCODERS + "tasks: []").contains("line 2: tasks must be a list of one item"));
  }

  @Test
  void aFileThatIsNotThereIsNamed() {
    BenchConfigException e =
        assertThrows(
            BenchConfigException.class, () -> BenchConfig.read(folder.resolve("none.yaml")));
    assertTrue(e.getMessage().contains("none.yaml"), e.getMessage());
  }
}
