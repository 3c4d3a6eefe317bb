package io.github.gpfm.pipeline;

/**
 * What is done with slides, or pieces of them, before and after their tiles go through the network.
 *
 * @param <I> what is given for each
 */
interface EncodingWork<I> {
  /** First half of the work; called on any thread, for several at once. */
  SlideEncoding.Step prepare(I input) throws Exception;

  /** Whether one waits for room that only a finished one frees. */
  boolean isWaitingForRoom();

  /** What tiles, features and files are gathered in; nothing of it is written yet. */
  SlideJob begin(SlideEncoding.Ready ready);

  /** Writes what is gathered, once all features are there. */
  SlideResult complete(SlideJob job) throws Exception;

  /** The result where something failed. */
  SlideResult failed(I input, Throwable failure);
}
