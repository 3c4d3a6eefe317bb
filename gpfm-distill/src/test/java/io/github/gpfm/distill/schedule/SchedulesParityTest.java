package io.github.gpfm.distill.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.gpfm.distill.config.DistillConfig;
import io.github.gpfm.distill.config.DistillConfigs;
import io.github.gpfm.testkit.Fixtures;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every recorded value of the five schedules. */
class SchedulesParityTest {
  private static final double TOLERANCE = 1e-9;

  @ParameterizedTest
  @ValueSource(strings = {"schedules.json", "schedules-small.json"})
  void valuesAreTheRecordedOnes(String file) {
    JsonObject fixture = Fixtures.json(Fixtures.parity("schedules").resolve(file));
    JsonObject config = fixture.getAsJsonObject("config");
    Schedules schedules = Schedules.of(config(config));
    JsonArray samples = fixture.getAsJsonArray("samples");
    assertTrue(samples.size() > 10);
    for (JsonElement element : samples) {
      JsonObject sample = element.getAsJsonObject();
      long step = sample.get("iteration").getAsLong();
      Schedules.Rates rates = schedules.at(step);
      check(sample, "lr", rates.lr());
      check(sample, "weight_decay", rates.weightDecay());
      check(sample, "momentum", rates.momentum());
      check(sample, "teacher_temp", rates.temperature());
      check(sample, "last_layer_lr", rates.lastLayerLr());
    }
  }

  private static void check(JsonObject sample, String name, double actual) {
    assertEquals(
        sample.get(name).getAsDouble(), actual, TOLERANCE, name + " at " + sample.get("iteration"));
  }

  private static DistillConfig config(JsonObject recorded) {
    Map<String, String> changes = new HashMap<>();
    boolean scaled = recorded.has("base_lr");
    changes.put("optim.base-lr", text(recorded.get(scaled ? "base_lr" : "lr")));
    changes.put("optim.scaling", scaled ? "sqrt-1024" : "none");
    if (scaled) {
      int batch = recorded.get("batch_per_gpu").getAsInt() * recorded.get("gpus").getAsInt();
      changes.put("train.batch", String.valueOf(batch));
      changes.put("train.shards", "1");
    }
    changes.put("optim.min-lr", text(recorded.get("min_lr")));
    changes.put("optim.epochs", text(recorded.get("epochs")));
    changes.put("train.epoch-length", text(recorded.get("epoch_length")));
    changes.put("optim.warmup-epochs", text(recorded.get("warmup_epochs")));
    changes.put("optim.weight-decay", text(recorded.getAsJsonArray("weight_decay").get(0)));
    changes.put("optim.weight-decay-end", text(recorded.getAsJsonArray("weight_decay").get(1)));
    changes.put("teacher.momentum", text(recorded.getAsJsonArray("momentum").get(0)));
    changes.put("teacher.momentum-end", text(recorded.getAsJsonArray("momentum").get(1)));
    changes.put("teacher.temperature-start", text(recorded.getAsJsonArray("teacher_temp").get(0)));
    changes.put("teacher.temperature", text(recorded.getAsJsonArray("teacher_temp").get(1)));
    changes.put(
        "teacher.temperature-warmup-epochs", text(recorded.get("teacher_temp_warmup_epochs")));
    changes.put("optim.freeze-last-layer-epochs", text(recorded.get("freeze_last_layer_epochs")));
    return DistillConfigs.with(DistillConfigs.preset("official"), changes);
  }

  private static String text(JsonElement value) {
    return value.getAsString();
  }
}
