package io.github.gpfm.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Root of everything this library throws on purpose. The message is one sentence for a person: it
 * names the file or option at fault and says what would mend it.
 */
public class GpfmException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private List<String> parameters = List.of();

  /**
   * @param message one sentence naming what is at fault and the mend
   */
  public GpfmException(String message) {
    super(message);
  }

  /**
   * @param message one sentence naming what is at fault and the mend
   * @param cause the underlying failure, or {@code null}
   */
  public GpfmException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /**
   * States the parameters that the message is about.
   *
   * @param names as in the builder, record or method that takes them
   * @return this
   */
  public final GpfmException about(String... names) {
    parameters = List.of(names);
    return this;
  }

  /**
   * The parameters of this library that the message is about, so that a program can add what it
   * calls them itself, for instance a flag.
   *
   * @return empty if none was stated
   */
  public final List<String> parameters() {
    return parameters;
  }
}
