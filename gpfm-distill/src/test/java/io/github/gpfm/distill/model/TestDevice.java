package io.github.gpfm.distill.model;

import ai.djl.Device;

/** Where the suites run: {@code -Dgpfm.test.device=cpu}, {@code gpu} or {@code gpu:N}. */
public final class TestDevice {
  /** Name of the property. */
  public static final String PROPERTY = "gpfm.test.device";

  private TestDevice() {}

  /** The name as {@code train.devices} takes it. */
  public static String name() {
    return System.getProperty(PROPERTY, "cpu");
  }

  /** The device. */
  public static Device get() {
    String name = name();
    if (name.equals("cpu")) {
      return Device.cpu();
    }
    if (!name.matches("gpu(:\\d+)?")) {
      throw new IllegalArgumentException(PROPERTY + " must be cpu, gpu or gpu:N, not " + name);
    }
    return Device.gpu(name.equals("gpu") ? 0 : Integer.parseInt(name.substring(4)));
  }
}
