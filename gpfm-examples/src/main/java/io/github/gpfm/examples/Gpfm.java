package io.github.gpfm.examples;

import io.github.gpfm.examples.miniature.MiniatureCommand;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/**
 * The {@code gpfm} command: exit code 0 when all went well, 1 on a failure, 2 on a usage error.
 * Failures are one sentence on standard error.
 */
@Command(
    name = "gpfm",
    description = "Whole-slide images to pathology foundation-model features.",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    versionProvider = ProgramVersion.class)
public final class Gpfm {
  /** Every subcommand; its class is only initialised when it is the one asked for. */
  private static final List<Map.Entry<String, Class<?>>> COMMANDS =
      List.of(
          Map.entry("sample", SampleCommand.class),
          Map.entry("info", InfoCommand.class),
          Map.entry("region", RegionCommand.class),
          Map.entry("tile", TileCommand.class),
          Map.entry("extract", ExtractCommand.class),
          Map.entry("embed", EmbedCommand.class),
          Map.entry("embed-slide", EmbedSlideCommand.class),
          Map.entry("serve", ServeCommand.class),
          Map.entry("map", MapCommand.class),
          Map.entry("models", ModelsCommand.class),
          Map.entry("bench", BenchCommand.class),
          Map.entry("attention", AttentionCommand.class),
          Map.entry("nearest", NearestCommand.class),
          Map.entry("cache", CacheCommand.class),
          Map.entry("distill", DistillCommand.class),
          Map.entry("miniature", MiniatureCommand.class));

  @Option(
      names = "--stacktrace",
      scope = ScopeType.INHERIT,
      description = "On failure, print the stack trace after the sentence.")
  private boolean stacktrace;

  private Gpfm() {}

  /** Whether stack traces are wanted. */
  boolean stacktrace() {
    return stacktrace;
  }

  /**
   * Runs the command and ends the JVM with its exit code.
   *
   * @param args the command line
   */
  public static void main(String[] args) {
    RuntimeDefaults.apply();
    System.exit(run(args));
  }

  /**
   * Runs the command.
   *
   * @param args the command line
   * @return the exit code
   */
  public static int run(String... args) {
    CommandLine commandLine = commandLine(args);
    commandLine.setCaseInsensitiveEnumValuesAllowed(true);
    Failures failures = new Failures();
    commandLine.setParameterExceptionHandler(failures);
    commandLine.setExecutionExceptionHandler(failures);
    try {
      return commandLine.execute(args);
    } catch (OutOfMemoryError e) {
      return failures.report(commandLine, e);
    }
  }

  /**
   * Building a command costs start-up time, so only the one that is named is built; all of them for
   * the overview and for unknown names.
   */
  private static CommandLine commandLine(String[] args) {
    Map<String, Class<?>> chosen = new LinkedHashMap<>();
    for (Map.Entry<String, Class<?>> command : COMMANDS) {
      if (args.length > 0 && args[0].equals(command.getKey())) {
        chosen.put(command.getKey(), command.getValue());
      }
    }
    if (chosen.isEmpty()) {
      COMMANDS.forEach(command -> chosen.put(command.getKey(), command.getValue()));
    }
    CommandLine commandLine = new CommandLine(new Gpfm());
    chosen.forEach(commandLine::addSubcommand);
    // A region's corner may lie left of or above the slide: -64 is a number there, not an option.
    CommandLine region = commandLine.getSubcommands().get("region");
    if (region != null) {
      region.setUnmatchedOptionsArePositionalParams(true);
    }
    return commandLine;
  }
}
