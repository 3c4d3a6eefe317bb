package io.github.gpfm.encoder.slide;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.gpfm.api.DeviceMemoryException;
import io.github.gpfm.api.EncoderException;
import io.github.gpfm.api.SlideEncoder;
import io.github.gpfm.api.SlideEncoderInfo;
import io.github.gpfm.api.SlideFeatures;
import io.github.gpfm.encoder.DeviceMemory;
import io.github.gpfm.encoder.script.ScriptModule;
import io.github.gpfm.encoder.script.ScriptNode;
import io.github.gpfm.encoder.script.ScriptProgram;
import io.github.gpfm.encoder.weights.WeightFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A slide encoder's network on a device. A slide is computed at a time. */
final class ScriptSlideEncoder implements SlideEncoder {
  private static final Logger LOG = LoggerFactory.getLogger(ScriptSlideEncoder.class);

  private final SlideNetwork network;
  private final SlideEncoderInfo info;
  private final ScriptModule module;
  private boolean closed;

  private ScriptSlideEncoder(SlideNetwork network, SlideEncoderInfo info, ScriptModule module) {
    this.network = network;
    this.info = info;
    this.module = module;
  }

  static ScriptSlideEncoder load(
      SlideNetwork network, SlideEncoderInfo info, WeightFile file, Device device) {
    SlideWeights weights = new SlideWeights(info.name(), file, network.roots());
    ScriptNode root = network.root(weights, info.feature());
    weights.requireNoOthers(network.ignored(info.feature()));
    ScriptModule module =
        new ScriptProgram(network.source(), root).load(device, ScriptProgram.Mode.INFERENCE);
    return new ScriptSlideEncoder(network, info, module);
  }

  @Override
  public SlideEncoderInfo info() {
    return info;
  }

  @Override
  public synchronized float[] embed(SlideFeatures tiles) {
    if (closed) {
      throw new EncoderException("Slide encoder '" + info.name() + "' is closed.");
    }
    info.require(tiles);
    TileCells cells = place(tiles);
    int rows = cells.cells().length / 2;
    try (NDManager scope = module.newScope()) {
      NDArray features = scope.create(cells.values(), new Shape(rows, tiles.dimension()));
      NDArray places = scope.create(cells.cells(), new Shape(rows, 2));
      return module.infer(scope, "slide", features, places).get(0).toFloatArray();
    } catch (EngineException e) {
      if (DeviceMemory.ranOut(e)) {
        throw new DeviceMemoryException(
            "Device %s has too little memory for the %d tiles of '%s'; use one with more."
                .formatted(module.device(), tiles.count(), tiles.name()),
            e);
      }
      throw new EncoderException(
          "Slide encoder '%s' failed on '%s': %s"
              .formatted(
                  info.name(),
                  tiles.name(),
                  String.valueOf(e.getMessage()).lines().findFirst().orElse("no reason given")),
          e);
    }
  }

  private TileCells place(SlideFeatures tiles) {
    if (!network.needsCells()) {
      return TileCells.none(tiles);
    }
    if (!network.dense()) {
      return TileCells.of(tiles, network.gridEdge());
    }
    TileCells cells = TileCells.dense(tiles);
    if (cells.shared(tiles) > 0) {
      LOG.warn(
          "{} of the {} tiles of '{}' share a cell of the grid with another: {} sums their features;"
              + " lay the tiles without overlap and on one grid to avoid it",
          cells.shared(tiles),
          tiles.count(),
          tiles.name(),
          info.name());
    }
    return cells;
  }

  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      module.close();
    }
  }
}
