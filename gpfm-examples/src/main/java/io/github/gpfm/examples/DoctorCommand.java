package io.github.gpfm.examples;

import ai.djl.Device;
import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.encoder.ComputeDevice;
import io.github.gpfm.encoder.natives.EngineNatives;
import io.github.gpfm.encoder.natives.PythonNatives;
import io.github.gpfm.examples.doctor.DeviceTrial;
import io.github.gpfm.examples.doctor.Diagnosis;
import io.github.gpfm.examples.doctor.Machine;
import io.github.gpfm.support.Printable;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code gpfm doctor}: what of this machine can be used. */
@Command(
    name = "doctor",
    mixinStandardHelpOptions = true,
    description = {
      "Show the native libraries, devices and folders in use, and compare a network's features and"
          + " a training step on every device with the processor's.",
      "Exit 1 with a sentence that says how to fix it if something asked for is not there."
    })
final class DoctorCommand implements Callable<Integer> {
  @Option(
      names = "--device",
      paramLabel = "DEVICE",
      description = "What is to be there: auto (default), cpu, cuda, cuda:1 or cuda:0,2.")
  private String device = "auto";

  @Option(
      names = "--find-natives",
      paramLabel = "VENV",
      description =
          "Print the lines that make this program use the PyTorch of a Python environment, and"
              + " nothing else.")
  private @Nullable Path environment;

  @Option(
      names = "--bench",
      description = "Measure images/s, a training step, transfers, decoding and resizing too.")
  private boolean bench;

  @Option(names = "--json", description = "Print JSON, for a bug report.")
  private boolean json;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    if (environment != null) {
      try {
        PythonNatives.find(environment).exports().forEach(out::println);
        return 0;
      } catch (InvalidOptionException e) {
        spec.commandLine().getErr().println(e.getMessage());
        return 1;
      }
    }
    ComputeDevice wanted = ComputeDevice.parse(device);
    Diagnosis diagnosis = new Diagnosis();
    EngineNatives natives = Machine.examine(diagnosis);
    if (natives != null) {
      tryDevices(diagnosis, wanted);
    }
    if (json) {
      out.print(Printable.json(diagnosis.json()) + System.lineSeparator());
    } else {
      diagnosis.print(out);
    }
    diagnosis.problems().forEach(spec.commandLine().getErr()::println);
    return diagnosis.problems().isEmpty() ? 0 : 1;
  }

  private void tryDevices(Diagnosis diagnosis, ComputeDevice wanted) {
    List<Device> devices;
    try {
      devices = wanted.resolve();
    } catch (InvalidOptionException e) {
      diagnosis.problem(String.valueOf(e.getMessage()));
      return;
    }
    DeviceTrial trial = new DeviceTrial(diagnosis);
    trial.compare(devices);
    if (bench) {
      trial.measure(devices);
    }
  }
}
