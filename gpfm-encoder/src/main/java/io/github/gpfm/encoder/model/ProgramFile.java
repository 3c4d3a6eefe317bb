package io.github.gpfm.encoder.model;

import io.github.gpfm.api.WeightsException;
import io.github.gpfm.encoder.image.Preprocessing;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A user's own network as a file that is a program: TorchScript ({@code .pt}) or ONNX. It takes
 * normalised pixels, float32 [B, 3, S, S], and its first output is the feature, [B, d] or, taken at
 * the first token, [B, N, d].
 *
 * @param path the file
 * @param preprocessing from an image to its input
 * @param tileSize recommended tile edge, pixels at {@code mpp}
 * @param mpp recommended tile resolution, µm per pixel
 */
public record ProgramFile(Path path, Preprocessing preprocessing, int tileSize, double mpp) {
  /** What runs such files. */
  public enum Engine {
    /** TorchScript, run by PyTorch. */
    TORCHSCRIPT("PyTorch"),
    /** ONNX, run by ONNX Runtime: {@code ai.djl.onnxruntime:onnxruntime-engine} must be there. */
    ONNX("OnnxRuntime");

    private final String djlName;

    Engine(String djlName) {
      this.djlName = djlName;
    }

    /** DJL's name of the engine. */
    public String djlName() {
      return djlName;
    }
  }

  /**
   * Tells the engine by the file's content: a zip is TorchScript, all else is taken for ONNX.
   *
   * @throws WeightsException if the file is missing, empty or unreadable
   */
  public Engine engine() {
    if (!Files.isRegularFile(path)) {
      throw new WeightsException("Program file '" + path + "' does not exist; check the path.");
    }
    try (InputStream in = Files.newInputStream(path)) {
      byte[] head = in.readNBytes(4);
      if (head.length < 4) {
        throw new WeightsException("Program file '" + path + "' is empty; export it again.");
      }
      return head[0] == 'P' && head[1] == 'K' ? Engine.TORCHSCRIPT : Engine.ONNX;
    } catch (IOException e) {
      throw new WeightsException(
          "Program file '" + path + "' cannot be read (" + e.getMessage() + "); check it.", e);
    }
  }
}
