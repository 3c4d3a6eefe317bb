package io.github.gpfm.distill.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.engine.EngineException;
import io.github.gpfm.api.DeviceMemoryException;
import io.github.gpfm.api.EncoderException;
import io.github.gpfm.api.GpfmException;
import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.api.OutputException;
import io.github.gpfm.api.WeightsException;
import io.github.gpfm.distill.config.DistillConfig;
import io.github.gpfm.distill.data.CropBatch;
import io.github.gpfm.distill.expert.Expert;
import io.github.gpfm.distill.expert.ExpertTokens;
import io.github.gpfm.distill.model.NonFiniteException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a run says when something it was given does not work. */
class BadInputTest {
  private static final int DIMENSION = 6;

  @TempDir Path folder;

  /** An expert that claims six values a token and answers as it is told. */
  private record Told(boolean hasPatchTokens, IntFunction<ExpertTokens> answer) implements Expert {
    @Override
    public int dimension() {
      return DIMENSION;
    }

    @Override
    public ExpertTokens tokens(CropBatch batch, boolean patchTokens) {
      return answer.apply(2 * batch.tiles().length);
    }

    @Override
    public void close() {}
  }

  private <T extends GpfmException> T refused(
      Class<T> type, Map<String, String> changes, Expert expert) {
    DistillConfig config = TinyRuns.config(changes);
    T e =
        assertThrows(
            type,
            () -> {
              try (Trainer trainer =
                  new Trainer(config, new RandomTiles(9, 64), Map.of("mean", expert), folder)) {
                trainer.run(TrainingListener.NONE);
              }
            });
    assertEquals(1, e.getMessage().lines().count(), e.getMessage());
    assertTrue(e.getMessage().endsWith("."), e.getMessage());
    return e;
  }

  @ParameterizedTest
  @CsvSource({"5, 0, 0, 0", "6, 1, 0, 0", "6, 0, 2, 1", "6, 0, 0, 0"})
  void anExpertOfWrongSizeIsNamed(int dimension, int more, int rows, int cut) {
    Map<String, String> change = Map.of("experts.mean.patch-weight", "0.5");
    Expert wrong =
        new Told(
            true,
            n ->
                new ExpertTokens(
                    dimension,
                    new float[n * dimension + more],
                    rows,
                    rows,
                    new float[Math.max(0, n * rows * rows * dimension - cut)]));
    String message = refused(EncoderException.class, change, wrong).getMessage();
    assertTrue(
        message.startsWith("Expert 'mean' gave")
            && message.contains("must give 6 a class and 6 a patch token."),
        message);
  }

  @Test
  void anExpertWithoutPatchTokensCannotTeachThem() {
    Map<String, String> change = Map.of("experts.mean.patch-weight", "0.5");
    Expert plain =
        new Told(false, n -> ExpertTokens.ofClasses(DIMENSION, new float[n * DIMENSION]));
    String message = refused(InvalidOptionException.class, change, plain).getMessage();
    assertTrue(message.contains("'mean' has no patch tokens"), message);
  }

  @Test
  void anExpertThatGivesNoNumbersIsFoundByItsTerm() {
    Expert nan =
        new Told(
            false,
            n -> {
              float[] tokens = new float[n * DIMENSION];
              Arrays.fill(tokens, Float.NaN);
              return ExpertTokens.ofClasses(DIMENSION, tokens);
            });
    NonFiniteException e = refused(NonFiniteException.class, Map.of(), nan);
    assertEquals("distill_mean_cls_loss", e.term());
    assertTrue(new Checkpoints(folder, 1).list().isEmpty());
  }

  @Test
  void aFullDeviceIsMetWithWhatToChange() {
    Expert full =
        new Told(
            false,
            n -> {
              throw new EngineException("CUDA out of memory. Tried to allocate 2.00 GiB");
            });
    String message = refused(DeviceMemoryException.class, Map.of(), full).getMessage();
    assertTrue(message.contains("4 tiles") && message.contains("train.shards"), message);
    Expert other =
        new Told(
            false,
            n -> {
              throw new EngineException("shape mismatch");
            });
    DistillConfig config = TinyRuns.config();
    try (Trainer trainer =
        new Trainer(config, new RandomTiles(9, 64), Map.of("mean", other), folder)) {
      assertThrows(EngineException.class, () -> trainer.run(TrainingListener.NONE));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "cpu,cpu|train.devices names 2 devices but train.shards is 1",
        "gpu:63|train.devices asks for gpu:63 but PyTorch sees",
        "tpu|train.devices has 'tpu'"
      })
  void devicesThatAreNotThereAreNamed(String devices, String said) {
    Expert any = TinyRuns.experts().get("mean");
    Map<String, String> change = Map.of("train.devices", devices);
    String message = refused(InvalidOptionException.class, change, any).getMessage();
    assertTrue(message.startsWith(said), message);
  }

  @Test
  void aMissingExpertAndAnUnusableFolderAreNamed() throws IOException {
    DistillConfig config = TinyRuns.config();
    RandomTiles tiles = new RandomTiles(9, 64);
    InvalidOptionException missing =
        assertThrows(
            InvalidOptionException.class, () -> new Trainer(config, tiles, Map.of(), folder));
    assertTrue(missing.getMessage().contains("'mean'"), missing.getMessage());
    Path file = Files.writeString(folder.resolve("file"), "");
    OutputException unusable =
        assertThrows(
            OutputException.class, () -> new Trainer(config, tiles, TinyRuns.experts(), file));
    assertTrue(unusable.getMessage().contains(file.toString()), unusable.getMessage());
  }

  @Test
  void twoRunsDoNotShareAFolder() throws IOException {
    DistillConfig config = TinyRuns.config();
    RandomTiles tiles = new RandomTiles(9, 64);
    Path part = folder.resolve(".checkpoint-00000005.safetensors.part");
    Files.writeString(part, "half of what a killed run was writing");
    try (Trainer first = new Trainer(config, tiles, TinyRuns.experts(), folder)) {
      assertFalse(Files.exists(part));
      OutputException second =
          assertThrows(
              OutputException.class, () -> new Trainer(config, tiles, TinyRuns.experts(), folder));
      assertTrue(second.getMessage().contains("'" + folder + "'"), second.getMessage());
      assertEquals(0, first.done());
    }
    new Trainer(config, tiles, TinyRuns.experts(), folder).close();
    // A run that was refused leaves the folder free too.
    DistillConfig other = TinyRuns.config(Map.of("student.weights", "none.pth"));
    assertThrows(
        WeightsException.class, () -> new Trainer(other, tiles, TinyRuns.experts(), folder));
    new Trainer(config, tiles, TinyRuns.experts(), folder).close();
  }
}
