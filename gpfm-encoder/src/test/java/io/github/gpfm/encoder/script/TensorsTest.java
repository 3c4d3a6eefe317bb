package io.github.gpfm.encoder.script;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.gpfm.encoder.weights.WeightTensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.util.List;
import org.junit.jupiter.api.Test;

class TensorsTest {
  @Test
  void aViewIsReadWhenItIsWritten() throws IOException {
    try (NDManager manager = Engines.newManager(Device.cpu())) {
      NDArray array = manager.create(new float[] {1, 2, 3, 4, 5, 6}, new Shape(2, 3));
      WeightTensor copy = Tensors.toTensor("t", array);
      WeightTensor view = Tensors.view("t", array);
      assertEquals(List.of(2L, 3L), view.shape());
      assertEquals(copy.byteSize(), view.byteSize());
      array.muli(2);
      assertArrayEquals(new float[] {1, 2, 3, 4, 5, 6}, copy.toFloats());
      assertArrayEquals(new float[] {2, 4, 6, 8, 10, 12}, view.toFloats());
      assertArrayEquals(new float[] {8, 10, 12}, view.rows("t", 1, 2).toFloats());
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      view.data().writeTo(Channels.newChannel(out));
      float[] written = new float[6];
      ByteBuffer.wrap(out.toByteArray())
          .order(ByteOrder.LITTLE_ENDIAN)
          .asFloatBuffer()
          .get(written);
      assertArrayEquals(view.toFloats(), written);
    }
  }
}
