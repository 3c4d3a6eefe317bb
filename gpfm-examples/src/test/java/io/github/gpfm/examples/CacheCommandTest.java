package io.github.gpfm.examples;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.gpfm.encoder.GpfmEncoder;
import io.github.gpfm.encoder.catalog.Encoders;
import io.github.gpfm.encoder.weights.WeightFile;
import io.github.gpfm.image.PictureFile;
import io.github.gpfm.testkit.Fixtures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code gpfm cache} sees an oblong tile as the encoder does. */
class CacheCommandTest {
  @TempDir Path folder;

  @Test
  void anOblongTileIsNotSquashed() throws IOException {
    Path picture = Fixtures.cases("images/w300h200.png");
    Path tiles = Files.createDirectory(folder.resolve("tiles"));
    Files.copy(picture, tiles.resolve("a.png"));
    Path catalog = Fixtures.cases("weights/catalog.yaml");
    Path weights = Fixtures.cases("weights/orig_mod.pth");
    Path cache = folder.resolve("tokens.safetensors");
    List<String> args =
        List.of(
            "cache",
            "--data",
            tiles.toString(),
            "--out",
            cache.toString(),
            "--catalog",
            catalog.toString(),
            "--model",
            "tinytimm",
            "--weights",
            weights.toString());
    CommandRun refused = CommandRun.of(args);
    assertEquals(2, refused.exitCode(), refused.err());
    assertTrue(refused.err().contains("'a.png' has 300 x 200 pixels"), refused.err());
    assertFalse(Files.exists(cache));
    CommandRun.of(Stream.concat(args.stream(), Stream.of("--class-only")).toList()).succeeded();
    try (GpfmEncoder encoder =
        GpfmEncoder.builder()
            .model(Encoders.model(Encoders.catalog().with(catalog).find("tinytimm"), weights))
            .build()) {
      assertArrayEquals(
          encoder.embed(PictureFile.read(picture)),
          WeightFile.open(cache).tensor("cls_token").toFloats(),
          1e-5f);
    }
  }
}
