package io.github.gpfm.encoder.script;

import ai.djl.Device;
import io.github.gpfm.api.EncoderException;
import io.github.gpfm.encoder.internal.torch.TorchZipWriter;
import io.github.gpfm.encoder.weights.WeightTensor;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.compress.utils.SeekableInMemoryByteChannel;

/**
 * A TorchScript program: source and a tree of modules with their weights. Immutable; loading it
 * makes a {@link ScriptModule} that runs.
 *
 * @param source classes and functions
 * @param root the module whose methods can be called
 */
public record ScriptProgram(ScriptSource source, ScriptNode root) {
  /** Programs up to this size are handed over in memory, larger ones through a temporary file. */
  private static final long IN_MEMORY = 32L << 20;

  private static final String NAME = "program";

  /** What a loaded module is for. */
  public enum Mode {
    /** Parameters cannot be trained; the leanest way to run. */
    INFERENCE,
    /** Floating-point parameters collect gradients. */
    TRAINING
  }

  /**
   * Loads the program onto a device.
   *
   * @throws EncoderException if the engine or the device is not there or refuses the source
   * @throws io.github.gpfm.api.WeightsException if a weight cannot be read any more
   */
  public ScriptModule load(Device device, Mode mode) {
    ScriptAssembler assembler = new ScriptAssembler(source, mode == Mode.TRAINING);
    byte[] objects = assembler.assemble(root);
    String code = assembler.code();
    List<WeightTensor> tensors = assembler.tensors();
    long size = tensors.stream().mapToLong(WeightTensor::byteSize).sum();
    try {
      if (size <= IN_MEMORY) {
        try (SeekableInMemoryByteChannel channel = new SeekableInMemoryByteChannel()) {
          write(channel, objects, code, tensors);
          byte[] archive = Arrays.copyOf(channel.array(), (int) channel.size());
          try (InputStream in = new ByteArrayInputStream(archive)) {
            return ScriptModule.load(device, mode, in);
          }
        }
      }
      return loadThroughFile(device, mode, objects, code, tensors);
    } catch (IOException e) {
      throw new EncoderException(
          "The model cannot be handed to PyTorch (%s); check the free space of '%s' or set"
                  .formatted(e.getMessage(), Engines.temporaryFolder())
              + " -Dgpfm.cache=DIR.",
          e);
    }
  }

  private static ScriptModule loadThroughFile(
      Device device, Mode mode, byte[] objects, String code, List<WeightTensor> tensors)
      throws IOException {
    Path file = Files.createTempFile(Engines.temporaryFolder(), "gpfm-", ".ts");
    try {
      try (FileChannel channel =
          FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
        write(channel, objects, code, tensors);
      }
      return ScriptModule.load(device, mode, file);
    } finally {
      Files.deleteIfExists(file);
    }
  }

  private static void write(
      SeekableByteChannel channel, byte[] objects, String code, List<WeightTensor> tensors)
      throws IOException {
    try (TorchZipWriter zip = new TorchZipWriter(channel, NAME)) {
      zip.entry("data.pkl", objects);
      zip.entry("code/__torch__.py", code.getBytes(StandardCharsets.UTF_8));
      zip.entry("constants.pkl", new byte[] {(byte) 0x80, 2, ')', '.'});
      zip.entry("version", "10\n".getBytes(StandardCharsets.US_ASCII));
      zip.entry("byteorder", "little".getBytes(StandardCharsets.US_ASCII));
      for (int i = 0; i < tensors.size(); i++) {
        WeightTensor tensor = tensors.get(i);
        zip.entry("data/" + i, tensor.byteSize(), tensor.data()::writeTo);
      }
    }
  }
}
