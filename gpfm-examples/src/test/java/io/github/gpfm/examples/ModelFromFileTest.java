package io.github.gpfm.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.gpfm.api.ProgressListener;
import io.github.gpfm.encoder.features.FeatureReader;
import io.github.gpfm.sample.SyntheticSlide;
import io.github.gpfm.testkit.Fixtures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code --weights} without {@code --model}: the file tells, and what it tells is said. */
class ModelFromFileTest {
  @TempDir static Path shared;
  @TempDir Path folder;

  @BeforeAll
  static void slide() throws IOException {
    new SyntheticSlide(3, 700, 600, 0.5, SyntheticSlide.Compression.DEFLATE)
        .write(shared.resolve("s.tif"), ProgressListener.NONE);
  }

  private CommandRun embed(String weights, String... more) {
    List<String> args =
        new ArrayList<>(
            List.of(
                "embed",
                shared.resolve("s.tif").toString(),
                "--a-t",
                "0.05",
                "--weights",
                Fixtures.cases("weights/" + weights).toString(),
                "--out",
                folder.resolve("out").toString()));
    args.addAll(List.of(more));
    return CommandRun.of(args);
  }

  @Test
  void theOnlyModelThatFitsIsUsedAndSaid() {
    CommandRun run =
        embed("orig_mod.pth", "--catalog", Fixtures.cases("weights/catalog.yaml").toString())
            .succeeded();
    assertTrue(run.err().contains("is of model 'tinytimm'"), run.err());
    assertTrue(run.err().contains("256 px at 0.5 um/px"), run.err());
    try (FeatureReader reader = FeatureReader.open(folder.resolve("out/s.h5"))) {
      assertEquals(96, reader.dimension());
      assertTrue(reader.rows() > 0);
    }
  }

  @Test
  void severalModelsThatFitAreAskedFor() throws IOException {
    String one = Files.readString(Fixtures.cases("weights/catalog.yaml"));
    String other = one.substring(one.indexOf("  - ")).replace("&base", "").replace("tinytimm", "b");
    Path catalog = Files.writeString(folder.resolve("two.yaml"), one + "\n" + other);
    CommandRun run = embed("orig_mod.pth", "--catalog", catalog.toString());
    assertEquals(2, run.exitCode(), run.err());
    assertTrue(run.err().contains("--model tinytimm or --model b"), run.err());
    assertFalse(Files.exists(folder.resolve("out/s.h5")));
    embed("orig_mod.pth", "--catalog", catalog.toString(), "--model", "b").succeeded();
  }

  @Test
  void aFileOfNoModelIsReadByItsStructureWhichIsSaid() {
    CommandRun run =
        embed("lightning_backbone.pth", "--tile-size", "128", "--mpp", "0.5").succeeded();
    assertTrue(run.err().contains("fits no model of the catalogue"), run.err());
    assertTrue(run.err().contains("6 attention heads"), run.err());
    assertTrue(Files.exists(folder.resolve("out/s.h5")));
  }

  @Test
  void foldersAndShardsAreRead() {
    CommandRun hub = embed("hf/dinocls").succeeded();
    assertTrue(hub.err().contains("3 heads"), hub.err());
    assertTrue(
        hub.err().contains("a bilinear resize to 224 px, normalized as ImageNet"), hub.err());
    assertTrue(
        hub.err().contains("2 tensors are not used: classifier.bias, classifier.weight."),
        hub.err());
    CommandRun shards =
        embed("sharded", "--catalog", Fixtures.cases("weights/catalog.yaml").toString())
            .succeeded();
    assertTrue(shards.err().contains("is of model 'tinytimm'"), shards.err());
  }

  @Test
  void featuresThatAreNoNumbersAreRefused() {
    CommandRun run =
        embed("nanw.pth", "--catalog", Fixtures.cases("weights/catalog.yaml").toString());
    assertEquals(1, run.exitCode(), run.err());
    assertTrue((run.out() + run.err()).contains("tile"), run.out() + run.err());
    assertFalse(Files.exists(folder.resolve("out/s.h5")));
  }
}
