package io.github.gpfm.encoder.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.gpfm.encoder.script.ScriptModule;
import io.github.gpfm.encoder.script.ScriptProgram;
import io.github.gpfm.encoder.script.Tensors;
import io.github.gpfm.encoder.vit.FeedForward;
import io.github.gpfm.encoder.vit.PositionResampling;
import io.github.gpfm.encoder.weights.WeightFile;
import io.github.gpfm.encoder.weights.WeightTensor;
import io.github.gpfm.testkit.Fixtures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Every encoder family against the outputs of its authors' code, on small weights under the
 * authors' key names. Folders, names, sizes and inputs come from the fixtures.
 */
class FamiliesParityTest {
  private static final double POOLED = 8e-6;
  private static final double TOKENS = 4e-5;
  private static final double COSINE = 0.99999;
  private static final Pattern NAME = Pattern.compile("(\\w+?)(?:_(\\d+|rect))?(?:_first\\d+)?");

  /** By output: its largest error and the distance of its cosine from 1. */
  private static final Map<String, String> MEASURED = new ConcurrentSkipListMap<>();

  /** Leaves the errors in {@code target/}, where the documentation's table comes from. */
  @AfterAll
  static void writeErrors() throws IOException {
    Files.write(Path.of("target", "feature-errors.tsv"), MEASURED.values());
  }

  @TestFactory
  Stream<DynamicTest> outputsEqualTheAuthors() throws IOException {
    Path root = Fixtures.parity("families");
    FixtureImages images =
        new FixtureImages(WeightFile.open(root.resolve("inputs/images.safetensors")));
    List<Path> folders;
    try (Stream<Path> list = Files.list(root)) {
      folders =
          list.filter(folder -> Files.exists(folder.resolve("expected.safetensors")))
              .sorted()
              .toList();
    }
    assertFalse(folders.isEmpty(), "no family in " + root);
    return folders.stream()
        .map(
            folder ->
                DynamicTest.dynamicTest(
                    folder.getFileName().toString(), () -> check(folder, images)));
  }

  private static void check(Path folder, FixtureImages images) {
    FixtureModel model = FixtureModel.of(folder);
    assertEquals(FixtureModel.doubles(model.config(), "mean"), model.card().preprocessing().mean());
    assertEquals(FixtureModel.doubles(model.config(), "std"), model.card().preprocessing().std());
    WeightFile expected = WeightFile.open(folder.resolve("expected.safetensors"));
    Map<String, String> outputs = FixtureModel.texts(expected.metadata().get("outputs"));
    try (FixtureNetwork network = new FixtureNetwork(model)) {
      for (WeightTensor tensor : expected.tensors().values()) {
        Matcher name = NAME.matcher(tensor.name());
        assertTrue(name.matches(), tensor.name());
        String tag = name.group(2) == null ? "" : name.group(2);
        FixtureImages.Input input =
            images.input(FixtureImages.words(outputs, tensor.name()), tag, model.config());
        assertClose(model.name(), tensor, network.output(name.group(1), input));
      }
    }
  }

  /** The stem at its full width, which the small model does not have. */
  @Test
  void theConvolutionalStemEqualsTheAuthors() {
    Path folder = Fixtures.parity("families/ctranspath");
    FixtureModel whole = FixtureModel.of(folder);
    SwinArchitecture swin = (SwinArchitecture) whole.card().architecture();
    WeightFile weights = WeightFile.open(folder.resolve("model-stem.safetensors"));
    WeightFile expected = WeightFile.open(folder.resolve("expected-stem.safetensors"));
    FixtureImages images =
        new FixtureImages(WeightFile.open(folder.resolveSibling("inputs/images.safetensors")));
    Map<String, String> outputs = FixtureModel.texts(expected.metadata().get("outputs"));
    ScriptProgram program =
        Programs.stem(new WeightBinding(weights.tensors()), swin.normEps(), swin.batchNormEps());
    try (ScriptModule stem = program.load(Device.cpu(), ScriptProgram.Mode.INFERENCE);
        NDManager scope = stem.newScope()) {
      for (WeightTensor tensor : expected.tensors().values()) {
        FixtureImages.Input input = images.input(outputs.get(tensor.name()), "", whole.config());
        NDArray x =
            scope.create(
                input.values(), new Shape(input.count(), 3, input.rows(), input.columns()));
        NDArray map = stem.infer(scope, "forward", x).get(0);
        NDArray tokens = map.reshape(map.getShape().get(0), -1, map.getShape().get(3));
        assertClose("ctranspath stem", tensor, Tensors.toTensor("stem", tokens));
      }
    }
  }

  private record Mistake(
      String family, String output, double effect, UnaryOperator<Architecture> change) {}

  /** Options that are nearly right are told from the right ones; effects as the fixtures say. */
  @TestFactory
  Stream<DynamicTest> deliberateMistakesAreSeen() {
    List<Mistake> mistakes =
        List.of(
            new Mistake("uni", "cls_224", 5e-5, a -> vit(a, 1e-5, plain(a, false))),
            new Mistake("uni", "cls_256", 1e-2, a -> vit(a, 1e-6, plain(a, true))),
            new Mistake("virchow2", "cls_252", 1e-2, a -> vit(a, 1e-6, plain(a, true))),
            new Mistake("dinov2-reg", "cls_224", 1e-2, a -> vit(a, 1e-6, plain(a, true))),
            new Mistake(
                "phikon-v2", "cls_256", 1e-2, a -> vit(a, 1e-6, PositionResampling.PLAIN_OFFSET)),
            new Mistake(
                "phikon-v2", "cls_256", 1e-2, a -> vit(a, 1e-6, PositionResampling.ANTIALIAS)),
            new Mistake("plip", "image_embeds", 1e-2, FamiliesParityTest::exactGelu),
            new Mistake("conch", "contrast_no_head_448", 0.1, FamiliesParityTest::fourHeads));
    return mistakes.stream()
        .map(
            mistake ->
                DynamicTest.dynamicTest(
                    mistake.family() + " " + mistake.output(), () -> checkSeen(mistake)));
  }

  private static void checkSeen(Mistake mistake) {
    Path root = Fixtures.parity("families");
    Path folder = Fixtures.parity("families/" + mistake.family());
    FixtureImages images =
        new FixtureImages(WeightFile.open(root.resolve("inputs/images.safetensors")));
    FixtureModel right = FixtureModel.of(folder);
    FixtureModel wrong =
        new FixtureModel(
            right.name(),
            right.card().withArchitecture(mistake.change().apply(right.card().architecture())),
            right.weights(),
            right.config());
    WeightFile expected = WeightFile.open(folder.resolve("expected.safetensors"));
    WeightTensor tensor = expected.tensor(mistake.output());
    Map<String, String> outputs = FixtureModel.texts(expected.metadata().get("outputs"));
    Matcher name = NAME.matcher(tensor.name());
    assertTrue(name.matches());
    String tag = name.group(2) == null ? "" : name.group(2);
    FixtureImages.Input input =
        images.input(FixtureImages.words(outputs, tensor.name()), tag, right.config());
    try (FixtureNetwork network = new FixtureNetwork(wrong)) {
      float[] found = network.output(name.group(1), input).toFloats();
      float[] wanted = tensor.toFloats();
      double apart = 0;
      for (int i = 0; i < wanted.length; i++) {
        apart = Math.max(apart, Math.abs(wanted[i] - found[i]));
      }
      assertTrue(apart > mistake.effect(), "only " + apart);
    }
  }

  private static PositionResampling plain(Architecture architecture, boolean wrong) {
    return wrong ? PositionResampling.PLAIN : ((VitArchitecture) architecture).positionResampling();
  }

  private static Architecture vit(Architecture right, double eps, PositionResampling resampling) {
    VitArchitecture v = (VitArchitecture) right;
    return new VitArchitecture(
        v.width(),
        v.depth(),
        v.heads(),
        v.patchSize(),
        v.grid(),
        v.feedForward(),
        v.hidden(),
        v.registers(),
        v.positionRows(),
        v.layerScale(),
        resampling,
        eps);
  }

  private static Architecture exactGelu(Architecture right) {
    ClipVisionArchitecture c = (ClipVisionArchitecture) right;
    return new ClipVisionArchitecture(
        c.width(),
        c.depth(),
        c.heads(),
        c.patchSize(),
        c.grid(),
        FeedForward.GELU,
        c.hidden(),
        c.projection(),
        c.positionResampling(),
        c.normEps());
  }

  private static Architecture fourHeads(Architecture right) {
    ConchArchitecture c = (ConchArchitecture) right;
    return new ConchArchitecture(
        c.trunk(),
        c.contrastWidth(),
        c.captionWidth(),
        c.contrastQueries(),
        c.captionQueries(),
        c.poolerHeads() / 2,
        c.poolerNormEps());
  }

  /** Compares with the leading part of {@code actual} that has the shape of {@code expected}. */
  static void assertClose(String model, WeightTensor expected, WeightTensor actual) {
    String label = model + " " + expected.name();
    float[] wanted = expected.toFloats();
    float[] found = leading(label, actual, expected.shape());
    double apart = 0;
    double dot = 0;
    double normWanted = 0;
    double normFound = 0;
    for (int i = 0; i < wanted.length; i++) {
      apart = Math.max(apart, Math.abs(wanted[i] - found[i]));
      dot += (double) wanted[i] * found[i];
      normWanted += (double) wanted[i] * wanted[i];
      normFound += (double) found[i] * found[i];
    }
    double cosine = dot / Math.sqrt(normWanted * normFound);
    double tolerance = expected.shape().size() == 2 ? POOLED : TOKENS;
    MEASURED.put(label, "%s\t%.2e\t%.1e".formatted(label, apart, 1 - cosine));
    assertTrue(apart <= tolerance, label + " is off by " + apart);
    assertTrue(cosine >= COSINE, label + " has cosine " + cosine);
  }

  private static float[] leading(String label, WeightTensor tensor, List<Long> shape) {
    assertEquals(shape.size(), tensor.shape().size(), label + " " + tensor.shape());
    List<Long> full = new ArrayList<>(tensor.shape());
    float[] values = tensor.toFloats();
    int count = 1;
    for (int axis = 0; axis < shape.size(); axis++) {
      assertTrue(full.get(axis) >= shape.get(axis), label + " " + full + " against " + shape);
      count *= shape.get(axis).intValue();
    }
    float[] part = new float[count];
    for (int i = 0; i < count; i++) {
      int rest = i;
      long at = 0;
      long stride = 1;
      for (int axis = shape.size() - 1; axis >= 0; axis--) {
        at += rest % shape.get(axis) * stride;
        rest /= shape.get(axis).intValue();
        stride *= full.get(axis);
      }
      part[i] = values[(int) at];
    }
    return part;
  }
}
