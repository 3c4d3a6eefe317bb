package org.example;

import io.github.gpfm.api.Encoder;
import io.github.gpfm.api.EncoderProvider;
import io.github.gpfm.api.EncoderRequest;
import java.util.List;

/** Brings one encoder. */
public final class BrightnessProvider implements EncoderProvider {
  @Override
  public List<String> names() {
    return List.of("brightness");
  }

  @Override
  public String describe(String name) {
    return "mean of red, green and blue";
  }

  @Override
  public Encoder open(EncoderRequest request) {
    return new Brightness();
  }
}
