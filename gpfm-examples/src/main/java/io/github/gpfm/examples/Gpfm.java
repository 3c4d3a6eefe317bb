package io.github.gpfm.examples;

import io.github.gpfm.examples.miniature.MiniatureCommand;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/**
 * The {@code gpfm} command: exit code 0 when all went well, 1 on a failure (also of standard
 * output), 2 on a usage error, 130 or 143 after Ctrl-C or SIGTERM. Failures are one sentence on
 * standard error.
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
          Map.entry("zeroshot", ZeroShotCommand.class),
          Map.entry("serve", ServeCommand.class),
          Map.entry("map", MapCommand.class),
          Map.entry("models", ModelsCommand.class),
          Map.entry("doctor", DoctorCommand.class),
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
    Interruption interruption = Interruption.install();
    int code = run(args);
    interruption.done();
    System.exit(code);
  }

  /**
   * Runs the command.
   *
   * @param args the command line
   * @return the exit code
   */
  public static int run(String... args) {
    PrintStream out = System.out;
    PrintStream err = System.err;
    Charset charset = charset();
    System.setOut(new TerminalStream(out, charset));
    System.setErr(new TerminalStream(err, charset));
    try {
      int code = execute(args);
      if (System.out.checkError() && code == 0) {
        System.err.println(
            "Standard output could not be written: its disk is full or its reader has gone.");
        return 1;
      }
      return code;
    } finally {
      System.out.flush();
      System.err.flush();
      System.setOut(out);
      System.setErr(err);
    }
  }

  /** What the streams' bytes are read as: the user's locale tells, unless set. */
  private static Charset charset() {
    String name = System.getProperty("stdout.encoding", System.getProperty("sun.stdout.encoding"));
    return name == null || !Charset.isSupported(name)
        ? Charset.defaultCharset()
        : Charset.forName(name);
  }

  private static int execute(String... args) {
    CommandLine commandLine = commandLine(args);
    commandLine.setCaseInsensitiveEnumValuesAllowed(true);
    commandLine.setOut(TerminalStream.writer(System.out));
    commandLine.setErr(TerminalStream.writer(System.err));
    commandLine.registerConverter(Path.class, Failures::path);
    Failures failures = new Failures();
    commandLine.setParameterExceptionHandler(failures);
    commandLine.setExecutionExceptionHandler(failures);
    try {
      return commandLine.execute(args);
    } catch (OutOfMemoryError e) {
      return failures.report(commandLine, e);
    } finally {
      commandLine.getOut().flush();
      commandLine.getErr().flush();
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
