package io.github.gpfm.encoder.vit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.gpfm.api.WeightsException;
import io.github.gpfm.encoder.weights.DType;
import io.github.gpfm.encoder.weights.TensorData;
import io.github.gpfm.encoder.weights.WeightTensor;
import io.github.gpfm.testkit.Fixtures;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** The full-size checkpoint's names and shapes, with data that take no memory. */
class VitWeightsParityTest {
  private final JsonObject manifest =
      Fixtures.json(Fixtures.parity("encoder/gpfm-vitl14-manifest.json"));

  private Map<String, WeightTensor> checkpoint() {
    Map<String, WeightTensor> tensors = new LinkedHashMap<>();
    for (String part : List.of("backbone", "dino_head")) {
      for (JsonElement element : manifest.getAsJsonArray(part)) {
        JsonObject entry = element.getAsJsonObject();
        List<Long> shape = new ArrayList<>();
        entry.getAsJsonArray("shape").forEach(size -> shape.add(size.getAsLong()));
        String name = "teacher." + entry.get("checkpoint_key").getAsString();
        DType dtype = DType.fromSafetensors(entry.get("dtype").getAsString()).orElseThrow();
        tensors.put(name, zeros(name, dtype, shape));
      }
    }
    return tensors;
  }

  private static WeightTensor zeros(String name, DType dtype, List<Long> shape) {
    long bytes = dtype.size();
    for (long size : shape) {
      bytes *= size;
    }
    long total = bytes;
    return new WeightTensor(
        name,
        dtype,
        shape,
        new TensorData() {
          @Override
          public long size() {
            return total;
          }

          @Override
          public void read(long position, ByteBuffer target) {
            target.position(target.limit());
          }
        });
  }

  private static VitWeights read(Map<String, WeightTensor> tensors) {
    return VitWeights.of("GPFM.pth", tensors, Map.of(), OptionalInt.empty());
  }

  @Test
  void theManifestIsAcceptedExactly() {
    VitWeights weights = read(checkpoint());
    JsonObject config = manifest.getAsJsonObject("config");
    assertEquals(config.get("embed_dim").getAsInt(), weights.config().dimension());
    assertEquals(config.get("depth").getAsInt(), weights.config().depth());
    assertEquals(config.get("num_heads").getAsInt(), weights.config().heads());
    assertEquals(config.get("patch_size").getAsInt(), weights.config().patchSize());
    assertEquals(config.get("img_size").getAsInt(), weights.config().imageSize());
    assertEquals(manifest.get("backbone_tensors").getAsInt(), weights.tensors().size());
    assertEquals(manifest.get("dino_head_tensors").getAsInt(), weights.head().size());
    assertEquals(
        manifest.get("backbone_parameters").getAsLong(),
        weights.tensors().values().stream().mapToLong(WeightTensor::count).sum());
    for (JsonElement element : manifest.getAsJsonArray("backbone")) {
      String flat = element.getAsJsonObject().get("flat_key").getAsString();
      assertTrue(weights.tensors().containsKey(flat), flat);
    }
  }

  @Test
  void anyMissingTensorIsNamed() {
    Map<String, WeightTensor> whole = checkpoint();
    for (JsonElement element : manifest.getAsJsonArray("backbone")) {
      JsonObject entry = element.getAsJsonObject();
      Map<String, WeightTensor> tensors = new LinkedHashMap<>(whole);
      tensors.remove("teacher." + entry.get("checkpoint_key").getAsString());
      WeightsException e = null;
      try {
        read(tensors);
      } catch (WeightsException caught) {
        e = caught;
      }
      // Without a mask token or LayerScale it would be another, possible architecture.
      String flat = entry.get("flat_key").getAsString();
      if (flat.equals("mask_token")) {
        continue;
      }
      assertTrue(
          e != null && e.getMessage().contains(flat.replaceFirst("blocks\\.0\\.ls1", "")), flat);
    }
  }

  @Test
  void extraAndMisshapedTensorsAreNamed() {
    Map<String, WeightTensor> tensors = checkpoint();
    tensors.put("teacher.backbone.surplus", zeros("", DType.FLOAT32, List.of(3L)));
    String qkv = "teacher.backbone.blocks.0.0.attn.qkv.bias";
    tensors.put(qkv, zeros(qkv, DType.FLOAT32, List.of(5L)));
    WeightsException e = assertThrows(WeightsException.class, () -> read(tensors));
    assertTrue(e.getMessage().contains("extra: surplus"), e.getMessage());
    assertTrue(e.getMessage().contains("blocks.0.attn.qkv.bias has shape [5]"), e.getMessage());
    assertTrue(e.getMessage().contains("GPFM.pth"), e.getMessage());
  }

  @Test
  void wrappersOfTrainingCodeAreUnderstood() {
    for (String prefix : List.of("student.module.backbone.", "module.", "", "model.")) {
      Map<String, WeightTensor> tensors = new LinkedHashMap<>();
      read(checkpoint()).tensors().forEach((name, tensor) -> tensors.put(prefix + name, tensor));
      assertEquals(VitConfig.GPFM, read(tensors).config());
    }
  }
}
