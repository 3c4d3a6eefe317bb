package io.github.gpfm.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Resident memory of this process, as Linux reports it. */
final class Memory {
  private Memory() {}

  /** Resident set now, MB. */
  static long resident() throws IOException {
    return field("VmRSS:");
  }

  /** Largest resident set so far, MB. */
  static long peak() throws IOException {
    return field("VmHWM:");
  }

  private static long field(String name) throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith(name)) {
        return Long.parseLong(line.replaceAll("\\D", "")) / 1024;
      }
    }
    throw new IOException("no " + name + " in /proc/self/status");
  }
}
