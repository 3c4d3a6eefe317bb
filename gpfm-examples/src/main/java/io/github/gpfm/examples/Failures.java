package io.github.gpfm.examples;

import io.github.gpfm.api.CancelledException;
import io.github.gpfm.api.GpfmException;
import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.api.NonFiniteFeatureException;
import io.github.gpfm.eval.bench.BenchConfigException;
import io.github.gpfm.support.Printable;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Turns every failure into one sentence and an exit code. */
final class Failures implements IParameterExceptionHandler, IExecutionExceptionHandler {
  private static final int FAILURE = 1;
  private static final int USAGE = 2;

  @Override
  public int handleParseException(ParameterException e, String[] args) {
    CommandLine commandLine = e.getCommandLine();
    String sentence = sentence(oneLine(e.getMessage()));
    String help = commandLine.getCommandSpec().qualifiedName() + " --help";
    String mend = "";
    if (e instanceof MissingParameterException) {
      mend = " (see " + help + ")";
    } else if (e instanceof UnmatchedArgumentException unmatched) {
      mend =
          unmatched.getSuggestions().isEmpty()
              ? " (see " + help + ")"
              : " (did you mean " + String.join(" or ", unmatched.getSuggestions()) + "?)";
    }
    PrintWriter err = commandLine.getErr();
    err.println(sentence.substring(0, sentence.length() - 1) + mend + ".");
    if (Arrays.asList(args).contains("--stacktrace")) {
      e.printStackTrace(err);
    }
    return USAGE;
  }

  /** Of an argument to a path; a locale such as C cannot name every file. */
  static Path path(String argument) {
    try {
      return Path.of(argument);
    } catch (InvalidPathException e) {
      throw new TypeConversionException(
          "'%s' is not a path that this system's character set (%s) can name; with other letters than English ones, set LC_ALL=C.UTF-8"
              .formatted(Printable.of(argument), System.getProperty("sun.jnu.encoding")));
    }
  }

  @Override
  public int handleExecutionException(
      Exception e, CommandLine commandLine, ParseResult parseResult) {
    return report(commandLine, e);
  }

  /** Prints the sentence, and the stack trace if it was asked for; returns the exit code. */
  int report(CommandLine commandLine, Throwable e) {
    PrintWriter err = commandLine.getErr();
    err.println(describe(e));
    ParseResult parsed = commandLine.getParseResult();
    while (parsed != null) {
      if (parsed.hasMatchedOption("--stacktrace")) {
        e.printStackTrace(err);
        break;
      }
      parsed = parsed.subcommand();
    }
    return e instanceof InvalidOptionException || e instanceof BenchConfigException
        ? USAGE
        : FAILURE;
  }

  /** One sentence for a person. */
  static String describe(Throwable e) {
    if (Interruption.requested()) {
      return e instanceof CancelledException ? sentence(oneLine(e.getMessage())) : "Cancelled.";
    }
    if (e instanceof NonFiniteFeatureException) {
      return sentence(oneLine(e.getMessage()).replace("(allowNonFinite)", "(--allow-non-finite)"));
    }
    if (e instanceof GpfmException) {
      return FlagNames.added(sentence(oneLine(e.getMessage())), e);
    }
    if (e instanceof NoSuchFileException missing) {
      return Printable.of(missing.getFile()) + " does not exist.";
    }
    if (e instanceof AccessDeniedException denied) {
      return Printable.of(denied.getFile()) + " may not be read or written by this user.";
    }
    if (e instanceof FileSystemException file) {
      String reason = file.getReason() == null ? "cannot be read or written" : file.getReason();
      return sentence(Printable.of(file.getFile() + ": " + reason));
    }
    if (e instanceof IOException) {
      return sentence("Reading or writing failed: " + oneLine(String.valueOf(e.getMessage())));
    }
    if (e instanceof OutOfMemoryError) {
      return "The Java heap of "
          + (Runtime.getRuntime().maxMemory() >> 20)
          + " MB is too small for this: give more with java -Xmx or use smaller batches.";
    }
    return sentence(
        "Internal error, please report it with the output of --stacktrace: "
            + oneLine(e.toString()));
  }

  private static String oneLine(@Nullable String message) {
    return Printable.of(String.valueOf(message).strip().replaceAll("\\s*\\R\\s*", "; "));
  }

  private static String sentence(String message) {
    return message.endsWith(".") || message.endsWith("?") || message.endsWith("!")
        ? message
        : message + ".";
  }
}
