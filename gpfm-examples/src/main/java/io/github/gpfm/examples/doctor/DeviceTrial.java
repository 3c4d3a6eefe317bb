package io.github.gpfm.examples.doctor;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.gpfm.api.GpfmException;
import io.github.gpfm.distill.run.StepTrial;
import io.github.gpfm.encoder.ComputeDevice;
import io.github.gpfm.encoder.GpfmEncoder;
import io.github.gpfm.encoder.image.Preprocessing;
import io.github.gpfm.encoder.image.Preprocessor;
import io.github.gpfm.encoder.script.Engines;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import javax.imageio.ImageIO;

/** Runs the bundled network and a training step on devices, and measures what feeds them. */
public final class DeviceTrial {
  /** Reordered float32 sums; TF32 or a broken kernel differ by much more. */
  private static final double TOLERANCE = 1e-3;

  private static final int IMAGES = 16;
  private static final int STEPS = 3;
  private static final int TILE = 512;
  private static final int INPUT = 224;
  private static final int VALUES = 16 << 20;

  private final Diagnosis diagnosis;
  private final List<BufferedImage> images = images();

  /** Facts and problems go to {@code diagnosis}. */
  public DeviceTrial(Diagnosis diagnosis) {
    this.diagnosis = diagnosis;
  }

  /** Compares every device with the processor: features, and parameters after two steps. */
  public void compare(List<Device> devices) {
    float[] expected = features(Device.cpu());
    StepTrial trained = StepTrial.run(Device.cpu(), 2);
    for (Device device : devices) {
      String section = "check on " + device;
      try {
        double features = difference(expected, features(device));
        double parameters = trained.difference(StepTrial.run(device, 2));
        diagnosis.fact(section, "features differ by", features);
        diagnosis.fact(section, "parameters differ by", parameters);
        if (!(features < TOLERANCE && parameters < TOLERANCE)) {
          diagnosis.problem(
              String.format(
                  Locale.ROOT,
                  "%s computes otherwise than the processor (features by %.1e, a training step by %.1e, allowed %.0e); update the driver, or use device cpu.",
                  device,
                  features,
                  parameters,
                  TOLERANCE));
        }
      } catch (GpfmException | IllegalStateException e) {
        diagnosis.fact(section, "result", "failed");
        diagnosis.problem(
            "%s fails: %s Use device cpu until it works."
                .formatted(device, String.valueOf(e.getMessage()).lines().findFirst().orElse("")));
      }
    }
  }

  /** Measures rates, and names what limits features from tiles. */
  public void measure(List<Device> devices) {
    double decode = rate(this::decode);
    double resize = rate(this::resize);
    int threads = Runtime.getRuntime().availableProcessors();
    double fed = threads / (1 / decode + 1 / resize);
    diagnosis.fact("speed", "JPEG tiles/s a thread", decode);
    diagnosis.fact("speed", "resizes/s a thread", resize);
    diagnosis.fact("speed", "tiles/s of all threads", fed);
    for (Device device : devices) {
      String section = "speed on " + device;
      double images = imagesPerSecond(device);
      diagnosis.fact(section, "bundled model images/s", images);
      diagnosis.fact(section, "training step s", StepTrial.run(device, STEPS).secondsPerStep());
      if (device.isGpu()) {
        transfers(section, device, devices);
      }
      diagnosis.fact(
          section,
          "bottleneck",
          images < fed
              ? "the network (of the bundled model; a larger one the more)"
              : "reading and resizing tiles: more processors, or tiles of the input's size");
    }
  }

  private void transfers(String section, Device device, List<Device> devices) {
    try (NDManager host = Engines.newManager(Device.cpu());
        NDManager there = Engines.newManager(device)) {
      NDArray array = host.ones(new Shape(VALUES));
      NDArray arrived = array.toDevice(device, true);
      arrived.attach(there);
      diagnosis.fact(section, "host to device GB/s", gigabytes(array, device, there));
      diagnosis.fact(section, "device to host GB/s", gigabytes(arrived, Device.cpu(), host));
      for (Device other : devices) {
        if (!other.equals(device)) {
          try (NDManager away = Engines.newManager(other)) {
            diagnosis.fact(section, "to " + other + " GB/s", gigabytes(arrived, other, away));
          }
        }
      }
    }
  }

  private static double gigabytes(NDArray array, Device to, NDManager owner) {
    int times = 5;
    long start = 0;
    for (int i = 0; i <= times; i++) {
      if (i == 1) {
        start = System.nanoTime();
      }
      try (NDArray copy = array.toDevice(to, true)) {
        copy.attach(owner);
        // Reading a value waits for the copy.
        copy.get(0).getFloat();
      }
    }
    return times * (double) Float.BYTES * VALUES / (System.nanoTime() - start);
  }

  private double imagesPerSecond(Device device) {
    try (GpfmEncoder encoder = encoder(device)) {
      encoder.embed(images);
      return rate(() -> encoder.embed(images).count()) * IMAGES;
    }
  }

  private interface Work {
    int once();
  }

  /** Calls a second, over half a second or more. */
  private static double rate(Work work) {
    work.once();
    long start = System.nanoTime();
    long end = start + 500_000_000L;
    int calls = 0;
    while (System.nanoTime() < end) {
      work.once();
      calls++;
    }
    return calls / ((System.nanoTime() - start) / 1e9);
  }

  private final byte[] jpeg = jpeg();

  private int decode() {
    try {
      return ImageIO.read(new ByteArrayInputStream(jpeg)).getWidth();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private int resize() {
    return new Preprocessor(Preprocessing.exact(INPUT)).apply(images.get(0)).length;
  }

  private byte[] jpeg() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      ImageIO.write(images.get(0), "jpeg", out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  private float[] features(Device device) {
    try (GpfmEncoder encoder = encoder(device)) {
      return encoder.embed(images).toArray();
    }
  }

  private static GpfmEncoder encoder(Device device) {
    ComputeDevice choice =
        device.isGpu() ? ComputeDevice.gpu(device.getDeviceId()) : ComputeDevice.cpu();
    return GpfmEncoder.builder().device(choice).batchSize(IMAGES).build();
  }

  private static double difference(float[] a, float[] b) {
    double largest = 0;
    for (int i = 0; i < a.length; i++) {
      double difference = Math.abs((double) a[i] - b[i]);
      largest = Double.isNaN(difference) ? Double.POSITIVE_INFINITY : Math.max(largest, difference);
    }
    return largest;
  }

  private static List<BufferedImage> images() {
    SplittableRandom random = new SplittableRandom(1);
    List<BufferedImage> images = new ArrayList<>();
    for (int n = 0; n < IMAGES; n++) {
      BufferedImage image = new BufferedImage(TILE, TILE, BufferedImage.TYPE_INT_RGB);
      for (int i = 0; i < TILE * TILE; i += 1 + random.nextInt(4)) {
        image.setRGB(i % TILE, i / TILE, random.nextInt(1 << 24));
      }
      images.add(image);
    }
    return images;
  }
}
