package io.github.gpfm.encoder.natives;

import io.github.gpfm.api.InvalidOptionException;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * PyTorch's native libraries in a Python environment, which this library can use in place of its
 * own: Python itself is not run.
 *
 * @param version of PyTorch, for instance {@code 2.7.1+cu126}
 * @param cuda whether it is a CUDA build
 * @param torch its {@code torch/lib}
 * @param libraries folders of the libraries it needs, {@code torch/lib} first
 */
public record PythonNatives(String version, boolean cuda, Path torch, List<Path> libraries) {
  /** The version of PyTorch that fits DJL's bridge. */
  public static final String NEEDED = "2.7.1";

  private static final String CPU = "cpu";
  private static final String CUDA = "cu128";
  private static final Pattern VERSION = Pattern.compile("__version__\\s*=\\s*['\"]([^'\"]+)['\"]");

  /** Copies the list. */
  public PythonNatives {
    libraries = List.copyOf(libraries);
  }

  /**
   * Looks for PyTorch in an environment.
   *
   * @param environment folder of a virtual or conda environment on Linux
   * @throws InvalidOptionException if it has no PyTorch, or another than {@value #NEEDED}
   */
  public static PythonNatives find(Path environment) {
    List<Path> packages = packages(environment);
    Path site =
        packages.stream()
            .filter(folder -> Files.exists(folder.resolve("torch/lib/libtorch_cpu.so")))
            .findFirst()
            .orElseThrow(
                () ->
                    new InvalidOptionException(
                        "'%s' has no PyTorch for Linux; install it with '%s/bin/pip install torch==%s'."
                            .formatted(environment, environment, NEEDED)));
    String version = version(site.resolve("torch/version.py"));
    if (!version.split("\\+", 2)[0].equals(NEEDED)) {
      throw new InvalidOptionException(
          "'%s' has PyTorch %s, but this library needs %s; make an environment of its own and run 'pip install torch==%s' there."
              .formatted(environment, version, NEEDED, NEEDED));
    }
    Path torch = site.resolve("torch/lib").toAbsolutePath().normalize();
    List<Path> libraries = new ArrayList<>(List.of(torch));
    children(site.resolve("nvidia")).forEach(folder -> addFolder(libraries, folder.resolve("lib")));
    addFolder(libraries, site.resolve("cusparselt/lib"));
    boolean cuda = Files.exists(torch.resolve("libtorch_cuda.so"));
    return new PythonNatives(version, cuda, torch, libraries);
  }

  /** Shell lines that make this library use them. */
  public List<String> exports() {
    String path =
        libraries.stream()
            .map(folder -> folder.toAbsolutePath().normalize().toString())
            .collect(Collectors.joining(File.pathSeparator));
    return List.of(
        "export PYTORCH_LIBRARY_PATH=" + quoted(torch.toString()),
        "export PYTORCH_VERSION=" + NEEDED,
        "export PYTORCH_FLAVOR=" + (cuda ? CUDA : CPU),
        "export LD_LIBRARY_PATH=" + quoted(path) + "${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}");
  }

  private static String quoted(String text) {
    return text.matches("[\\w./:+-]*") ? text : "'" + text.replace("'", "'\\''") + "'";
  }

  private static List<Path> packages(Path environment) {
    List<Path> found = new ArrayList<>();
    for (String lib : List.of("lib", "lib64")) {
      for (Path python : children(environment.resolve(lib))) {
        if (python.getFileName().toString().startsWith("python3")) {
          addFolder(found, python.resolve("site-packages"));
        }
      }
    }
    addFolder(found, environment);
    return found;
  }

  private static void addFolder(List<Path> folders, Path folder) {
    if (Files.isDirectory(folder)) {
      folders.add(folder);
    }
  }

  private static List<Path> children(Path folder) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> list = Files.list(folder)) {
      return list.sorted().toList();
    } catch (IOException e) {
      throw new InvalidOptionException(
          "'%s' cannot be listed (%s); check its permissions."
              .formatted(folder, e.getClass().getSimpleName()));
    }
  }

  private static String version(Path file) {
    try {
      Matcher matcher = VERSION.matcher(Files.readString(file));
      return matcher.find() ? matcher.group(1) : "without a version";
    } catch (IOException e) {
      return "without a version";
    }
  }
}
