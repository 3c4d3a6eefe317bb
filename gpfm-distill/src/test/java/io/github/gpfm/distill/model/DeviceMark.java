package io.github.gpfm.distill.model;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.pytorch.engine.PtNDArray;
import java.lang.reflect.Field;

/** Lets an array of the CPU pass for one of a GPU, to see what DJL does with such an array. */
final class DeviceMark {
  private DeviceMark() {}

  static void mark(NDArray array) {
    try {
      Field device = PtNDArray.class.getDeclaredField("device");
      device.setAccessible(true);
      device.set(array, Device.gpu(0));
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("DJL keeps an array's device elsewhere", e);
    }
  }
}
