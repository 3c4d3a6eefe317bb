package io.github.gpfm.encoder.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.gpfm.encoder.vit.FeedForward;
import io.github.gpfm.testkit.Misspellings;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ModelCatalogTest {
  @TempDir Path folder;

  private static final String MODEL =
      """
      models:
        - name: mine
          title: My model
          architecture: {type: vit, width: 32, depth: 2, heads: 4, patch-size: 16, grid: 4,
            feed-forward: gelu, hidden: 128, layer-scale: true, registers: 0,
            position-rows: class, position-resampling: antialias, norm-eps: 1.0e-6}
          layout: LAYOUT
          feature: class-token
          preprocessing: {resize: exact, size: 64, interpolation: bicubic, crop: 0,
            mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5]}
          tile-size: 64
          mpp: 0.5
          files: [mine.pth]
          page: https://example.org/mine
          licence: MIT
          citation: none
          check: by hand
      """;

  private Path write(String text) throws IOException {
    return Files.writeString(folder.resolve("models.yaml"), text);
  }

  @Test
  void theCatalogueHasTheModelsOfThePaperAndTheirSuccessors() {
    Set<String> names =
        Encoders.catalog().cards().stream().map(ModelCard::name).collect(Collectors.toSet());
    assertTrue(
        names.containsAll(
            Set.of(
                "gpfm",
                "uni",
                "uni2-h",
                "phikon",
                "phikon-v2",
                "conch",
                "plip",
                "ctranspath",
                "chief",
                "prov-gigapath",
                "virchow",
                "virchow2",
                "h-optimus-0",
                "h-optimus-1",
                "h0-mini",
                "midnight",
                "resnet50")),
        names.toString());
    for (String size : List.of("s", "b", "l", "g")) {
      assertTrue(names.contains("dinov2-vit" + size + "14"));
      assertTrue(names.contains("dinov2-vit" + size + "14-reg"));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "gpfm, 1024, 303228928",
    "uni, 1024, 303350784",
    "uni2-h, 1536, 681394176",
    "phikon, 768, 85798656",
    "conch, 512, 90392832",
    "plip, 512, 87849216",
    "ctranspath, 768, 27520038",
    "prov-gigapath, 1536, 1134953984",
    "virchow, 2560, 631229184",
    "virchow2, 2560, 631239424",
    "h-optimus-0, 1536, 1134774272",
    "h0-mini, 768, 85739520",
    "dinov2-vitg14-reg, 1536, 1136486912",
    "resnet50, 1024, 8543296"
  })
  void dimensionsAndParameterCountsAreThePublishedOnes(String name, int dimension, long count) {
    ModelCard card = Encoders.find(name);
    Map<String, List<Long>> parameters = new LinkedHashMap<>(card.architecture().tensors());
    card.architecture()
        .optionalTensors()
        .forEach(
            (tensor, shape) -> {
              if (tensor.equals("mask_token") && card.layout().name().startsWith("dinov2")) {
                parameters.put(tensor, shape);
              }
            });
    parameters.keySet().removeIf(tensor -> tensor.contains(".running_"));
    long found =
        parameters.values().stream()
            .mapToLong(shape -> shape.stream().reduce(1L, (a, b) -> a * b))
            .sum();
    assertEquals(dimension, card.dimension());
    assertEquals(count, found);
  }

  @Test
  void aModelThatIsNotThereIsAnsweredWithThoseThatAre() {
    CatalogException e = assertThrows(CatalogException.class, () -> Encoders.find("unknown"));
    assertTrue(e.getMessage().contains("uni2-h"), e.getMessage());
    assertEquals("uni2-h", Encoders.find("UNI2-h").name());
  }

  @Test
  void aUsersFileAddsAModelWithItsOwnTensorNames() throws IOException {
    String layout =
        """
        layouts:
          - name: my-names
            strip: [net.]
            keys:
              "blocks.{i}.attn.qkv.{p}": ["b.{i}.q.{p}", "b.{i}.k.{p}", "b.{i}.v.{p}"]
              cls_token: first
            without-leading-ones: [cls_token]
            ignored: [optimiser.*]
        """;
    ModelCatalog catalog =
        Encoders.catalog().with(write(layout + MODEL.replace("LAYOUT", "my-names")));
    ModelCard card = catalog.find("mine");
    assertEquals(Encoders.catalog().cards().size() + 1, catalog.cards().size());
    assertEquals(32, card.dimension());

    Map<String, List<Long>> file = new HashMap<>();
    card.architecture().tensors().forEach((name, shape) -> file.put("net." + name, shape));
    file.remove("net.cls_token");
    file.put("net.first", List.of(32L));
    for (int i = 0; i < 2; i++) {
      file.remove("net.blocks." + i + ".attn.qkv.weight");
      file.remove("net.blocks." + i + ".attn.qkv.bias");
      for (String part : List.of("q", "k", "v")) {
        file.put("net.b." + i + "." + part + ".weight", List.of(32L, 32L));
        file.put("net.b." + i + "." + part + ".bias", List.of(32L));
      }
    }
    file.put("optimiser.step", List.of());
    assertTrue(card.check(file).fits(), card.check(file).describe(20));
    assertEquals("mine", catalog.identify(file).get(0).model());

    file.put("net.b.1.k.bias", List.of(31L));
    assertEquals(
        List.of(new WeightsReport.MisShaped("net.b.1.k.bias", List.of(32L), List.of(31L))),
        card.check(file).misShaped());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "width: 32|width: thick|models 'mine'.architecture.width must be a whole number, not 'thick'.",
        "width: 32, |''|models 'mine'.architecture.width is missing.",
        "width: 32|breadth: 32|line 4: unknown option models 'mine'.architecture.breadth; known here are type, width,",
        "width: 32|widht: 32|models 'mine'.architecture.widht; did you mean 'width'? Known here are type, width,",
        "title: My model|titel: My model|line 3: unknown option models 'mine'.titel; did you mean 'title'?",
        "title: My model|title: ' '|line 3: models 'mine'.title must be text, not the text ' ' in quotes.",
        "norm-eps: 1.0e-6|norm-eps: .inf|models 'mine'.architecture.norm-eps must be a finite number, not '.inf'.",
        "size: 64|size: 64.5|models 'mine'.preprocessing.size must be a whole number",
        "hidden: 128|hidden: 128, colour: red|unknown option models 'mine'.architecture.colour; known here are",
        "heads: 4|heads: 5|models 'mine'.architecture: heads 5 does not divide width 32.",
        "type: vit|type: unet|models 'mine'.architecture.type must be one of clip-vision",
        "feature: class-token|feature: contrast|Model 'mine' has no feature contrast",
        "feed-forward: gelu|feed-forward: mish|must be one of gelu, quick-gelu, gelu-tanh, relu, silu, swiglu, not 'mish'",
        "layout: timm|layout: nobody|models 'mine'.layout must be one of timm",
        "mpp: 0.5|mpp: -1|mpp must be a positive number",
        "size: 64|size: 60|patchSize 16 does not divide the input size 60",
        "crop: 0|crop: 65|crop must be 1 to size 64",
        "models:|model:|line 1: unknown option model; did you mean 'models'? Known here are layouts, models.",
        "title: My model|title: My model: it|is not valid YAML (line 3: mapping values",
        "tile-size: 64|name: twice|line 11: 'name' is given twice, first in line 2; leave one out."
      })
  void aFaultInAUsersFileIsNamed(String from, String to, String message) throws IOException {
    String text = MODEL.replace("LAYOUT", "timm");
    assertTrue(text.contains(from), from);
    Path file = write(text.replace(from, to));
    CatalogException e = assertThrows(CatalogException.class, () -> Encoders.catalog().with(file));
    assertTrue(e.getMessage().contains(message), e.getMessage());
    assertTrue(e.getMessage().contains(file.toString()), e.getMessage());
    assertFalse(e.getMessage().contains("\n"), e.getMessage());
  }

  static List<Misspellings.Case> misspelt() {
    String layouts =
        "layouts: [{name: n, strip: [a], chunked-blocks: no, keys: {a: b},"
            + " without-leading-ones: [c], config-json: no, ignored: [d]}]\n";
    String model = MODEL.replace("LAYOUT", "n") + "    sizes-from-file: no\n    unconfirmed: [x]\n";
    return Misspellings.of(layouts + model, "keys"::equals);
  }

  @ParameterizedTest
  @MethodSource
  void misspelt(Misspellings.Case mistake) throws IOException {
    Path file = write(mistake.yaml());
    String message =
        assertThrows(CatalogException.class, () -> Encoders.catalog().with(file)).getMessage();
    assertTrue(
        message.contains(mistake.wrong() + "; did you mean '" + mistake.key() + "'?"), message);
    assertTrue(message.startsWith("'" + file + "', line "), message);
  }

  @Test
  void theBuiltInFilesAndTheExampleHaveTodaysSpelling() throws IOException {
    for (String name : List.of("layouts.yaml", "models.yaml", "general-models.yaml")) {
      try (InputStream in = ModelCatalog.class.getResourceAsStream(name)) {
        // Words of prose and names of tensors have no colon behind them.
        String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        Matcher former = Pattern.compile("\\b[a-z]+[A-Z][A-Za-z]*:").matcher(text);
        assertFalse(former.find(), name);
      }
    }
  }

  @Test
  void theFormerSpellingIsReadToo() throws IOException {
    String former =
        Pattern.compile("-([a-z])(?=[a-z-]*:)")
            .matcher(MODEL.replace("LAYOUT", "timm"))
            .replaceAll(letter -> letter.group(1).toUpperCase(Locale.ROOT));
    assertTrue(former.contains("tileSize") && former.contains("positionResampling"), former);
    ModelCard before = Encoders.catalog().with(write(former)).find("mine");
    ModelCard now = Encoders.catalog().with(write(MODEL.replace("LAYOUT", "timm"))).find("mine");
    assertEquals(now, before);
  }

  @Test
  void aMissingOrEmptyFileIsNamed() throws IOException {
    Path missing = folder.resolve("no.yaml");
    assertTrue(
        assertThrows(CatalogException.class, () -> Encoders.catalog().with(missing))
            .getMessage()
            .contains(missing.toString()));
    Path empty = write("");
    assertTrue(
        assertThrows(CatalogException.class, () -> Encoders.catalog().with(empty))
            .getMessage()
            .contains("empty"));
  }

  @Test
  void aFileOfOtherSizesResemblesItsFamily() {
    ModelCard uni = Encoders.find("uni");
    VitArchitecture large = (VitArchitecture) uni.architecture();
    Map<String, List<Long>> small =
        new VitArchitecture(
                192,
                3,
                3,
                8,
                28,
                FeedForward.GELU,
                768,
                0,
                PositionRows.CLASS,
                true,
                large.positionResampling(),
                large.normEps())
            .tensors();
    assertFalse(Encoders.catalog().identify(small).get(0).fits());
    Architecture found = Encoders.catalog().resembling(small).get(0).architecture();
    assertEquals(small, found.tensors());
    assertTrue(Encoders.catalog().resembling(Map.of("a", List.of(1L))).isEmpty());
  }

  @Test
  void theDocumentationNamesEveryModelAndItsExampleWorks() throws IOException {
    Path file = Path.of("..", "docs", "models.md");
    assumeTrue(Files.exists(file), "the module lies outside the project");
    String text = Files.readString(file);
    for (ModelCard card : Encoders.catalog().cards()) {
      assertTrue(text.contains("| `" + card.name() + "` | " + card.title() + " |"), card.name());
      assertTrue(text.contains("(" + card.page() + ")"), card.page());
      assertTrue(text.contains("| " + card.check() + " |"), card.name() + " " + card.check());
    }
    int start = text.indexOf("```yaml\n") + "```yaml\n".length();
    String example = text.substring(start, text.indexOf("```", start));
    ModelCard mine = Encoders.catalog().with(write(example)).find("mine");
    assertEquals(
        List.of("layer.3.q.bias", "layer.3.k.bias", "layer.3.v.bias"),
        mine.layout().spellings("blocks.3.attn.qkv.bias").get(0));
  }
}
