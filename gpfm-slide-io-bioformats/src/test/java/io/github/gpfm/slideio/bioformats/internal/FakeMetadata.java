package io.github.gpfm.slideio.bioformats.internal;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Throws, as the real one does, where an enclosing element is missing. */
final class FakeMetadata implements OmeMetadata {
  private final FakeFile file;

  FakeMetadata(FakeFile file) {
    this.file = file;
  }

  @Override
  public @Nullable String getImageName(int image) {
    return file.series.get(image).name;
  }

  @Override
  public @Nullable Object getPixelsPhysicalSizeX(int image) {
    return file.micrometresX;
  }

  @Override
  public @Nullable Object getPixelsPhysicalSizeY(int image) {
    return file.micrometresY;
  }

  @Override
  public @Nullable Object getChannelColor(int image, int channel) {
    List<Integer> colours = file.series.get(image).colours;
    return colours.get(channel);
  }

  @Override
  public @Nullable String getObjectiveSettingsID(int image) {
    throw new NullPointerException("no ObjectiveSettings");
  }

  @Override
  public int getInstrumentCount() {
    return file.magnification == null ? 0 : 1;
  }

  @Override
  public int getObjectiveCount(int instrument) {
    return 1;
  }

  @Override
  public @Nullable String getObjectiveID(int instrument, int objective) {
    return "Objective:0";
  }

  @Override
  public @Nullable Double getObjectiveNominalMagnification(int instrument, int objective) {
    return file.magnification;
  }
}
