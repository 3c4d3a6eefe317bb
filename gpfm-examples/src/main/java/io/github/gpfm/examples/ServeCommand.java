package io.github.gpfm.examples;

import io.github.gpfm.api.Encoder;
import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.examples.service.EmbeddingService;
import io.github.gpfm.examples.service.ServiceSettings;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
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
      "POST /embed takes a PNG or JPEG image and answers JSON or float32; POST /embed/batch takes"
          + " several; GET /info, /health, /metrics and /openapi.yaml tell the rest."
    })
final class ServeCommand implements Callable<Integer> {
  private static final Logger LOG = LoggerFactory.getLogger(ServeCommand.class);
  private static final int MAX_TOKEN_BYTES = 4096;

  @Option(names = "--host", defaultValue = "127.0.0.1", description = "Address (127.0.0.1).")
  private String host;

  @Option(names = "--port", defaultValue = "8080", description = "Port; 0 for any (8080).")
  private int port;

  @Option(
      names = "--token-file",
      paramLabel = "F",
      description = "A file with the token that clients must send as Authorization: Bearer TOKEN.")
  private @Nullable Path tokenFile;

  @Option(
      names = "--tls-cert",
      paramLabel = "F.pem",
      description = "Certificate and its chain, for HTTPS.")
  private @Nullable Path certificate;

  @Option(
      names = "--tls-key",
      paramLabel = "F.pem",
      description = "The certificate's private key (PKCS #8, no password).")
  private @Nullable Path key;

  @Option(
      names = "--image-memory",
      paramLabel = "MB",
      description = "Memory of decoded images (default: a quarter of the heap).")
  private @Nullable Integer imageMemory;

  @Option(
      names = "--max-pixels",
      paramLabel = "N",
      description = "Pixels of one image, at most (default 16777216).")
  private @Nullable Integer pixels;

  @Option(
      names = "--max-body",
      paramLabel = "MB",
      description = "Size of one request, at most (default 32).")
  private @Nullable Integer body;

  @Option(
      names = "--drain",
      paramLabel = "SECONDS",
      description = "Time for requests in progress when the service stops (default 30).")
  private @Nullable Integer drain;

  @Mixin private EncoderOptions encoderOptions;

  @Override
  public Integer call() throws InterruptedException {
    ServiceSettings settings = settings();
    CountDownLatch stop = new CountDownLatch(1);
    Interruption.stopBy(stop::countDown);
    try (Encoder encoder = encoderOptions.open();
        EmbeddingService service = new EmbeddingService(encoder, settings)) {
      System.out.printf(
          "%s listens on %s://%s:%d/embed%n",
          encoder.info().name(),
          settings.tls().isPresent() ? "https" : "http",
          host,
          service.address().getPort());
      stop.await();
    }
    return 0;
  }

  private ServiceSettings settings() {
    if (port < 0 || port > 65535) {
      throw new InvalidOptionException("--port must be 0 to 65535, not " + port + ".");
    }
    InetSocketAddress address = new InetSocketAddress(host, port);
    if (address.isUnresolved()) {
      throw new InvalidOptionException("--host " + host + " is not known; use 127.0.0.1.");
    }
    if ((certificate == null) != (key == null)) {
      throw new InvalidOptionException("Give --tls-cert and --tls-key together.");
    }
    Optional<String> token = token();
    if (token.isEmpty() && !address.getAddress().isLoopbackAddress()) {
      LOG.warn(
          "Everybody who reaches {} may use the service; --token-file asks for a token.", host);
    }
    ServiceSettings defaults = ServiceSettings.defaults(port);
    return defaults
        .withLimits(
            Math.toIntExact(bytes("--max-body", body, defaults.bodyBytes())),
            (int) number("--max-pixels", pixels, defaults.pixels()),
            defaults.bodyMemory(),
            bytes("--image-memory", imageMemory, defaults.imageMemory()))
        .withTimeouts(
            defaults.headerTimeout(),
            defaults.bodyTimeout(),
            defaults.idleTimeout(),
            defaults.answerTimeout(),
            Duration.ofSeconds(number("--drain", drain, defaults.drainTimeout().toSeconds())))
        .withAccess(
            address,
            token,
            certificate == null || key == null
                ? Optional.empty()
                : Optional.of(new ServiceSettings.Tls(certificate, key)));
  }

  private static long bytes(String option, @Nullable Integer megabytes, long otherwise) {
    if (megabytes != null && (megabytes < 1 || megabytes > 2047)) {
      throw new InvalidOptionException(option + " must be 1 to 2047, not " + megabytes + ".");
    }
    return megabytes == null ? otherwise : (long) megabytes << 20;
  }

  private static long number(String option, @Nullable Integer value, long otherwise) {
    if (value != null && value < 1) {
      throw new InvalidOptionException(option + " must be 1 or more, not " + value + ".");
    }
    return value == null ? otherwise : value;
  }

  private Optional<String> token() {
    if (tokenFile == null) {
      return Optional.empty();
    }
    try {
      if (Files.size(tokenFile) > MAX_TOKEN_BYTES) {
        throw new InvalidOptionException(
            "--token-file %s has more than %d bytes; is it the right file?"
                .formatted(tokenFile, MAX_TOKEN_BYTES));
      }
      String token = Files.readString(tokenFile).strip();
      if (token.isEmpty() || token.chars().anyMatch(c -> c <= ' ' || c > '~')) {
        throw new InvalidOptionException(
            "--token-file " + tokenFile + " must hold one word of plain characters.");
      }
      return Optional.of(token);
    } catch (IOException e) {
      throw new InvalidOptionException(
          "--token-file %s cannot be read; check the path.".formatted(tokenFile), e);
    }
  }
}
