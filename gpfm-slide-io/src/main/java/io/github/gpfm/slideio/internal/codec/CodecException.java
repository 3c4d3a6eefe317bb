package io.github.gpfm.slideio.internal.codec;

import org.jspecify.annotations.Nullable;

/** Compressed data that cannot be decoded; the caller adds the file and the place. */
public final class CodecException extends Exception {
  private static final long serialVersionUID = 1L;

  /**
   * @param clause what is wrong, without a full stop
   */
  public CodecException(String clause) {
    this(clause, null);
  }

  /**
   * @param clause what is wrong, without a full stop
   * @param cause the decoder's own failure
   */
  public CodecException(String clause, @Nullable Throwable cause) {
    super(clause, cause);
  }
}
