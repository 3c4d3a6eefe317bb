package io.github.gpfm.encoder.natives;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * NVIDIA's driver as the operating system shows it, whether or not PyTorch can use it.
 *
 * @param version its version, or what it says of itself
 * @param gpus names of the GPUs it sees
 */
public record NvidiaDriver(String version, List<String> gpus) {
  private static final Path PROC = Path.of("/proc/driver/nvidia");
  private static final String MODEL = "Model:";

  /** Copies the list. */
  public NvidiaDriver {
    gpus = List.copyOf(gpus);
  }

  /** The driver of this machine; empty if there is none. */
  public static Optional<NvidiaDriver> find() {
    Optional<NvidiaDriver> linux = find(PROC);
    return linux.isPresent() ? linux : ask();
  }

  /** As {@link #find()}, from another place than {@code /proc/driver/nvidia}. */
  static Optional<NvidiaDriver> find(Path proc) {
    Path version = proc.resolve("version");
    if (!Files.isReadable(version)) {
      return Optional.empty();
    }
    try (Stream<Path> folders =
        Files.isDirectory(proc.resolve("gpus"))
            ? Files.list(proc.resolve("gpus"))
            : Stream.empty()) {
      List<String> names = new ArrayList<>();
      for (Path folder : folders.sorted().toList()) {
        names.add(model(folder.resolve("information")));
      }
      String first = Files.readString(version).lines().findFirst().orElse("");
      String number = first.replaceFirst(".*?(\\d{3}\\.\\d+[.\\d]*).*", "$1");
      return Optional.of(new NvidiaDriver(number.strip(), names));
    } catch (IOException e) {
      return Optional.of(new NvidiaDriver("unreadable: " + e.getMessage(), List.of()));
    }
  }

  private static String model(Path information) throws IOException {
    if (!Files.isReadable(information)) {
      return "GPU without a name";
    }
    return Files.readString(information)
        .lines()
        .filter(line -> line.startsWith(MODEL))
        .map(line -> line.substring(MODEL.length()).strip())
        .findFirst()
        .orElse("GPU without a name");
  }

  /** Windows, and Linux inside it, have the program but not the files. */
  private static Optional<NvidiaDriver> ask() {
    try {
      Process process =
          new ProcessBuilder(
                  "nvidia-smi", "--query-gpu=driver_version,name", "--format=csv,noheader")
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        return Optional.empty();
      }
      List<String> lines =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
              .lines()
              .filter(line -> line.contains(","))
              .toList();
      if (process.exitValue() != 0 || lines.isEmpty()) {
        return Optional.empty();
      }
      return Optional.of(
          new NvidiaDriver(
              lines.get(0).split(",", 2)[0].strip(),
              lines.stream().map(line -> line.split(",", 2)[1].strip()).toList()));
    } catch (IOException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }
}
