package io.github.gpfm.pipeline;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.inference.Predictor;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.translate.NoopTranslator;
import ai.djl.translate.TranslateException;
import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.api.Recipe;
import io.github.gpfm.api.TilingException;
import io.github.gpfm.api.WeightsException;
import io.github.gpfm.encoder.ComputeDevice;
import io.github.gpfm.tiling.segment.TissueModel;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A segmentation network in a TorchScript file, for {@code ModelSegmenter}. It takes float32 [n, 3,
 * h, w], RGB from 0 to 1 less the mean over the standard deviation, and gives logits: [n, 1, h, w],
 * turned into probabilities by the logistic function, or [n, classes, h, w], by softmax.
 */
public final class ScriptTissueModel implements TissueModel {
  /**
   * How the network wants its input and what its output means.
   *
   * @param tileSize edge of the tiles, pixels
   * @param mpp their resolution, µm per pixel
   * @param mean of red, green and blue, subtracted from values from 0 to 1
   * @param standardDeviation of red, green and blue, divided by
   * @param tissueClass which of several classes is tissue, from 0; of no matter with one channel
   */
  public record Settings(
      int tileSize,
      double mpp,
      List<Double> mean,
      List<Double> standardDeviation,
      int tissueClass) {
    /** Checks the ranges. */
    public Settings {
      mean = List.copyOf(mean);
      standardDeviation = List.copyOf(standardDeviation);
      if (tileSize < 16 || !(mpp > 0) || tissueClass < 0) {
        throw new InvalidOptionException(
            "A segmentation model needs tiles of 16 pixels or more at a positive resolution, not "
                + tileSize
                + " at "
                + mpp
                + ".");
      }
      if (mean.size() != 3
          || standardDeviation.size() != 3
          || standardDeviation.stream().anyMatch(value -> !(value > 0))) {
        throw new InvalidOptionException(
            "Mean and standard deviation must be three numbers each, the latter positive.");
      }
    }

    /** ImageNet's mean and deviation; tissue is class 1. */
    public static Settings of(int tileSize, double mpp) {
      return new Settings(
          tileSize, mpp, List.of(0.485, 0.456, 0.406), List.of(0.229, 0.224, 0.225), 1);
    }
  }

  private final Path file;
  private final Settings settings;
  private final Model model;
  private final Predictor<NDList, NDList> predictor;

  private ScriptTissueModel(Path file, Settings settings, Model model) {
    this.file = file;
    this.settings = settings;
    this.model = model;
    predictor = model.newPredictor(new NoopTranslator());
  }

  /**
   * Loads a network.
   *
   * @param file a TorchScript archive
   * @param settings how it wants its input
   * @param device where it runs; the first one where several are meant
   * @throws WeightsException if the file is missing or no TorchScript
   */
  public static ScriptTissueModel open(Path file, Settings settings, ComputeDevice device) {
    if (!Files.isRegularFile(file)) {
      throw new WeightsException("There is no segmentation model " + file + ".");
    }
    Device chosen = device.resolve().get(0);
    Model model = Model.newInstance("tissue", chosen, "PyTorch");
    try {
      model.load(file);
      return new ScriptTissueModel(file, settings, model);
    } catch (IOException | MalformedModelException | RuntimeException e) {
      model.close();
      throw new WeightsException(
          file + " is not a TorchScript model that PyTorch loads: " + e.getMessage(), e);
    }
  }

  @Override
  public String name() {
    return String.valueOf(file.getFileName());
  }

  /** The file, and how its input and output are understood. */
  @Override
  public void describe(Recipe.Builder recipe) {
    recipe
        .file("file", file)
        .add("size", settings.tileSize())
        .add("mpp", settings.mpp())
        .add("mean", settings.mean())
        .add("std", settings.standardDeviation())
        .add("tissue-class", settings.tissueClass());
  }

  @Override
  public int tileSize() {
    return settings.tileSize();
  }

  @Override
  public double mpp() {
    return settings.mpp();
  }

  @Override
  public List<float[]> probabilities(List<BufferedImage> tiles) {
    int size = settings.tileSize();
    int plane = size * size;
    float[] input = new float[tiles.size() * 3 * plane];
    for (int n = 0; n < tiles.size(); n++) {
      int[] rgb = tiles.get(n).getRGB(0, 0, size, size, null, 0, size);
      for (int channel = 0; channel < 3; channel++) {
        int shift = 16 - 8 * channel;
        float mean = settings.mean().get(channel).floatValue();
        float deviation = settings.standardDeviation().get(channel).floatValue();
        int offset = (n * 3 + channel) * plane;
        for (int i = 0; i < plane; i++) {
          input[offset + i] = ((rgb[i] >> shift & 0xff) / 255f - mean) / deviation;
        }
      }
    }
    try (NDManager scope = model.getNDManager().newSubManager()) {
      NDArray batch = scope.create(FloatBuffer.wrap(input), new Shape(tiles.size(), 3, size, size));
      NDList answer = predict(new NDList(batch));
      answer.attach(scope);
      NDArray tissue = tissue(answer.head(), tiles.size());
      float[] all = tissue.toFloatArray();
      List<float[]> answers = new ArrayList<>();
      for (int n = 0; n < tiles.size(); n++) {
        answers.add(Arrays.copyOfRange(all, n * plane, (n + 1) * plane));
      }
      return answers;
    }
  }

  /** One call at a time: memory stays that of one batch. */
  private synchronized NDList predict(NDList batch) {
    try {
      return predictor.predict(batch);
    } catch (TranslateException e) {
      throw new TilingException(
          "The segmentation model " + file + " fails on its tiles: " + e.getMessage(), e);
    }
  }

  private NDArray tissue(NDArray logits, int count) {
    Shape shape = logits.getShape();
    int size = settings.tileSize();
    boolean fits =
        shape.dimension() == 4
            && shape.get(0) == count
            && shape.get(2) == size
            && shape.get(3) == size
            && (shape.get(1) == 1 || shape.get(1) > settings.tissueClass());
    if (!fits) {
      throw new TilingException(
          "The segmentation model "
              + file
              + " must give logits ["
              + count
              + ", 1 or classes, "
              + size
              + ", "
              + size
              + "], not "
              + shape
              + ".");
    }
    if (shape.get(1) == 1) {
      // The logistic function.
      return logits.neg().exp().add(1).pow(-1);
    }
    return logits.softmax(1).get(":, " + settings.tissueClass());
  }

  @Override
  public synchronized void close() {
    predictor.close();
    model.close();
  }
}
