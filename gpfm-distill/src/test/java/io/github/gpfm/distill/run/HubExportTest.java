package io.github.gpfm.distill.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.gpfm.distill.config.DistillConfig;
import io.github.gpfm.encoder.weights.WeightFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The folder for timm and transformers: timm's names, shapes that its arguments make, and the card.
 * That timm 1.0.31 and transformers 5.24 load it and give the same token has been checked by hand.
 */
class HubExportTest {
  @TempDir Path folder;

  private Path export(Map<String, String> changes) {
    DistillConfig config = TinyRuns.config(changes);
    try (Trainer trainer =
        new Trainer(config, new RandomTiles(9, 56), TinyRuns.experts(), folder)) {
      trainer.run(TrainingListener.NONE);
    }
    return folder.resolve("teacher");
  }

  @Test
  void registersAndGatesHaveTimmsNames() throws IOException {
    Path hub = export(Map.of("student.registers", "2", "student.feed-forward", "swiglu"));
    WeightFile own = WeightFile.open(folder.resolve("teacher.safetensors"));
    WeightFile timm = WeightFile.open(hub.resolve("model.safetensors"));
    JsonObject config =
        JsonParser.parseString(Files.readString(hub.resolve("config.json"))).getAsJsonObject();
    JsonObject arguments = config.getAsJsonObject("model_args");
    assertEquals("vit_giant_patch14_dinov2", config.get("architecture").getAsString());
    assertEquals(2, arguments.get("reg_tokens").getAsInt());
    double ratio = arguments.get("mlp_ratio").getAsDouble();
    assertEquals(timm.tensor("blocks.0.mlp.fc1.weight").size(0), (int) (32 * ratio));
    assertFalse(timm.tensors().containsKey("mask_token"));
    assertEquals(own.tensor("register_tokens").shape(), timm.tensor("reg_token").shape());
    float[] positions = own.tensor("pos_embed").toFloats();
    float[] token = own.tensor("cls_token").toFloats();
    for (int i = 0; i < token.length; i++) {
      token[i] += positions[i];
    }
    assertArrayEquals(token, timm.tensor("cls_token").toFloats());
    assertEquals(16, timm.tensor("pos_embed").size(1));
    assertArrayEquals(
        own.tensor("blocks.1.mlp.w3.weight").toFloats(),
        timm.tensor("blocks.1.mlp.fc2.weight").toFloats());
  }

  @Test
  void theCardSaysWhatItWasTrainedOnAndFrom() throws IOException {
    String card = Files.readString(export(Map.of()).resolve("README.md"));
    for (String said :
        new String[] {
          "12 steps of 4 tiles",
          "9 tiles, digest `",
          "| mean | mean | not recorded",
          "license of an expert may bind",
          "| koleo_loss | ",
          "base-lr: 0.01"
        }) {
      assertTrue(card.contains(said), said + " is missing in " + card);
    }
  }
}
