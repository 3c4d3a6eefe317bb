package io.github.gpfm.examples;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.gpfm.api.ProgressListener;
import io.github.gpfm.api.TileGrid;
import io.github.gpfm.encoder.GpfmEncoder;
import io.github.gpfm.encoder.catalog.Encoders;
import io.github.gpfm.encoder.features.FeatureReader;
import io.github.gpfm.encoder.weights.WeightFile;
import io.github.gpfm.pipeline.SlideInput;
import io.github.gpfm.sample.SyntheticSlide;
import io.github.gpfm.testkit.Fixtures;
import io.github.gpfm.tiling.format.CoordsH5;
import io.github.gpfm.tiling.grid.TileReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code --catalog}: a model that a user describes in YAML, from the file to the features. */
class CatalogOptionParityTest {
  @TempDir Path folder;

  private Path yaml(JsonObject config) throws IOException {
    String text =
        """
        models:
          - name: mine
            title: My model
            architecture: {type: vit, width: %s, depth: %s, heads: %s, patch-size: %s, grid: %d,
              feed-forward: gelu, hidden: %s, layer-scale: true, registers: 0,
              position-rows: class, position-resampling: antialias, norm-eps: %s}
            layout: timm
            feature: class-token
            preprocessing: {resize: exact, size: %s, interpolation: bicubic, crop: 0,
              mean: %s, std: %s}
            tile-size: 256
            mpp: 0.5
            files: [model.safetensors]
            page: https://example.org/mine
            licence: MIT
            citation: none
            check: by hand
        """
            .formatted(
                config.get("embed_dim"),
                config.get("depth"),
                config.get("num_heads"),
                config.get("patch_size"),
                config.get("img_size").getAsInt() / config.get("patch_size").getAsInt(),
                config.get("feed_forward_hidden"),
                config.get("norm_eps"),
                config.get("img_size"),
                config.get("mean"),
                config.get("std"));
    return Files.writeString(folder.resolve("mine.yaml"), text);
  }

  @Test
  void aModelDescribedInYamlIsCheckedAndEmbeds() throws IOException {
    Path weights = Fixtures.parity("families/uni/model.safetensors");
    JsonObject config =
        JsonParser.parseString(WeightFile.open(weights).metadata().get("config")).getAsJsonObject();
    Path yaml = yaml(config);
    CommandRun check =
        CommandRun.of("models", "check", weights.toString(), "--catalog", yaml.toString())
            .succeeded();
    assertTrue(check.out().contains("mine"), check.out());

    Path slide = folder.resolve("s.tif");
    new SyntheticSlide(3, 1200, 1100, 0.25, SyntheticSlide.Compression.DEFLATE)
        .write(slide, ProgressListener.NONE);
    CommandRun.of(
            "embed",
            slide.toString(),
            "--out",
            folder.resolve("out").toString(),
            "--patch-size",
            "200",
            "--a-t",
            "0.05",
            "--catalog",
            yaml.toString(),
            "--model",
            "mine",
            "--weights",
            weights.toString())
        .succeeded();
    try (FeatureReader reader = FeatureReader.open(folder.resolve("out/s.h5"));
        GpfmEncoder encoder =
            GpfmEncoder.builder()
                .model(Encoders.model(Encoders.catalog().with(yaml).find("mine"), weights))
                .build();
        var opened = SlideInput.of(slide).open()) {
      assertTrue(reader.rows() > 0);
      assertEquals(config.get("embed_dim").getAsInt(), reader.dimension());
      TileGrid grid = CoordsH5.read(folder.resolve("out/s.h5")).grid(opened);
      TileReader tiles = new TileReader(opened, grid);
      for (int i = 0; i < reader.rows(); i++) {
        assertArrayEquals(encoder.embed(tiles.read(i)), reader.read(i, 1), 1e-5f, "row " + i);
      }
    }
  }
}
