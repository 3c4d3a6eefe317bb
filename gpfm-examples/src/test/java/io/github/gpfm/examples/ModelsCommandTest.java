package io.github.gpfm.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.gpfm.encoder.catalog.Encoders;
import io.github.gpfm.encoder.catalog.ModelCard;
import io.github.gpfm.encoder.weights.Safetensors;
import io.github.gpfm.encoder.weights.WeightFile;
import io.github.gpfm.encoder.weights.WeightTensor;
import io.github.gpfm.testkit.Fixtures;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelsCommandTest {
  @TempDir Path folder;

  private record Run(int code, String out, String err) {}

  private static Run gpfm(String... args) {
    PrintStream out = System.out;
    PrintStream err = System.err;
    ByteArrayOutputStream outBytes = new ByteArrayOutputStream();
    ByteArrayOutputStream errBytes = new ByteArrayOutputStream();
    System.setOut(new PrintStream(outBytes, true, StandardCharsets.UTF_8));
    System.setErr(new PrintStream(errBytes, true, StandardCharsets.UTF_8));
    try {
      int code = Gpfm.run(args);
      return new Run(
          code,
          outBytes.toString(StandardCharsets.UTF_8),
          errBytes.toString(StandardCharsets.UTF_8));
    } finally {
      System.setOut(out);
      System.setErr(err);
    }
  }

  /** A file with the tensors of ResNet-50, the smallest model, all zero. */
  private Path resnet(String left, String renamed) throws IOException {
    ModelCard card = Encoders.find("resnet50");
    List<WeightTensor> tensors = new ArrayList<>();
    card.architecture()
        .tensors()
        .forEach(
            (name, shape) -> {
              int count =
                  (int) shape.stream().mapToLong(Long::longValue).reduce(1, (a, b) -> a * b);
              if (!name.equals(left)) {
                tensors.add(WeightTensor.ofFloats(name, shape, new float[count]));
              } else if (!renamed.isEmpty()) {
                tensors.add(WeightTensor.ofFloats(renamed, shape, new float[count]));
              }
            });
    Path file = folder.resolve("resnet.safetensors");
    Safetensors.write(file, tensors, Map.of());
    return file;
  }

  @Test
  void everyModelIsListedWithItsFacts() {
    Run run = gpfm("models");
    assertEquals(0, run.code(), run.err());
    for (ModelCard card : Encoders.catalog().cards()) {
      assertTrue(
          run.out()
              .lines()
              .anyMatch(
                  line ->
                      line.startsWith(card.name() + " ")
                          && line.contains(" " + card.dimension() + " ")
                          && line.contains(card.tileSize() + " @ " + card.mpp())
                          && line.endsWith(card.architecture().describe())),
          card.name());
    }
  }

  @Test
  void aModelIsShownWithPageLicenceAndCaveats() {
    Run run = gpfm("models", "show", "Virchow2");
    assertEquals(0, run.code(), run.err());
    ModelCard card = Encoders.find("virchow2");
    for (String text : List.of(card.page(), card.licence(), card.citation())) {
      assertTrue(run.out().contains(text), run.out());
    }
    assertTrue(run.out().contains("unconfirmed    licence"), run.out());
    Run unknown = gpfm("models", "show", "nobody");
    assertEquals(1, unknown.code());
    assertTrue(unknown.err().contains("'nobody'") && unknown.err().contains("uni2-h"));
  }

  @Test
  void aWeightFileIsNamedByItsTensors() throws IOException {
    Run run = gpfm("models", "check", resnet("", "").toString());
    assertEquals(0, run.code(), run.out() + run.err());
    assertTrue(run.out().contains("fits resnet50"), run.out());
  }

  @Test
  void whatAFileLacksAndHasTooMuchIsNamed() throws IOException {
    Path file = resnet("layer2.1.bn2.bias", "layer2.1.bn2.bios");
    Run run = gpfm("models", "check", file.toString());
    assertEquals(1, run.code());
    assertTrue(
        run.out()
            .contains(
                "nearest: resnet50: 1 missing (layer2.1.bn2.bias), 1 extra (layer2.1.bn2.bios)"),
        run.out());
    Run one = gpfm("models", "check", file.toString(), "--model", "resnet50");
    assertEquals(1, one.code());
    assertTrue(one.out().contains("missing         layer2.1.bn2.bias"), one.out());
    assertTrue(one.out().contains("extra           layer2.1.bn2.bios"), one.out());
  }

  @ParameterizedTest
  @ValueSource(strings = {"uni", "virchow", "prov-gigapath", "phikon-v2", "ctranspath"})
  void aSmallNetworkIsOfItsFamilyAndOfNoModel(String name) {
    Path file = Fixtures.parity("families/" + name + "/model.safetensors");
    Run run = gpfm("models", "check", file.toString());
    assertEquals(1, run.code());
    String family = run.out().lines().filter(l -> l.startsWith("family: ")).findFirst().orElse("");
    assertTrue(family.startsWith("family: that of "), run.out());
    assertTrue(family.contains(name) && !family.contains("gpfm"), family);
    assertTrue(family.endsWith("but in other sizes"), family);
    assertTrue(run.out().contains("nearest: " + name + ": "), run.out());
    assertTrue(run.out().contains(" of another shape ("), run.out());
  }

  @Test
  void aTruncatedWeightFileIsOneSentence() throws IOException {
    Path whole = Fixtures.parity("families/uni/model.safetensors");
    byte[] bytes = Files.readAllBytes(whole);
    for (int length : new int[] {0, 9, 500, bytes.length - 1}) {
      Path cut = folder.resolve("cut.safetensors");
      Files.write(cut, Arrays.copyOf(bytes, length));
      Run run = gpfm("models", "check", cut.toString());
      assertEquals(1, run.code(), run.out());
      assertEquals(1, run.err().strip().lines().count(), run.err());
      assertTrue(run.err().contains("cut.safetensors"), run.err());
    }
  }

  @Test
  void tensorsOfTwoNetworksAreOfNoFamily() throws IOException {
    Map<String, WeightTensor> mixed = new TreeMap<>();
    for (String name : List.of("uni", "resnet50")) {
      Path file = Fixtures.parity("families/" + name + "/model.safetensors");
      mixed.putAll(WeightFile.open(file).tensors());
    }
    Path file = folder.resolve("mixed.safetensors");
    Safetensors.write(file, List.copyOf(mixed.values()), Map.of());
    Run run = gpfm("models", "check", file.toString());
    assertEquals(1, run.code(), run.out());
    assertFalse(run.out().contains("family: "), run.out());
    assertTrue(run.out().contains(" extra ("), run.out());
  }

  @Test
  void aFileThatIsNoWeightFileIsOneSentence() throws IOException {
    Path text = Files.writeString(folder.resolve("notes.pth"), "not weights at all, only a text");
    Run run = gpfm("models", "check", text.toString());
    assertEquals(1, run.code());
    assertEquals(1, run.err().strip().lines().count(), run.err());
    assertTrue(run.err().contains("notes.pth"), run.err());
  }

  @Test
  void embeddingByNameWithoutWeightsSaysWhereTheyAre() {
    Run run = gpfm("embed", "no.svs", "--out", folder.resolve("out").toString(), "--model", "uni");
    assertEquals(2, run.code());
    assertTrue(run.err().contains(Encoders.find("uni").page()), run.err());
  }
}
