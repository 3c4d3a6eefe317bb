package io.github.gpfm.pipeline;

import io.github.gpfm.api.CancelledException;
import io.github.gpfm.api.Embeddings;
import io.github.gpfm.api.Encoder;
import io.github.gpfm.api.ProgressListener;
import io.github.gpfm.api.TokenOutput;
import io.github.gpfm.encoder.features.FeatureWriter;
import io.github.gpfm.pipeline.internal.OrderedPrefetch;
import io.github.gpfm.support.DaemonThreads;
import java.awt.image.BufferedImage;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends the tiles of many slides, or of pieces of them, through an encoder as one stream, so that
 * it never waits between slides, and on a GPU batches are full however few tiles a slide has.
 * Slides are prepared ahead on other threads, and the files of finished ones are written on another
 * while the network goes on. A slide that fails is reported and the run goes on.
 *
 * @param <I> what is given for each
 */
final class CohortEncoding<I> {
  private static final Logger LOG = LoggerFactory.getLogger(CohortEncoding.class);

  /** Finished slides whose files may wait to be written. */
  private static final int WAITING = 4;

  /** How often is looked whether the next slide waits for those under way. */
  private static final long LOOK_MILLIS = 100;

  /**
   * With so many slides under way, which hold decoded pixels, another is begun only to fill a batch
   * that nothing else fills.
   */
  private static final int OPEN = 16;

  private final EncodingWork<I> work;
  private final Encoder encoder;
  private final TokenOutput tokens;
  private final ProgressListener progress;
  private final int threads;

  /**
   * @param threads slides prepared at the same time, at least 1
   */
  CohortEncoding(
      EncodingWork<I> work,
      Encoder encoder,
      TokenOutput tokens,
      ProgressListener progress,
      int threads) {
    this.work = work;
    this.encoder = encoder;
    this.tokens = tokens;
    this.progress = progress;
    this.threads = threads;
  }

  RunSummary run(List<I> inputs, Map<String, String> parameters) {
    Instant started = Instant.now();
    long start = System.nanoTime();
    SlideResult[] results = new SlideResult[inputs.size()];
    stream(inputs, IntStream.range(0, results.length).toArray(), results);
    for (int i = 0; i < results.length; i++) {
      // What another run was making when its turn came may be done by now, or that run dead.
      if (results[i].status() == SlideResult.Status.BUSY) {
        stream(inputs, new int[] {i}, results);
      }
    }
    return new RunSummary(
        started, (System.nanoTime() - start) / 1e9, parameters, Arrays.asList(results));
  }

  private void stream(List<I> inputs, int[] which, SlideResult[] results) {
    try (Stream stream = new Stream(inputs, which, results)) {
      stream.run();
    }
  }

  /** One pass over some of the slides. */
  private final class Stream implements Encoder.Source, Encoder.Sink, AutoCloseable {
    private final List<I> inputs;
    private final int[] which;
    private final SlideResult[] results;
    private final OrderedPrefetch<SlideEncoding.Step> steps;
    private final ExecutorService preparing =
        Executors.newFixedThreadPool(threads, new DaemonThreads("gpfm-prepare"));
    private final ExecutorService finishing =
        Executors.newSingleThreadExecutor(new DaemonThreads("gpfm-finish"));
    private final Semaphore waiting = new Semaphore(WAITING);

    /** Slides with tiles on their way, by the index of their result, in order. */
    private final Map<SlideJob, Integer> open = new LinkedHashMap<>();

    /** The slide of each tile that was issued and did not come back. */
    private final Deque<SlideJob> issued = new ArrayDeque<>();

    private @Nullable SlideJob current;
    private @Nullable SlideJob shown;
    private long lastDelivery = System.nanoTime();
    private int begun;

    Stream(List<I> inputs, int[] which, SlideResult[] results) {
      this.inputs = inputs;
      this.which = which;
      this.results = results;
      this.steps =
          new OrderedPrefetch<>(
              preparing,
              Arrays.stream(which)
                  .mapToObj(i -> (Callable<SlideEncoding.Step>) () -> prepare(inputs.get(i)))
                  .iterator(),
              threads);
    }

    private SlideEncoding.Step prepare(I input) {
      try {
        return work.prepare(input);
      } catch (Exception | OutOfMemoryError | LinkageError e) {
        return new SlideEncoding.Step(Optional.empty(), Optional.of(work.failed(input, e)));
      }
    }

    void run() {
      while (true) {
        if (!hasNext()) {
          if (begun == which.length) {
            break;
          }
          continue;
        }
        try {
          encoder.embed(this, tokens, this);
        } catch (CancelledException e) {
          throw cancelled(e);
        } catch (RuntimeException | OutOfMemoryError | LinkageError e) {
          requireWanted(e);
          afterFailure(e);
        }
      }
      finishAll();
    }

    @Override
    public boolean isReady() {
      SlideJob job = current;
      return (job != null && job.hasNext()) || (open.size() < OPEN && steps.isReady());
    }

    @Override
    public boolean hasNext() {
      while (true) {
        SlideJob job = current;
        if (job != null && job.hasNext()) {
          return true;
        }
        current = null;
        if (job != null && job.isDelivered()) {
          // It failed while its tiles were read, and none is on its way.
          finish(job);
        }
        if (begun == which.length) {
          return false;
        }
        requireWanted(null);
        if (!awaitStep()) {
          return false;
        }
        begin(which[begun++]);
      }
    }

    /**
     * Waits for the next slide.
     *
     * @return {@code false} if it waits itself, for slides under way to end: their last batch must
     *     then go as it is
     */
    private boolean awaitStep() {
      try {
        while (!steps.await(LOOK_MILLIS)) {
          if (!open.isEmpty() && work.isWaitingForRoom()) {
            return false;
          }
        }
        return true;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw cancelled(e);
      }
    }

    private void begin(int index) {
      I input = inputs.get(index);
      SlideEncoding.Ready ready = null;
      try {
        SlideEncoding.Step step = steps.next();
        if (step.result().isPresent()) {
          results[index] = step.result().get();
          results[index].failure().ifPresent(this::requireWanted);
          return;
        }
        ready = step.ready().orElseThrow();
        SlideJob job = work.begin(ready);
        open.put(job, index);
        if (job.hasNext()) {
          current = job;
        } else {
          finish(job);
        }
      } catch (CancelledException e) {
        close(ready);
        throw e;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw cancelled(e);
      } catch (Exception | OutOfMemoryError | LinkageError e) {
        close(ready);
        requireWanted(e);
        results[index] = work.failed(input, e);
      }
    }

    @Override
    public Supplier<BufferedImage> next() {
      SlideJob job = Objects.requireNonNull(current, "hasNext() was not asked");
      int tile = job.issue();
      if (issued.isEmpty()) {
        // Nothing was under way until now.
        lastDelivery = System.nanoTime();
      }
      issued.add(job);
      return () -> job.read(tile);
    }

    @Override
    public boolean endsGroup() {
      SlideJob job = current;
      return job != null && !job.hasNext();
    }

    @Override
    public void accept(int first, Embeddings embeddings) {
      for (int from = 0; from < embeddings.count(); ) {
        SlideJob job = issued.remove();
        int to = from + 1;
        while (to < embeddings.count() && issued.peek() == job) {
          issued.remove();
          to++;
        }
        deliver(job, embeddings.part(from, to - from));
        from = to;
      }
    }

    private void deliver(SlideJob job, Embeddings rows) {
      if (shown != job) {
        endShown();
        shown = job;
        progress.started(job.name(), job.tiles());
      }
      job.deliver(rows);
      long now = System.nanoTime();
      // The time in which the run waited for this slide's tiles and no others'.
      job.ready().slide().timings().add("encode", now - lastDelivery);
      lastDelivery = now;
      progress.advanced(job.delivered());
      if (job.isDelivered() && open.containsKey(job)) {
        endShown();
        if (current == job) {
          current = null;
        }
        finish(job);
      }
    }

    private void endShown() {
      if (shown != null) {
        shown = null;
        progress.finished();
      }
    }

    /** Hands a slide whose features are there, or that failed, to the thread that writes. */
    private void finish(SlideJob job) {
      Integer index = open.remove(job);
      if (index == null) {
        return;
      }
      I input = inputs.get(index);
      if (job.failure().isPresent()) {
        close(job);
        // What fails in an interrupted thread is not the slide's fault.
        requireWanted(job.failure().get());
        results[index] = work.failed(input, job.failure().get());
        return;
      }
      waiting.acquireUninterruptibly();
      finishing.execute(
          () -> {
            try (job) {
              results[index] = work.complete(job);
            } catch (Exception | OutOfMemoryError | LinkageError e) {
              results[index] = work.failed(input, e);
            } finally {
              waiting.release();
            }
          });
    }

    /**
     * The network failed on tiles of several slides, and which of them is to blame is not known:
     * each is done once more, alone.
     */
    private void afterFailure(Throwable failure) {
      issued.clear();
      endShown();
      current = null;
      List<SlideJob> failed = new ArrayList<>(open.keySet());
      if (failed.size() == 1) {
        failed.get(0).fail(failure);
        finish(failed.get(0));
        return;
      }
      for (SlideJob job : failed) {
        again(job, failure);
      }
    }

    private void again(SlideJob job, Throwable first) {
      LOG.warn(
          "{}: the network failed on a batch with its tiles and those of other slides ({}): it is"
              + " done again alone.",
          job.ready().slide().input().path(),
          first.getMessage());
      int index = Objects.requireNonNull(open.remove(job));
      SlideJob alone = null;
      try {
        job.writer().ifPresent(FeatureWriter::close);
        alone = work.begin(job.ready());
        open.put(alone, index);
        current = alone;
        encoder.embed(new Alone(), tokens, this);
      } catch (CancelledException e) {
        close(alone == null ? job.ready() : null);
        throw cancelled(e);
      } catch (RuntimeException | OutOfMemoryError | LinkageError e) {
        requireWanted(e);
        if (alone == null || open.remove(alone) != null) {
          close(alone == null ? job.ready() : alone);
          results[index] = work.failed(inputs.get(index), e);
        }
      } finally {
        issued.clear();
        endShown();
        current = null;
      }
    }

    /** The tiles of the slide that has its turn, and no others. */
    private final class Alone implements Encoder.Source {
      @Override
      public boolean hasNext() {
        SlideJob job = current;
        if (job != null && !job.hasNext() && job.isDelivered()) {
          finish(job);
        }
        return job != null && job.hasNext();
      }

      @Override
      public Supplier<BufferedImage> next() {
        return Stream.this.next();
      }
    }

    private void requireWanted(@Nullable Throwable failure) {
      if (failure instanceof CancelledException || Thread.currentThread().isInterrupted()) {
        throw cancelled(failure);
      }
    }

    private CancelledException cancelled(@Nullable Throwable cause) {
      finishAll();
      long done = Arrays.stream(results).filter(Objects::nonNull).count();
      return Cohort.cancelled(done, results.length, cause);
    }

    /** Waits for the files of slides whose features are there. */
    private void finishAll() {
      finishing.shutdown();
      boolean interrupted = false;
      while (!finishing.isTerminated()) {
        try {
          finishing.awaitTermination(1, TimeUnit.HOURS);
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }

    @Override
    public void close() {
      finishAll();
      endShown();
      open.keySet().forEach(this::close);
      open.clear();
      steps.cancel(step -> step.ready().ifPresent(this::close));
      preparing.shutdown();
    }

    private void close(@Nullable AutoCloseable one) {
      if (one != null) {
        try {
          one.close();
        } catch (Exception e) {
          LOG.warn("A slide that is not wanted any more cannot be closed: {}", e, e);
        }
      }
    }
  }
}
