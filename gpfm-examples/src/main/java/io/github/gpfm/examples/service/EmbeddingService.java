package io.github.gpfm.examples.service;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import io.github.gpfm.api.Encoder;
import io.github.gpfm.api.EncoderInfo;
import io.github.gpfm.api.OutputException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.imageio.ImageIO;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers an image with its embedding.
 *
 * <ul>
 *   <li>{@code POST /embed}, body a PNG or JPEG image: {@code {"model", "dimension", "feature"}};
 *       with {@code Accept: application/octet-stream} the feature's little-endian float32 values.
 *   <li>{@code GET /info}: what encoder this is. {@code GET /health}: 200 while it runs.
 * </ul>
 *
 * Errors are {@code {"error": sentence}}: 400 a damaged image, 404, 405, 413 too large, 415 no
 * image, 503 too many at once.
 */
public final class EmbeddingService implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EmbeddingService.class);
  private static final int MAX_BYTES = 64 << 20;
  private static final long MAX_PIXELS = 64L << 20;
  private static final int THREADS = 64;
  private static final int WAITING = 1024;
  private static final int PATIENCE_SECONDS = 120;

  private final Encoder encoder;
  private final RequestBatcher batcher;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
  private final Gson gson = new Gson();

  /**
   * Starts to listen.
   *
   * @param encoder not closed with the service
   * @param address host and port; port 0 for any free one
   * @param batchSize images in one call of the encoder, at most
   * @throws OutputException if the port is taken
   */
  public EmbeddingService(Encoder encoder, InetSocketAddress address, int batchSize) {
    this.encoder = encoder;
    ImageIO.setUseCache(false);
    try {
      this.server = HttpServer.create(address, WAITING);
    } catch (IOException e) {
      throw new OutputException(
          "Cannot listen on %s (%s); choose another --port.".formatted(address, e.getMessage()), e);
    }
    this.batcher = new RequestBatcher(encoder, batchSize, WAITING);
    server.createContext("/embed", guarded("POST", this::embed));
    server.createContext("/info", guarded("GET", this::info));
    server.createContext("/health", guarded("GET", x -> json(x, 200, new JsonObject())));
    server.createContext("/", guarded("", x -> error(x, 404, "There is only /embed and /info.")));
    server.setExecutor(threads);
    server.start();
  }

  /** Where it listens. */
  public InetSocketAddress address() {
    return server.getAddress();
  }

  private HttpHandler guarded(String method, HttpHandler handler) {
    return exchange -> {
      try (exchange) {
        String path = exchange.getHttpContext().getPath();
        if (!method.isEmpty() && !exchange.getRequestURI().getPath().equals(path)) {
          error(exchange, 404, "There is only /embed and /info.");
        } else if (!method.isEmpty() && !exchange.getRequestMethod().equals(method)) {
          exchange.getResponseHeaders().set("Allow", method);
          error(exchange, 405, "Use " + method + " " + path + ".");
        } else {
          handler.handle(exchange);
        }
      } catch (IOException e) {
        LOG.debug("A client went away: {}", e.toString());
      } catch (RuntimeException e) {
        LOG.error("A request failed", e);
        error(exchange, 500, "The request failed; see the service's log.");
      }
    };
  }

  private void embed(HttpExchange exchange) throws IOException {
    try {
      Optional<CompletableFuture<float[]>> feature =
          batcher.submit(ImageBody.read(exchange.getRequestBody(), MAX_BYTES, MAX_PIXELS));
      if (feature.isEmpty()) {
        throw new ImageBody.Rejected(503, "Too many images are waiting; try again later.");
      }
      answer(exchange, feature.get().get(PATIENCE_SECONDS, TimeUnit.SECONDS));
    } catch (ImageBody.Rejected e) {
      error(exchange, e.status(), String.valueOf(e.getMessage()));
    } catch (TimeoutException e) {
      error(exchange, 503, "The encoder is too busy; try again later.");
    } catch (ExecutionException e) {
      LOG.error("An image could not be embedded", e.getCause());
      error(exchange, 500, "The image could not be embedded; see the service's log.");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      error(exchange, 503, "The service is closing; try again later.");
    }
  }

  private void answer(HttpExchange exchange, float[] feature) throws IOException {
    if ("application/octet-stream".equals(exchange.getRequestHeaders().getFirst("Accept"))) {
      ByteBuffer bytes =
          ByteBuffer.allocate(feature.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      bytes.asFloatBuffer().put(feature);
      send(exchange, 200, "application/octet-stream", bytes.array());
      return;
    }
    JsonObject answer = new JsonObject();
    answer.addProperty("model", encoder.info().name());
    answer.addProperty("dimension", feature.length);
    answer.add("feature", gson.toJsonTree(feature));
    json(exchange, 200, answer);
  }

  private void info(HttpExchange exchange) throws IOException {
    EncoderInfo info = encoder.info();
    json(exchange, 200, gson.toJsonTree(info).getAsJsonObject());
  }

  private void error(HttpExchange exchange, int status, String sentence) throws IOException {
    JsonObject answer = new JsonObject();
    answer.addProperty("error", sentence);
    json(exchange, status, answer);
  }

  private void json(HttpExchange exchange, int status, JsonObject answer) throws IOException {
    byte[] bytes = gson.toJson(answer).getBytes(StandardCharsets.UTF_8);
    send(exchange, status, "application/json", bytes);
  }

  private static void send(HttpExchange exchange, int status, String type, byte[] bytes)
      throws IOException {
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  /** Stops listening, answers what has been asked for, within five seconds. */
  @Override
  public void close() {
    server.stop(5);
    batcher.close();
    threads.shutdownNow();
  }
}
