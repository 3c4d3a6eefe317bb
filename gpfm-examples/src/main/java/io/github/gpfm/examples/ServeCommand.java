package io.github.gpfm.examples;

import io.github.gpfm.api.Encoder;
import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.examples.service.EmbeddingService;
import java.net.InetSocketAddress;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code gpfm serve}: an encoder behind HTTP. */
@Command(
    name = "serve",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Answer images with their embeddings over HTTP until interrupted.",
      "POST /embed takes a PNG or JPEG image and answers JSON; GET /info tells the model."
    })
final class ServeCommand implements Callable<Integer> {
  private static final int BATCH = 16;

  @Option(names = "--host", defaultValue = "127.0.0.1", description = "Address (127.0.0.1).")
  private String host;

  @Option(names = "--port", defaultValue = "8080", description = "Port; 0 for any (8080).")
  private int port;

  @Mixin private EncoderOptions encoderOptions;

  @Override
  public Integer call() throws InterruptedException {
    if (port < 0 || port > 65535) {
      throw new InvalidOptionException("--port must be 0 to 65535, not " + port + ".");
    }
    InetSocketAddress address = new InetSocketAddress(host, port);
    if (address.isUnresolved()) {
      throw new InvalidOptionException("--host " + host + " is not known; use 127.0.0.1.");
    }
    CountDownLatch stop = new CountDownLatch(1);
    CountDownLatch stopped = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  stop.countDown();
                  try {
                    stopped.await();
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                }));
    try (Encoder encoder = encoderOptions.open();
        EmbeddingService service = new EmbeddingService(encoder, address, BATCH)) {
      System.out.printf(
          "%s listens on http://%s:%d/embed%n",
          encoder.info().name(), host, service.address().getPort());
      stop.await();
    } finally {
      stopped.countDown();
    }
    return 0;
  }
}
