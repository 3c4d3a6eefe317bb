package io.github.gpfm.support.yaml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.gpfm.api.InvalidOptionException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Documents are read within limits, and what has no business in them is refused with its line. */
class YamlReaderTest {
  private static final YamlLimits SMALL = new YamlLimits(1000, 5, 3, 20);

  @TempDir private Path folder;

  private static String refused(String text) {
    String message =
        assertThrows(InvalidOptionException.class, () -> YamlReader.section("here", text))
            .getMessage();
    assertFalse(message.contains("\n"), message);
    return message;
  }

  private static String refusedAsTooMuch(String text) {
    return assertThrows(InvalidOptionException.class, () -> YamlReader.section("here", text, SMALL))
        .getMessage();
  }

  @Test
  void everyValueKnowsItsLine() {
    YamlNode.Section top = YamlReader.section("here", "a: 1\nb:\n  c: [2,\n    3]\n");
    assertEquals("here, line 1", top.entries().get("a").keyPlace().toString());
    YamlNode.Entry b = top.entries().get("b");
    assertEquals(2, b.keyPlace().line());
    YamlNode.Items c = (YamlNode.Items) ((YamlNode.Section) b.value()).find("c").orElseThrow();
    assertEquals(
        List.of(
            new YamlNode.Scalar("2", true, new YamlPlace("here", 3)),
            new YamlNode.Scalar("3", true, new YamlPlace("here", 4))),
        c.values());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'a: 1;b: 2;a: 3'|here, line 3: 'a' is given twice, first in line 1; leave one out.",
        "'a: {b: 1, b: 2}'|here, line 1: 'b' is given twice",
        "'x: &s {b: 1};a: {<<: *s, <<: *s}'|here, line 2: '<<' is given twice",
        "'a: !!java.net.URL [x]'|the tag 'tag:yaml.org,2002:java.net.URL' is not allowed",
        "'a: !!binary aGk='|the tag 'tag:yaml.org,2002:binary' is not allowed",
        "'a: !!set {x}'|the tag 'tag:yaml.org,2002:set' is not allowed",
        "'a: !x 1'|the tag '!x' is not allowed; write the value without it.",
        "'!x a: 1'|here, line 1: a key must be a text.",
        "'? [a, b];: 1'|here, line 1: a key must be a text.",
        "'a: 1;\"\": 2'|here, line 2: a key must be a text.",
        "'a: &x [1, *x]'|here, line 1: a value holds itself by an alias.",
        "'a: &x {b: *x}'|here, line 1: a value holds itself by an alias.",
        "'a: {<<: 3}'|here, line 1: '<<' merges sections only; give it an alias of one.",
        "'a: 1;b: [2'|here is not valid YAML (line 2: ",
        "'a: b: c'|here is not valid YAML (line 1: mapping values are not allowed here); correct it there.",
        "'a: *nobody'|here is not valid YAML (line 1: found undefined alias nobody)",
        "'--- {a: 1};--- {b: 2}'|here is not valid YAML (line 2: ",
        "'[1, 2]'|here, line 1: it must be a section of options, not a list.",
        "'just words'|here, line 1: it must be a section of options, not 'just words'.",
      })
  void whatHasNoBusinessInAConfigurationIsRefused(String text, String message) {
    String found = refused(text.replace(';', '\n'));
    assertTrue(found.contains(message), found);
  }

  @Test
  void controlCharactersDoNotReachTheTerminal() {
    assertFalse(refused("a: \u001b[31m").contains("\u001b"));
    String twice = refused("\"\\e[31m\": 1\n\"\\e[31m\": 2\n");
    assertFalse(twice.contains("\u001b"), twice);
    assertTrue(twice.contains("\\x1b[31m"), twice);
  }

  @Test
  void theLimitsHold() {
    assertTrue(
        refusedAsTooMuch("a: " + "[".repeat(6) + "]".repeat(6)).contains("Nesting Depth exceeded"));
    // Each alias is flat; together they are deep.
    assertTrue(
        refusedAsTooMuch("a: &a [[[1]]]\nb: [[*a]]").contains("are more than 5 deep"),
        "depth by aliases");
    assertTrue(refusedAsTooMuch("a: &a [1]\nb: [*a, *a, *a, *a]").contains("aliases"));
    assertTrue(
        refusedAsTooMuch("a: [" + "1,".repeat(20) + "]")
            .contains("here has more than 20 values, those that aliases repeat included"));
    String full = "a: [" + "1,".repeat(18) + "]";
    assertEquals(1, YamlReader.section("here", full, SMALL).entries().size());
    assertTrue(refusedAsTooMuch(full + "\nb: 1").contains("more than 20 values"));
  }

  @Test
  void aBombOfAliasesEndsAtOnce() throws IOException {
    String bomb =
        new String(
            YamlReaderTest.class.getResourceAsStream("bomb2.yaml").readAllBytes(),
            StandardCharsets.UTF_8);
    assertEquals(
        "here has more than 200,000 values, those that aliases repeat included; write fewer.",
        assertTimeoutPreemptively(Duration.ofSeconds(5), () -> refused(bomb)));
  }

  @Test
  void mergesAreOverriddenByWhatIsWritten() {
    YamlNode.Section top =
        YamlReader.section(
            "here",
            """
            one: &one {a: 1, b: 1}
            two: &two {b: 2, c: 2}
            all: {<<: [*one, *two], d: 3, a: 4}
            """);
    YamlNode.Section all = (YamlNode.Section) top.find("all").orElseThrow();
    assertEquals(List.of("a", "b", "c", "d"), List.copyOf(all.entries().keySet()));
    assertEquals("4", ((YamlNode.Scalar) all.find("a").orElseThrow()).text());
    assertEquals("1", ((YamlNode.Scalar) all.find("b").orElseThrow()).text());
    assertEquals(2, all.find("c").orElseThrow().place().line());
  }

  @Test
  void filesAreReadAsText() throws IOException {
    Path file = folder.resolve("a.yaml");
    Files.writeString(file, "\uFEFFa: ü\n");
    assertEquals(Set.of("a"), YamlReader.file(file).entries().keySet());
    assertEquals("'" + file + "'", YamlReader.file(file).place().source());
    Files.write(file, "a: ü\n".getBytes(StandardCharsets.ISO_8859_1));
    assertTrue(
        assertThrows(InvalidOptionException.class, () -> YamlReader.file(file))
            .getMessage()
            .endsWith("a.yaml' is not text in UTF-8; save it as that."));
    Files.writeString(file, "#".repeat(YamlLimits.DEFAULT.bytes() + 1));
    assertTrue(
        assertThrows(InvalidOptionException.class, () -> YamlReader.file(file))
            .getMessage()
            .endsWith("a.yaml' has more than 4,194,304 bytes; that is no configuration."));
    Files.writeString(file, "# nothing\n");
    assertTrue(YamlReader.file(file).entries().isEmpty());
    assertThrows(NoSuchFileException.class, () -> YamlReader.file(folder.resolve("b.yaml")));
  }
}
