package io.github.gpfm.examples;

import io.github.gpfm.api.GpfmVersion;
import picocli.CommandLine.IVersionProvider;

/** What {@code gpfm --version} prints. */
final class ProgramVersion implements IVersionProvider {
  @Override
  public String[] getVersion() {
    return new String[] {GpfmVersion.PRODUCER, "Java " + System.getProperty("java.version")};
  }
}
