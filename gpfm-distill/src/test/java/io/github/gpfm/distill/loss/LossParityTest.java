package io.github.gpfm.distill.loss;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import com.google.gson.JsonArray;
import com.google.gson.JsonParser;
import io.github.gpfm.encoder.script.Engines;
import io.github.gpfm.encoder.script.ScriptModule;
import io.github.gpfm.encoder.script.ScriptNode;
import io.github.gpfm.encoder.script.ScriptProgram;
import io.github.gpfm.encoder.script.ScriptSource;
import io.github.gpfm.encoder.script.Tensors;
import io.github.gpfm.encoder.vit.VitProgram;
import io.github.gpfm.encoder.weights.WeightFile;
import io.github.gpfm.encoder.weights.WeightTensor;
import io.github.gpfm.testkit.Fixtures;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Every loss against the reference: values and gradients. */
class LossParityTest {
  private static final double TOLERANCE = 1e-5;

  /** Test methods around the terms: each returns results and the gradient of the first. */
  private static final String FACE =
      """
      class Losses:
        def gradient(self, loss: Tensor, x: Tensor) -> Tensor:
          found = torch.grad([loss], [x])[0]
          assert found is not None
          return found

        def leaf(self, x: Tensor) -> Tensor:
          torch.set_grad_enabled(True)
          return x.detach().requires_grad_(True)

        def run_dino(self, student: Tensor, teacher: Tensor) -> List[Tensor]:
          s = self.leaf(student)
          loss = dino_loss(s, teacher, self.student_temperature)
          return [loss.detach(), self.gradient(loss, s)]

        def run_centering(self, logits: Tensor, centre: Tensor, temperature: Tensor) -> List[Tensor]:
          return [centering(logits, centre, float(temperature)), next_centre(centre, logits, self.centre_momentum)]

        def run_sinkhorn(self, logits: Tensor, temperature: Tensor) -> List[Tensor]:
          return [sinkhorn_knopp(logits, float(temperature))]

        def run_ibot(self, student: Tensor, teacher: Tensor, weights: Tensor, images: Tensor) -> List[Tensor]:
          s = self.leaf(student)
          loss = ibot_loss(s, teacher, weights, int(images), self.student_temperature)
          return [loss.detach(), self.gradient(loss, s)]

        def run_koleo(self, x: Tensor) -> List[Tensor]:
          s = self.leaf(x)
          loss = koleo_loss(s)
          return [loss.detach(), self.gradient(loss, s)]

        def run_cosine(self, student: Tensor, expert: Tensor) -> List[Tensor]:
          s = self.leaf(student)
          loss = cosine_loss(s, expert)
          return [loss.detach(), self.gradient(loss, s)]

        def run_kl(self, student: Tensor, expert: Tensor) -> List[Tensor]:
          s = self.leaf(student)
          loss = kl_loss(s, expert)
          return [loss.detach(), self.gradient(loss, s)]

        def run_feature(self, student: Tensor, expert: Tensor, rows: Tensor, columns: Tensor) -> List[Tensor]:
          s = self.leaf(student)
          loss = feature_loss(s, expert, int(rows), int(columns))
          return [loss.detach(), self.gradient(loss, s), resize_grid(expert, int(rows), int(columns))]

        def run_head(self, parameters: List[Tensor], x: Tensor, cotangent: Tensor) -> List[Tensor]:
          s = self.leaf(x)
          output = self.head.forward(s)
          leaves : List[Tensor] = [s]
          leaves.extend(parameters)
          grads = torch.grad([torch.sum(output * cotangent)], leaves)
          result : List[Tensor] = [output.detach()]
          for g in grads:
            assert g is not None
            result.append(g)
          return result
      """;

  private final NDManager manager = Engines.newManager(Device.cpu());

  @AfterEach
  void close() {
    manager.close();
  }

  @Test
  void dinoLoss() {
    WeightFile file = file("dino_loss");
    try (ScriptModule module = module(file, "student_temp")) {
      NDList local =
          module.call(manager, "run_dino", array(file, "local.student"), array(file, "teacher"));
      close(file, "local.loss", local.get(0));
      close(file, "local.student_grad", local.get(1));
      NDArray student = array(file, "global.student");
      NDArray teacher = array(file, "teacher");
      NDList global =
          module.call(
              manager,
              "run_dino",
              student.expandDims(0),
              teacher.reshape(1, student.getShape().get(0), student.getShape().get(1)));
      close(file, "global.loss", global.get(0));
      close(file, "global.student_grad", global.get(1));
    }
  }

  @Test
  void centering() {
    for (String name : new String[] {"dino_centering", "ibot_centering"}) {
      WeightFile file = file(name);
      JsonArray temperatures = temperatures(file);
      try (ScriptModule module = module(file, "")) {
        NDArray pending = array(file, "step0.center_used").reshape(1, -1);
        for (int t = 0; t < temperatures.size(); t++) {
          String step = "step" + t + ".";
          close(file, step + "center_used", pending);
          NDList result =
              module.call(
                  manager,
                  "run_centering",
                  array(file, step + "teacher_logits"),
                  pending,
                  manager.create(temperatures.get(t).getAsDouble()));
          close(file, step + "probs", result.get(0));
          pending = result.get(1);
        }
        close(file, "center_final", pending);
      }
    }
  }

  @Test
  void sinkhornKnopp() {
    WeightFile file = file("sinkhorn");
    JsonArray temperatures = temperatures(file);
    try (ScriptModule module = module(file, "")) {
      int checked = 0;
      for (String name : file.tensors().keySet()) {
        if (name.endsWith(".teacher_logits")) {
          String stem = name.substring(0, name.indexOf('.'));
          int t = Integer.parseInt(stem.replaceAll("\\D", ""));
          NDArray probabilities =
              module
                  .call(
                      manager,
                      "run_sinkhorn",
                      array(file, name),
                      manager.create(temperatures.get(t).getAsDouble()))
                  .get(0);
          close(file, stem + ".probs", probabilities);
          checked++;
        }
      }
      assertTrue(checked > 0);
    }
  }

  @Test
  void ibotLoss() {
    WeightFile file = file("ibot_loss");
    try (ScriptModule module = module(file, "student_temp")) {
      NDList result =
          module.call(
              manager,
              "run_ibot",
              array(file, "student"),
              array(file, "teacher_probs"),
              array(file, "masks_weight"),
              manager.create(file.tensor("masks").size(0)));
      close(file, "loss", result.get(0));
      close(file, "student_grad", result.get(1));
    }
  }

  @Test
  void koleo() {
    WeightFile file = file("koleo");
    try (ScriptModule module = module(file, "")) {
      NDList result = module.call(manager, "run_koleo", array(file, "input"));
      close(file, "loss", result.get(0));
      close(file, "input_grad", result.get(1));
    }
  }

  @Test
  void distillation() {
    WeightFile file = file("distillation");
    try (ScriptModule module = module(file, "")) {
      for (String kind : new String[] {"cosine", "kldiv"}) {
        NDList result =
            module.call(
                manager,
                kind.equals("cosine") ? "run_cosine" : "run_kl",
                array(file, "cls.student"),
                array(file, "cls.teacher"));
        close(file, kind + ".loss", result.get(0));
        close(file, kind + ".student_grad", result.get(1));
      }
      NDArray expert = array(file, "feature.teacher");
      NDArray student = array(file, "feature.student");
      long side = Math.round(Math.sqrt(expert.getShape().get(1)));
      long rows = Math.round(Math.sqrt(student.getShape().get(1)));
      NDList result =
          module.call(
              manager,
              "run_feature",
              student,
              expert.reshape(expert.getShape().get(0), side, side, expert.getShape().get(2)),
              manager.create(rows),
              manager.create(rows));
      close(file, "feature.loss", result.get(0));
      close(file, "feature.student_grad", result.get(1));
      close(file, "feature.teacher_resized", result.get(2));
    }
  }

  @Test
  void dinoHead() {
    WeightFile file = file("dino_head");
    for (String head : file.metadata().keySet()) {
      Map<String, WeightTensor> weights = new LinkedHashMap<>();
      String prefix = head + ".param.";
      for (String name : file.tensors().keySet()) {
        if (name.startsWith(prefix)) {
          weights.put(name.substring(prefix.length()), file.tensor(name));
        }
      }
      assertTrue(!weights.isEmpty(), head);
      try (ScriptModule module = module(file, "", VitProgram.head(weights))) {
        Map<String, NDArray> parameters = module.parameters();
        NDList result =
            module.call(
                manager,
                "run_head",
                new NDList(parameters.values()),
                array(file, head + ".input"),
                array(file, head + ".cotangent"));
        close(file, head + ".output", result.get(0));
        close(file, head + ".input_grad", result.get(1));
        int k = 2;
        int checked = 0;
        for (String key : parameters.keySet()) {
          String gradient = head + ".grad." + key.substring("head.".length());
          if (file.tensors().containsKey(gradient)) {
            close(file, gradient, result.get(k));
            checked++;
          }
          k++;
        }
        assertTrue(checked > 0);
      }
    }
  }

  private static WeightFile file(String name) {
    return WeightFile.open(Fixtures.parity("losses").resolve(name + ".safetensors"));
  }

  private static JsonArray temperatures(WeightFile file) {
    return JsonParser.parseString(file.metadata().get("teacher_temps")).getAsJsonArray();
  }

  private static ScriptModule module(WeightFile file, String temperatureKey) {
    return module(file, temperatureKey, ScriptNode.of("Gelu"));
  }

  private static ScriptModule module(WeightFile file, String temperatureKey, ScriptNode head) {
    ScriptNode root =
        ScriptNode.of("Losses")
            .child("head", head)
            .constant("student_temperature", number(file, temperatureKey, 0.1))
            .constant("centre_momentum", number(file, "center_momentum", 0.9));
    ScriptSource source = VitProgram.source().and(LossSource.terms()).and(ScriptSource.of(FACE));
    return new ScriptProgram(source, root).load(Device.cpu(), ScriptProgram.Mode.TRAINING);
  }

  private static double number(WeightFile file, String key, double otherwise) {
    String value = file.metadata().get(key);
    return value == null ? otherwise : Double.parseDouble(value);
  }

  private NDArray array(WeightFile file, String name) {
    return Tensors.toArray(manager, file.tensor(name));
  }

  private static void close(WeightFile file, String name, NDArray actual) {
    float[] expected = file.tensor(name).toFloats();
    float[] found = actual.toType(DataType.FLOAT32, false).toFloatArray();
    assertEquals(expected.length, found.length, name);
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], found[i], TOLERANCE * Math.max(1, Math.abs(expected[i])), name);
    }
  }
}
