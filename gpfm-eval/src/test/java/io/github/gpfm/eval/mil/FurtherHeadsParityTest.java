package io.github.gpfm.eval.mil;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.github.gpfm.encoder.script.Engines;
import io.github.gpfm.encoder.script.ScriptModule;
import io.github.gpfm.encoder.script.ScriptNode;
import io.github.gpfm.encoder.script.ScriptProgram;
import io.github.gpfm.encoder.script.ScriptSource;
import io.github.gpfm.encoder.script.Tensors;
import io.github.gpfm.encoder.weights.WeightFile;
import io.github.gpfm.eval.EvaluationFixtures;
import io.github.gpfm.eval.head.Initializer;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * DTFD-MIL, PANTHER, HMIL, FOCUS and Shazam against what their authors' programs gave for random
 * weights ({@code benchmarks/python/mil_heads.py}), within 1e-5: both sides compute in float32,
 * whose sums in another order differ by some 1e-6 at these sizes. A permutation, a term or a
 * residual too many or too few moves each of them by more than 1e-2.
 */
class FurtherHeadsParityTest {
  private static final float TIGHT = 1e-5f;

  /** A network with the file's weights, whose methods are called one by one. */
  private static final class Net implements AutoCloseable {
    final WeightFile file;
    final ScriptModule module;
    final NDManager scope;

    private Net(String name, ScriptProgram program) {
      this.file = file(name);
      this.module = program.load(Engines.defaultDevice(), ScriptProgram.Mode.TRAINING);
      this.scope = module.newScope();
      int set = 0;
      for (var entry : module.parameters().entrySet()) {
        String key = "param." + entry.getKey().replaceFirst("^net\\.", "");
        Tensors.toArray(scope, file.tensor(key)).copyTo(entry.getValue());
        set++;
      }
      assertEquals(
          file.tensors().keySet().stream().filter(k -> k.startsWith("param.")).count(), set);
    }

    /** The network within a class that calls its inner methods without dropout. */
    static Net within(String name, MilArchitecture architecture, String methods) {
      ScriptSource source =
          architecture.program(0).source().and(ScriptSource.of("class Probe:\n" + methods));
      ScriptNode net = new MilNetworks(architecture, new Initializer(0)).network();
      return new Net(name, new ScriptProgram(source, ScriptNode.of("Probe").child("net", net)));
    }

    static Net whole(String name, MilArchitecture architecture) {
      return new Net(name, architecture.program(0));
    }

    NDArray matrix(String key) {
      return EvaluationFixtures.array(scope, EvaluationFixtures.matrix(file, key));
    }

    NDArray longs(String key) {
      return scope.create(file.tensor(key).toLongs());
    }

    float[] floats(String key) {
      return file.tensor(key).toFloats();
    }

    List<String> bags() {
      List<String> bags =
          IntStream.range(0, 9)
              .mapToObj(i -> "bag" + i)
              .filter(b -> file.tensors().containsKey(b + ".features"))
              .toList();
      assertFalse(bags.isEmpty());
      return bags;
    }

    void check(String key, NDArray ours) {
      assertArrayEquals(floats(key), ours.toFloatArray(), TIGHT, key);
    }

    @Override
    public void close() {
      scope.close();
      module.close();
    }
  }

  private static WeightFile file(String name) {
    try {
      return WeightFile.open(
          Path.of(FurtherHeadsParityTest.class.getResource(name + ".safetensors").toURI()));
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static int fact(WeightFile file, String name) {
    return Integer.parseInt(file.metadata().getOrDefault(name, "1"));
  }

  @Test
  void dtfd() {
    WeightFile file = file("dtfd");
    int dimension = (int) file.tensor("x").size(1);
    int classes = (int) file.tensor("logits").size(1);
    MilArchitecture architecture =
        new MilArchitecture(
            MilKind.DTFD,
            dimension,
            classes,
            fact(file, "hidden"),
            fact(file, "attention"),
            0,
            new MilOptions.PseudoBags(fact(file, "pseudo_bags")));
    String methods =
        """
          def parts(self, x: Tensor, order: Tensor) -> Tuple[Tensor, Tensor, Tensor]:
            return self.net.parts(x, order, False)

          def loss(self, x: Tensor, order: Tensor, label: Tensor) -> Tensor:
            logits, share, first = self.net.parts(x, order, False)
            labels = torch.expand(label, [torch.size(first, 0)])
            one = ops.aten.cross_entropy_loss(first, labels)
            return one + ops.aten.cross_entropy_loss(logits, label)
        """;
    try (Net net = Net.within("dtfd", architecture, methods)) {
      NDArray x = net.matrix("x");
      NDList out = net.module.call(net.scope, "parts", x, net.longs("order"));
      net.check("logits", out.get(0));
      net.check("first", out.get(2));
      assertArrayEquals(
          net.floats("share"), AttentionMap.softmax(out.get(1).toFloatArray()), TIGHT);
      NDArray label = net.scope.create(new long[] {fact(file, "label")});
      NDArray loss =
          net.module
              .callWithGradients(net.scope, "loss", x, net.longs("order"), label)
              .singletonOrThrow();
      ScriptModule.backward(loss);
      assertEquals(net.floats("loss")[0], loss.getFloat(), TIGHT);
      // The second tier's loss must not reach the first: the gradient is that of the first alone.
      net.check(
          "reduction_gradient", net.module.parameters().get("net.reduction.weight").getGradient());
    }
  }

  @Test
  void panther() {
    WeightFile file = file("panther");
    int dimension = (int) file.tensor("param.prototypes").size(1);
    MilArchitecture architecture =
        MilArchitecture.paper(
            MilKind.PANTHER,
            dimension,
            (int) file.tensor("param.classifier.weight").size(0),
            new MilOptions.Prototypes(EvaluationFixtures.matrix(file, "param.prototypes")));
    String methods =
        """
          def mixture(self, x: Tensor) -> Tuple[Tensor, Tensor, Tensor, Tensor]:
            return self.net.mixture(x)

          def forward(self, x: Tensor) -> Tuple[Tensor, Tensor]:
            return self.net.forward(x, False)
        """;
    try (Net net = Net.within("panther", architecture, methods)) {
      for (String bag : net.bags()) {
        NDArray x = net.matrix(bag + ".features");
        NDList mixture = net.module.call(net.scope, "mixture", x);
        NDArray representation =
            mixture.get(0).concat(mixture.get(1).flatten()).concat(mixture.get(2).flatten());
        net.check(bag + ".representation", representation);
        net.check(bag + ".posterior", mixture.get(3));
        NDList out = net.module.call(net.scope, "forward", x);
        net.check(bag + ".logits", out.get(0));
        pantherShares(net, bag, mixture, out);
      }
    }
  }

  /**
   * The tiles' shares sum to what weights and means add to the called output, less the prior's
   * part.
   */
  private static void pantherShares(Net net, String bag, NDList mixture, NDList out) {
    float[] logits = out.get(0).toFloatArray();
    int called = 0;
    for (int c = 1; c < logits.length; c++) {
      called = logits[c] > logits[called] ? c : called;
    }
    float[] pi = mixture.get(0).toFloatArray();
    float[] mu = mixture.get(1).toFloatArray();
    float[] q = mixture.get(3).toFloatArray();
    float[] prototypes = net.floats("param.prototypes");
    float[] weight = net.floats("param.classifier.weight");
    int p = pi.length;
    int d = mu.length / p;
    int tiles = q.length / p;
    double due = 0;
    for (int k = 0; k < p; k++) {
      double mass = 0;
      for (int n = 0; n < tiles; n++) {
        mass += q[n * p + k];
      }
      int row = called * p * (1 + 2 * d);
      due += weight[row + k] * (pi[k] - 1.0 / (tiles + p));
      for (int j = 0; j < d; j++) {
        due += weight[row + p + k * d + j] * (mu[k * d + j] - prototypes[k * d + j] / (mass + 1));
      }
    }
    double sum = 0;
    for (float share : out.get(1).toFloatArray()) {
      sum += share;
    }
    assertEquals(due, sum, 1e-4, bag);
  }

  @Test
  void hmil() {
    WeightFile file = file("hmil");
    int dimension = (int) file.tensor("bag0.features").size(1);
    MilArchitecture architecture =
        new MilArchitecture(
            MilKind.HMIL,
            dimension,
            (int) file.tensor("bag0.logits").size(1),
            fact(file, "hidden"),
            1,
            0,
            new MilOptions.Hierarchy(List.of(0, 1, 1)));
    try (Net net = Net.whole("hmil", architecture)) {
      NDList bags = new NDList();
      for (String bag : net.bags()) {
        NDArray x = net.matrix(bag + ".features");
        bags.add(x);
        NDList out = net.module.call(net.scope, "forward", x);
        net.check(bag + ".logits", out.get(0));
        int called = (int) out.get(0).argMax(1).getLong();
        float[] attention = AttentionMap.softmax(out.get(1).toFloatArray());
        float[] theirs = net.floats(bag + ".fine_attention");
        assertArrayEquals(
            Arrays.copyOfRange(theirs, called * attention.length, (called + 1) * attention.length),
            attention,
            TIGHT);
      }
      float done = Float.parseFloat(file.metadata().getOrDefault("done", ""));
      NDList terms =
          net.module.call(net.scope, "terms", bags, net.longs("label"), net.scope.create(done));
      List<String> names = List.of("coarse", "fine", "alignment", "matching", "contrast");
      for (int i = 0; i < names.size(); i++) {
        net.check(names.get(i), terms.get(i));
      }
      // Their program leaves the instance-level alignment of its paper out of the sum.
      NDArray total =
          net.module
              .call(
                  net.scope, "hierarchical_loss", bags, net.longs("label"), net.scope.create(done))
              .singletonOrThrow();
      assertEquals(
          net.floats("published_total")[0] + net.floats("matching")[0], total.getFloat(), TIGHT);
    }
  }

  @Test
  void focus() {
    WeightFile file = file("focus");
    for (String bag : List.of("bag0", "bag1", "bag2", "bag3", "bag4")) {
      MilArchitecture architecture =
          MilArchitecture.paper(
              MilKind.FOCUS,
              (int) file.tensor(bag + ".features").size(1),
              (int) file.tensor(bag + ".probabilities").size(1),
              new MilOptions.TextGuided(
                  EvaluationFixtures.matrix(file, "param.texts"),
                  (int) file.tensor(bag + ".most").toLongs()[0]));
      String methods =
          """
            def chosen(self, x: Tensor, texts: Tensor) -> Tensor:
              return self.net.chosen(self.net.embed(x, False), texts)

            def forward(self, x: Tensor) -> Tuple[Tensor, Tensor]:
              return self.net.forward(x, False)
          """;
      try (Net net = Net.within("focus", architecture, methods)) {
        NDArray x = net.matrix(bag + ".features");
        NDArray texts = net.matrix("param.texts");
        NDArray chosen = net.module.call(net.scope, "chosen", x, texts).singletonOrThrow();
        assertArrayEquals(file.tensor(bag + ".chosen").toLongs(), chosen.toLongArray(), bag);
        NDList out = net.module.call(net.scope, "forward", x);
        net.check(bag + ".probabilities", out.get(0).softmax(1));
        float[] attention = out.get(1).toFloatArray();
        for (int i = 0; i < attention.length; i++) {
          int tile = i;
          boolean kept = Arrays.stream(chosen.toLongArray()).anyMatch(c -> c == tile);
          assertEquals(kept, attention[i] > -30, bag + ", tile " + i);
        }
      }
    }
  }

  @Test
  void shazam() {
    WeightFile file = file("shazam");
    List<Integer> widths =
        Arrays.stream(file.metadata().getOrDefault("widths", "").split(","))
            .map(Integer::valueOf)
            .toList();
    MilArchitecture architecture =
        new MilArchitecture(
            MilKind.SHAZAM,
            (int) file.tensor("bag0.features").size(1),
            (int) file.tensor("bag0.logits").size(1),
            fact(file, "hidden"),
            fact(file, "attention"),
            0,
            new MilOptions.Fusion(widths));
    String parts =
        """
          def parts(self, x: Tensor) -> Tuple[Tensor, Tensor, Tensor]:
            return self.net.parts(x, False)
        """;
    try (Net net = Net.within("shazam", architecture, parts)) {
      for (String bag : net.bags()) {
        NDList out = net.module.call(net.scope, "parts", net.matrix(bag + ".features"));
        net.check(bag + ".logits", out.get(0));
        net.check(bag + ".distillation", out.get(2));
      }
    }
  }
}
