package io.github.gpfm.support.yaml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.gpfm.api.InvalidOptionException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rules between YAML and records, one by one. */
class YamlBinderTest {
  private enum Colour {
    DEEP_RED,
    BLUE
  }

  private record Inner(int patchSize, @Default("[]") List<String> names) {
    Inner {
      if (patchSize < 1) {
        throw new InvalidOptionException("patch-size must be positive, not " + patchSize + ".");
      }
    }
  }

  private record Common(String name, @Default("plain") String kind) {}

  private record All(
      @Inline Common common,
      int count,
      long seed,
      double rate,
      boolean on,
      Colour colour,
      Path file,
      Optional<Integer> limit,
      List<Double> mean,
      Map<String, Inner> parts,
      Inner inner,
      Optional<Inner> other) {}

  private sealed interface Shape {}

  private record Circle(double radius) implements Shape {}

  private record Square(double edge, Colour colour) implements Shape {}

  private record Drawing(List<Shape> shapes) {}

  private record OneInt(int value) {}

  private record OneLong(long value) {}

  private record OneDouble(double value) {}

  private record OneBoolean(boolean value) {}

  private record OneText(String value) {}

  private static final String ALL =
      """
      name: first
      count: 3
      seed: 9000000000
      rate: 1e-5
      on: yes
      colour: deep-red
      file: a/b.csv
      mean: [1, .5]
      parts:
        Left_1: {patch-size: 14, names: [no, 010, "x"]}
      inner: {patch-size: 16}
      """;

  private static <T> T bind(YamlBinder binder, String yaml, Class<T> type) {
    return binder.bind(YamlReader.section("here", yaml), type);
  }

  private static String refused(YamlBinder binder, String yaml, Class<?> type) {
    return assertThrows(InvalidOptionException.class, () -> bind(binder, yaml, type)).getMessage();
  }

  private static String refused(String yaml) {
    return refused(YamlBinder.strict(), yaml, All.class);
  }

  @Test
  void aSectionBecomesARecord() {
    All all = bind(YamlBinder.strict().base(Path.of("base")), ALL, All.class);
    assertEquals(
        new All(
            new Common("first", "plain"),
            3,
            9_000_000_000L,
            1e-5,
            true,
            Colour.DEEP_RED,
            Path.of("base/a/b.csv"),
            Optional.empty(),
            List.of(1.0, 0.5),
            Map.of("Left_1", new Inner(14, List.of("no", "010", "x"))),
            new Inner(16, List.of()),
            Optional.empty()),
        all);
    All more =
        bind(YamlBinder.strict(), ALL + "limit: 5\nother: {patch-size: 2}\nkind: x", All.class);
    assertEquals(Optional.of(5), more.limit());
    assertEquals(Optional.of(new Inner(2, List.of())), more.other());
    assertEquals("x", more.common().kind());
    assertEquals(
        Optional.empty(), bind(YamlBinder.strict(), ALL + "limit: null", All.class).limit());
    assertEquals("plain", bind(YamlBinder.strict(), ALL + "kind: ~", All.class).common().kind());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "count: 3|cuont: 3|here, line 2: unknown option cuont; did you mean 'count'? Known here are name, kind, count, seed,",
        "name: first|nam: first|here, line 1: unknown option nam; did you mean 'name'?",
        "patch-size: 16|patch-sise: 16|here, line 11: unknown option inner.patch-sise; did you mean 'patch-size'? Known here are patch-size, names.",
        "patch-size: 14|patch: 14|here, line 10: unknown option parts.Left_1.patch; did you mean 'patch-size'?",
        "count: 3|zzzzzzzz: 3|here, line 2: unknown option zzzzzzzz; known here are name,",
        "patch-size: 16|patch_size: 16|here, line 11: unknown option inner.patch_size; did you mean 'patch-size'?",
        "patch-size: 16|patchSize: 16|unknown option inner.patchSize; did you mean 'patch-size'?",
        "count: 3|# none|here, line 1: count is missing.",
        "name: first|# none|here, line 2: name is missing.",
        "count: 3|count: null|here, line 2: count has no value; it must be a whole number.",
        "inner: {patch-size: 16}|inner: {}|here, line 11: inner.patch-size is missing.",
        "inner: {patch-size: 16}|inner:|inner has no value; it must be a section of options.",
        "count: 3|count: x|here, line 2: count must be a whole number, not 'x'.",
        "count: 3|count: 3.5|count must be a whole number from -2147483648 to 2147483647, not '3.5'.",
        "count: 3|count: 3000000000|from -2147483648 to 2147483647, not '3000000000'.",
        "count: 3|count: '5'|count must be a whole number, not the text '5' in quotes.",
        "count: 3|count: [5]|count must be a whole number, not a list.",
        "count: 3|count: {a: 5}|count must be a whole number, not a section.",
        "rate: 1e-5|rate: fast|rate must be a number, not 'fast'.",
        "rate: 1e-5|rate: .inf|rate must be a finite number, not '.inf'.",
        "rate: 1e-5|rate: .nan|rate must be a finite number, not '.nan'.",
        "rate: 1e-5|rate: 1e999|rate must be a number that a double can hold, not '1e999'.",
        "rate: 1e-5|rate: 1e-999|rate must be a number that a double can hold, not '1e-999'.",
        "on: yes|on: 1|on must be true or false, not '1'.",
        "on: yes|on: 'yes'|on must be true or false, not the text 'yes' in quotes.",
        "colour: deep-red|colour: deap-red|colour must be one of deep-red, blue (probably 'deep-red'), not 'deap-red'.",
        "colour: deep-red|colour: [blue]|colour must be one of deep-red, blue, not a list.",
        "file: a/b.csv|file: [a]|file must be a path, not a list.",
        "name: first|name: {a: b}|name must be text, not a section.",
        "name: first|name: ~|name has no value; it must be text.",
        "'mean: [1, .5]'|mean: 1|mean must be a list, not '1'.",
        "'mean: [1, .5]'|'mean: [1, x]'|here, line 8: mean[1] must be a number, not 'x'.",
        "'mean: [1, .5]'|'mean: [1, null]'|mean[1] has no value; it must be a number.",
        "inner: {patch-size: 16}|inner: 16|inner must be a section of options, not '16'.",
        "patch-size: 16|patch-size: 0|here, line 11: inner: patch-size must be positive, not 0.",
        "patch-size: 14|patch-size: 0|here, line 10: parts.Left_1: patch-size must be positive, not 0."
      })
  void whatDoesNotFitIsNamedWithItsPlace(String from, String to, String message) {
    assertTrue(ALL.contains(from), from);
    String found = refused(ALL.replace(from, to));
    assertTrue(found.contains(message), found);
  }

  @Test
  void aNumberIsANumberInEveryForm() {
    Map<String, Double> forms = new LinkedHashMap<>();
    forms.put("1e-5", 1e-5);
    forms.put("1E5", 1e5);
    forms.put("1e+5", 1e5);
    forms.put("+1", 1.0);
    forms.put("-1", -1.0);
    forms.put(".5", 0.5);
    forms.put("-.5e1", -5.0);
    forms.put("5.", 5.0);
    forms.put("1.0e-6", 1e-6);
    forms.put("0x10", 16.0);
    forms.put("0xFF_FF", 65535.0);
    forms.put("-0b101", -5.0);
    forms.put("0o17", 15.0);
    forms.put("1_000", 1000.0);
    forms.put("1_000.5", 1000.5);
    forms.put("0", 0.0);
    forms.put("0.0", 0.0);
    forms.put("0e5", 0.0);
    forms.put("00.5", 0.5);
    forms.put("!!float 3", 3.0);
    forms.put("!!int \"3\"", 3.0);
    YamlBinder binder = YamlBinder.strict();
    forms.forEach(
        (text, value) -> {
          String yaml = "value: " + text;
          assertEquals(value, bind(binder, yaml, OneDouble.class).value(), yaml);
          if (value == Math.rint(value)) {
            assertEquals(value.intValue(), bind(binder, yaml, OneInt.class).value(), yaml);
            assertEquals(value.longValue(), bind(binder, yaml, OneLong.class).value(), yaml);
          } else {
            assertTrue(refused(binder, yaml, OneInt.class).contains("a whole number"), yaml);
          }
        });
    for (String text :
        List.of(
            "1e",
            "e5",
            "0x",
            "0xG",
            "0b2",
            "0o8",
            "1__0",
            "_1",
            "1_",
            "1:30",
            "1,5",
            ".",
            "+",
            "1e1234567890",
            "--1",
            "0x1.5",
            "1f",
            "NaN",
            "Infinity",
            "1".repeat(500))) {
      assertTrue(
          refused(binder, "value: " + text, OneDouble.class).contains("value must be a number"),
          text);
      assertTrue(
          refused(binder, "value: " + text, OneInt.class).contains("value must be a whole number"),
          text);
    }
    for (Class<?> type : List.of(OneDouble.class, OneInt.class)) {
      String long1 = refused(binder, "value: " + "1".repeat(401), type);
      assertTrue(long1.contains("number, not '111"), long1);
    }
    for (String text : List.of(".inf", "-.INF", "+.Inf", ".NaN")) {
      assertTrue(
          refused(binder, "value: " + text, OneDouble.class).contains("a finite number"), text);
    }
    for (String text : List.of("010", "-07", "08", "0_1")) {
      assertTrue(
          refused(binder, "value: " + text, OneInt.class).contains("without leading zeros"), text);
    }
  }

  @Test
  void wholeNumbersKeepTheirRange() {
    YamlBinder binder = YamlBinder.strict();
    for (long edge : List.of(Long.MIN_VALUE, Long.MAX_VALUE)) {
      assertEquals(edge, bind(binder, "value: " + edge, OneLong.class).value());
    }
    for (int edge : List.of(Integer.MIN_VALUE, Integer.MAX_VALUE)) {
      assertEquals(edge, bind(binder, "value: " + edge, OneInt.class).value());
    }
    for (String beyond :
        List.of("9223372036854775808", "-9223372036854775809", "1e19", "1e999999999")) {
      assertTrue(refused(binder, "value: " + beyond, OneLong.class).contains(beyond), beyond);
    }
    assertTrue(refused(binder, "value: 2147483648", OneInt.class).contains("2147483648"));
    assertTrue(refused(binder, "value: -2147483649", OneInt.class).contains("-2147483649"));
    assertTrue(refused(binder, "value: 1e-999999999", OneLong.class).contains("whole number"));
  }

  @Test
  void theTypeThatIsDueSaysWhatAWordMeans() {
    YamlBinder binder = YamlBinder.strict();
    for (String word : List.of("no", "010", "1e5", "true", "2001-01-01", "0x10", "'~'")) {
      assertEquals(
          word.replace("'", ""), bind(binder, "value: " + word, OneText.class).value(), word);
    }
    for (String word : List.of("true", "True", "TRUE", "yes", "on", "ON")) {
      assertTrue(bind(binder, "value: " + word, OneBoolean.class).value(), word);
    }
    for (String word : List.of("false", "no", "Off")) {
      assertEquals(false, bind(binder, "value: " + word, OneBoolean.class).value(), word);
    }
    assertEquals("", bind(binder, "value: ''", OneText.class).value());
  }

  private record Bounded(
      @Range(atLeast = 1) int count,
      @Range(moreThan = 0, lessThan = 1) Optional<Double> share,
      @Range(atLeast = 0, atMost = 2) @NotEmpty Optional<List<Integer>> parts,
      @NotEmpty Optional<String> name,
      @NotEmpty Optional<List<String>> names) {}

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          count: 0 | line 1: count must be 1 or more, not '0'.
          share: 0 | line 2: share must be more than 0 and less than 1, not '0'.
          share: 1.0 | line 2: share must be more than 0 and less than 1, not '1.0'.
          parts: [0, 3] | line 2: parts[1] must be at least 0 and at most 2, not '3'.
          parts: [] | line 2: parts must be a list of one item or more.
          name: ' ' | line 2: name must be a text that is not blank, not the text
          names: [a, ''] | line 2: names[1] must be a text that is not blank, not the text
          """)
  void componentsHaveTheirBounds(String line, String expected) {
    String yaml = line.startsWith("count") ? line : "count: 1\n" + line;
    String message = refused(YamlBinder.strict(), yaml, Bounded.class);
    assertTrue(message.contains(expected), message);
    assertEquals(
        new Bounded(
            1,
            Optional.of(0.5),
            Optional.of(List.of(0, 2)),
            Optional.of("a"),
            Optional.of(List.of("b"))),
        bind(
            YamlBinder.strict(),
            "{count: 1, share: .5, parts: [0, 2], name: a, names: [b]}",
            Bounded.class));
  }

  @Test
  void aKeyChoosesAmongRecords() {
    YamlBinder binder =
        YamlBinder.strict()
            .variants(Shape.class, "type", Map.of("circle", Circle.class, "square", Square.class));
    String yaml = "shapes: [{type: circle, radius: 2}, {edge: 1, name: b, type: square}]";
    assertEquals(
        new Drawing(List.of(new Circle(2), new Square(3, Colour.BLUE))),
        bind(
            binder,
            "shapes: [{type: circle, radius: 2}, {edge: 3, type: square, colour: blue}]",
            Drawing.class));
    assertTrue(
        refused(binder, yaml, Drawing.class)
            .contains("unknown option shapes 'b'.name; known here are type, edge, colour."),
        refused(binder, yaml, Drawing.class));
    assertTrue(
        refused(binder, "shapes: [{type: circle, radios: 2}]", Drawing.class)
            .contains("unknown option shapes[0].radios; did you mean 'radius'?"));
    assertTrue(
        refused(binder, "shapes: [{type: circle, edge: 2}]", Drawing.class)
            .contains("unknown option shapes[0].edge with 'type: circle'; it belongs to square."));
    assertTrue(
        refused(binder, "shapes: [{type: cirkle, radius: 2}]", Drawing.class)
            .contains("(probably 'circle'), not 'cirkle'."));
    assertTrue(
        refused(binder, "shapes: [{radius: 2}]", Drawing.class)
            .contains("shapes[0].type is missing."));
    assertTrue(
        refused(binder, "shapes: [{tipe: circle, radius: 2}]", Drawing.class)
            .contains("unknown option shapes[0].tipe; did you mean 'type'?"));
  }

  @Test
  void formerSpellingsAreReadWithOneNote() {
    List<String> notes = new ArrayList<>();
    YamlBinder snake = YamlBinder.strict().notes(notes::add).formerly(Spelling.SNAKE);
    YamlBinder camel = YamlBinder.strict().notes(notes::add).formerly(Spelling.CAMEL);
    Inner expected = new Inner(3, List.of());
    assertEquals(expected, bind(snake, "patch-size: 3", Inner.class));
    assertEquals(List.of(), notes);
    assertEquals(expected, bind(snake, "patch_size: 3", Inner.class));
    assertEquals(expected, bind(camel, "patchSize: 3", Inner.class));
    assertEquals(
        List.of(
            "here: former spellings were read; write 'patch-size' for 'patch_size'",
            "here: former spellings were read; write 'patch-size' for 'patchSize'"),
        notes);
    notes.clear();
    All all =
        bind(
            snake,
            ALL.replace("patch-size", "patch_size").replace("deep-red", "DEEP_RED"),
            All.class);
    assertEquals(Set.of("Left_1"), all.parts().keySet());
    assertEquals(Colour.DEEP_RED, all.colour());
    assertEquals(
        List.of(
            "here: former spellings were read; write 'deep-red' for 'DEEP_RED',"
                + " 'patch-size' for 'patch_size'"),
        notes);
    assertTrue(refused(snake, "patchSize: 3", Inner.class).contains("did you mean 'patch-size'?"));
    assertTrue(refused(camel, "patch_size: 3", Inner.class).contains("did you mean 'patch-size'?"));
    assertTrue(
        refused(snake, "patch_size: 3\npatch-size: 4", Inner.class)
            .contains(
                "here, line 2: patch-size is given twice, first in line 1 under another spelling"));
  }

  @Test
  void aSectionIsLaidOverAnotherNodeByNode() {
    YamlBinder binder = YamlBinder.strict().formerly(Spelling.SNAKE);
    YamlNode.Section base =
        YamlReader.section("base", "a: {b: 1, c-d: 2}\nwhole: {x: 1, y: 2}\nlist: [1, 2]\nz: 1");
    YamlNode.Section over =
        YamlReader.section("over", "a: {c_d: 3, e: 4}\nwhole: {x: 5}\nlist: [6]\nz:");
    YamlNode.Section merged = binder.overlay(base, over, Set.of("whole"));
    YamlNode.Section a = (YamlNode.Section) merged.find("a").orElseThrow();
    assertEquals(List.of("b", "c_d", "e"), List.copyOf(a.entries().keySet()));
    assertEquals("base, line 1", a.entries().get("b").keyPlace().toString());
    assertEquals("over, line 1", a.entries().get("c_d").keyPlace().toString());
    assertEquals(
        Set.of("x"), ((YamlNode.Section) merged.find("whole").orElseThrow()).entries().keySet());
    assertEquals(1, ((YamlNode.Items) merged.find("list").orElseThrow()).values().size());
    assertTrue(merged.entries().get("z").value().isNull());
    assertTrue(
        ((YamlNode.Section) binder.overlay(base, over, Set.of()).find("whole").orElseThrow())
            .entries()
            .containsKey("y"));
  }

  @Test
  void singleValuesStandForListsAndOwnTypesAreMadeWhereAskedFor() {
    YamlBinder binder =
        YamlBinder.strict()
            .singleAsList()
            .with(
                String.class,
                (node, path) -> {
                  if (node instanceof YamlNode.Scalar scalar && !scalar.text().isBlank()) {
                    return scalar.text().toUpperCase(java.util.Locale.ROOT);
                  }
                  throw YamlBinder.wrong(node, path, "a word");
                });
    assertEquals(List.of("ABC"), bind(binder, "patch-size: 1\nnames: abc", Inner.class).names());
    assertTrue(
        refused(binder, "patch-size: 1\nnames: ['']", Inner.class)
            .contains("here, line 2: names[0] must be a word, not the text '' in quotes."));
    assertTrue(
        refused(binder, "patch-size: 1\nnames: [~]", Inner.class)
            .contains("names[0] has no value"));
    assertTrue(
        refused(binder, "patch-size: 1\nnames: {a: b}", Inner.class)
            .contains("names must be a list, not a section."));
  }

  @Test
  void whatIsWrittenIsReadBack() {
    All all = bind(YamlBinder.strict(), ALL + "limit: 5\nother: {patch-size: 2}", All.class);
    assertEquals(all, bind(YamlBinder.strict(), YamlWriter.write(all), All.class));
    assertEquals(all, YamlBinder.strict().bind(YamlWriter.tree("tree", all), All.class));
    for (String text : List.of("", "~", "no", "1e5", "'", "a: b", "#x", " x ", "ü\n")) {
      OneText one = new OneText(text);
      assertEquals(one, bind(YamlBinder.strict(), YamlWriter.write(one), OneText.class));
      assertEquals(one, YamlBinder.strict().bind(YamlWriter.tree("t", one), OneText.class));
    }
    for (double number : List.of(1e-300, -0.1, 1e22, Math.PI, 0.0)) {
      OneDouble one = new OneDouble(number);
      assertEquals(one, bind(YamlBinder.strict(), YamlWriter.write(one), OneDouble.class));
    }
  }

  @Test
  void singleValuesAreSetByTheirPath() {
    All all = bind(YamlBinder.strict(), ALL, All.class);
    YamlNode.Section tree = YamlWriter.tree("configuration", all);
    Map<String, String> changes = new LinkedHashMap<>();
    changes.put("inner.patch-size", "7");
    changes.put("parts", "{new: {patch-size: 1}}");
    changes.put("parts.new.names", "[a]");
    changes.put("rate", "1e-3");
    All changed = YamlBinder.strict().bind(YamlOverrides.apply(tree, "--set", changes), All.class);
    assertEquals(7, changed.inner().patchSize());
    assertEquals(Map.of("new", new Inner(1, List.of("a"))), changed.parts());
    assertEquals(1e-3, changed.rate());
    assertEquals(3, changed.count());
    Map<String, String> wrong = new LinkedHashMap<>();
    wrong.put(
        "iner.patch-size=1", "--set iner.patch-size: there is no 'iner'; did you mean 'inner'?");
    wrong.put("inner.patch=1", "--set inner.patch: unknown option inner.patch; did you");
    wrong.put("count.x=1", "--set count.x: count has no options of its own.");
    wrong.put("count=x", "--set count: count must be a whole number, not 'x'.");
    wrong.put("count=", "--set count: count has no value; it must be a whole number.");
    wrong.put("count=[1", "--set count is not valid YAML (line 1: ");
    wrong.put("inner..patch-size=1", "--set inner..patch-size: there is no ''");
    wrong.put("=1", "--set : unknown option ;");
    wrong.forEach(
        (option, message) -> {
          int at = option.indexOf('=');
          Map<String, String> change = Map.of(option.substring(0, at), option.substring(at + 1));
          String found =
              assertThrows(
                      InvalidOptionException.class,
                      () ->
                          YamlBinder.strict()
                              .bind(YamlOverrides.apply(tree, "--set", change), All.class))
                  .getMessage();
          assertTrue(found.startsWith(message), found);
        });
  }

  @Test
  void theNearestNameIsTheOneWithTheFewestChanges() {
    List<String> known = List.of("learning-rate", "epochs", "seeds", "head", "protocol");
    assertEquals(Optional.of("learning-rate"), NearestName.of("learning_rat", known));
    assertEquals(Optional.of("seeds"), NearestName.of("seed", known));
    assertEquals(Optional.of("protocol"), NearestName.of("protocl", known));
    assertEquals(Optional.of("head"), NearestName.of("hed", known));
    assertEquals(Optional.of("epochs"), NearestName.of("EPOHCS", known));
    assertEquals(Optional.of("learning-rate"), NearestName.of("rate", known));
    assertEquals(Optional.empty(), NearestName.of("weight", known));
    assertEquals(Optional.empty(), NearestName.of("", known));
    assertEquals(Optional.empty(), NearestName.of("x".repeat(1000), known));
    assertEquals(1, NearestName.distance("epohcs", "epochs"));
    assertEquals(3, NearestName.distance("kitten", "sitting"));
    assertEquals(4, NearestName.distance("", "head"));
  }
}
