package io.github.gpfm.examples.service;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import io.github.gpfm.api.Encoder;
import io.github.gpfm.api.TokenOutput;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells requests apart and writes answers; no thread of the server waits in it. */
final class ServiceHandler extends Handler.Abstract.NonBlocking {
  private static final Logger LOG = LoggerFactory.getLogger(ServiceHandler.class);
  private static final String JSON = "application/json";
  private static final String FLOAT32 = "application/octet-stream";

  /** Of a refused request as much is read to no purpose as this many bodies of the largest size. */
  private static final int REFUSED_BODIES = 4;

  /** Paths and their methods. */
  static final Map<String, String> ROUTES =
      Map.of(
          "/embed", "POST",
          "/embed/batch", "POST",
          "/info", "GET",
          "/health", "GET",
          "/metrics", "GET",
          "/openapi.yaml", "GET");

  private final Encoder encoder;
  private final ServiceSettings settings;
  private final ImageQueue images;
  private final RequestBatcher batcher;
  private final ByteBudget bodyMemory;
  private final ServiceMetrics metrics;
  private final ConnectionWatch watch;
  private final Gson gson = new Gson();

  ServiceHandler(
      Encoder encoder,
      ServiceSettings settings,
      ImageQueue images,
      RequestBatcher batcher,
      ByteBudget bodyMemory,
      ServiceMetrics metrics,
      ConnectionWatch watch) {
    this.encoder = encoder;
    this.settings = settings;
    this.images = images;
    this.batcher = batcher;
    this.bodyMemory = bodyMemory;
    this.metrics = metrics;
    this.watch = watch;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    watch.begin(request);
    String path = Request.getPathInContext(request);
    String known = ROUTES.containsKey(path) ? path : "other";
    Request.addCompletionListener(
        request,
        failure ->
            metrics.answered(
                known,
                response.getStatus(),
                (System.nanoTime() - request.getBeginNanoTime()) / 1e9));
    Exchange exchange = new Exchange(request, response, callback);
    try {
      route(exchange, path);
    } catch (RuntimeException | IOException | Error e) {
      fail(exchange, e);
    }
    return true;
  }

  private record Exchange(Request request, Response response, Callback callback) {}

  private void route(Exchange exchange, String path) throws IOException {
    String method = ROUTES.get(path);
    if (method == null) {
      throw new Rejected(404, "There is only " + String.join(", ", ROUTES.keySet()) + ".");
    }
    if (!method.equals(exchange.request.getMethod())) {
      exchange.response.getHeaders().put(HttpHeader.ALLOW, method);
      throw new Rejected(405, "Use " + method + " " + path + ".");
    }
    if (!path.equals("/health") && !authorized(exchange.request)) {
      exchange.response.getHeaders().put(HttpHeader.WWW_AUTHENTICATE, "Bearer");
      throw new Rejected(401, "Send the header Authorization: Bearer TOKEN.");
    }
    switch (path) {
      case "/embed" -> embed(exchange);
      case "/embed/batch" -> embedBatch(exchange);
      case "/info" -> json(exchange, 200, gson.toJson(encoder.info()));
      case "/health" -> health(exchange);
      case "/metrics" -> send(exchange, 200, ServiceMetrics.CONTENT_TYPE, metrics.text());
      default -> send(exchange, 200, "application/yaml", description());
    }
  }

  private boolean authorized(Request request) {
    if (settings.token().isEmpty()) {
      return true;
    }
    byte[] wanted = ("Bearer " + settings.token().get()).getBytes(StandardCharsets.UTF_8);
    String given = request.getHeaders().get(HttpHeader.AUTHORIZATION);
    return given != null && MessageDigest.isEqual(wanted, given.getBytes(StandardCharsets.UTF_8));
  }

  private void health(Exchange exchange) {
    String trouble = batcher.trouble();
    if (trouble != null) {
      throw new Rejected(503, trouble);
    }
    json(exchange, 200, "{\"status\":\"ok\"}");
  }

  private void embed(Exchange exchange) {
    TokenOutput output = output(exchange.request);
    body(exchange)
        .thenCompose(bytes -> images.submit(bytes, output))
        .whenCompleteAsync(
            (row, error) -> {
              try {
                if (error != null) {
                  fail(exchange, error);
                } else {
                  answer(exchange, row);
                }
              } catch (RuntimeException | Error e) {
                fail(exchange, e);
              }
            },
            getServer().getThreadPool());
  }

  private void embedBatch(Exchange exchange) {
    TokenOutput output = output(exchange.request);
    String type =
        Optional.ofNullable(exchange.request.getHeaders().get(HttpHeader.CONTENT_TYPE)).orElse("");
    body(exchange)
        .thenCompose(
            bytes ->
                MultipartImages.outcomes(
                    bytes, type, settings.partsPerBatch(), part -> images.submit(part, output)))
        .whenCompleteAsync(
            (outcomes, error) -> {
              try {
                if (error != null) {
                  fail(exchange, error);
                } else {
                  answer(exchange, outcomes);
                }
              } catch (RuntimeException | Error e) {
                fail(exchange, e);
              }
            },
            getServer().getThreadPool());
  }

  private CompletableFuture<byte[]> body(Exchange exchange) {
    return BodyReader.read(
        exchange.request, settings.bodyBytes(), settings.bodyTimeout(), bodyMemory);
  }

  private TokenOutput output(Request request) {
    Fields query = Request.extractQueryParameters(request);
    String tokens = query.getValue("tokens");
    if (tokens == null || tokens.equals("class")) {
      return TokenOutput.CLASS_TOKEN;
    }
    if (!tokens.equals("patch")) {
      throw new Rejected(400, "tokens must be class or patch.");
    }
    if (encoder.info().patchSize() == 0) {
      throw new Rejected(400, "This model has no patch tokens; leave out tokens=patch.");
    }
    return TokenOutput.PATCH_TOKENS;
  }

  private void answer(Exchange exchange, RequestBatcher.Row row) {
    if (wantsFloat32(exchange.request)) {
      float32(exchange, List.of(row));
      return;
    }
    StringBuilder json = head(row.batch().dimension()).append(',');
    Features.appendJson(json, row);
    json(exchange, 200, json.append('}').toString());
  }

  private void answer(Exchange exchange, List<Features.Outcome> outcomes) {
    if (wantsFloat32(exchange.request)) {
      float32(exchange, MultipartImages.allOf(outcomes));
      return;
    }
    StringBuilder json = head(encoder.info().dimension()).append(",\"results\":[");
    for (Features.Outcome outcome : outcomes) {
      json.append(json.charAt(json.length() - 1) == '[' ? "{" : ",{")
          .append("\"name\":")
          .append(gson.toJson(outcome.name()))
          .append(',');
      if (outcome.row() != null) {
        Features.appendJson(json, outcome.row());
      } else {
        json.append("\"status\":").append(outcome.status()).append(",\"error\":");
        json.append(gson.toJson(outcome.error()));
      }
      json.append('}');
    }
    json(exchange, 200, json.append("]}").toString());
  }

  private StringBuilder head(int dimension) {
    return new StringBuilder("{\"model\":")
        .append(gson.toJson(encoder.info().name()))
        .append(",\"dimension\":")
        .append(dimension);
  }

  private static boolean wantsFloat32(Request request) {
    String accept = request.getHeaders().get(HttpHeader.ACCEPT);
    return accept != null && accept.contains(FLOAT32);
  }

  private void float32(Exchange exchange, List<RequestBatcher.Row> rows) {
    rows.get(0)
        .batch()
        .patchGrid()
        .ifPresent(
            grid ->
                exchange
                    .response
                    .getHeaders()
                    .put(
                        "Gpfm-Patch-Grid",
                        grid.rows() + "," + grid.columns() + "," + grid.dimension()));
    exchange
        .response
        .getHeaders()
        .put("Gpfm-Dimension", Integer.toString(rows.get(0).batch().dimension()));
    send(exchange, 200, FLOAT32, Features.float32(rows));
  }

  private void fail(Exchange exchange, Throwable failure) {
    Throwable e =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    if (e instanceof Rejected rejected) {
      error(exchange, rejected.status(), rejected.getMessage());
    } else if (e instanceof TimeoutException) {
      error(exchange, 503, "The encoder is too busy; try again later.");
    } else if (e instanceof OutOfMemoryError) {
      LOG.error("There was no memory for a request ({}).", e.toString());
      error(exchange, 503, "There is no memory for the request; try again later.");
    } else {
      LOG.error("A request failed", e);
      error(exchange, 500, "The request failed; see the service's log.");
    }
  }

  private void error(Exchange exchange, int status, String sentence) {
    if (exchange.response.isCommitted()) {
      exchange.callback.failed(new IOException(sentence));
      return;
    }
    if (status == 503) {
      exchange.response.getHeaders().put(HttpHeader.RETRY_AFTER, "1");
    }
    JsonObject answer = new JsonObject();
    answer.addProperty("error", sentence);
    json(exchange, status, gson.toJson(answer));
  }

  private void json(Exchange exchange, int status, String text) {
    send(exchange, status, JSON, text.getBytes(StandardCharsets.UTF_8));
  }

  private void send(Exchange exchange, int status, String type, byte[] bytes) {
    send(exchange, status, type, ByteBuffer.wrap(bytes));
  }

  private void send(Exchange exchange, int status, String type, ByteBuffer bytes) {
    exchange.response.setStatus(status);
    exchange.response.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
    exchange.response.getHeaders().put(HttpHeader.CONTENT_LENGTH, bytes.remaining());
    // After 408 the body is still being read elsewhere, and is not waited for.
    boolean late = status == 408;
    boolean more = late || !lastByteRead(exchange.request);
    if (more) {
      exchange.response.getHeaders().put(HttpHeader.CONNECTION, "close");
    }
    Callback written = exchange.callback;
    if (more && !late && RefusedBody.isComing(exchange.request)) {
      long limit = (long) REFUSED_BODIES * settings.bodyBytes();
      written = new RefusedBody(exchange.request, limit, settings.bodyTimeout(), exchange.callback);
    }
    exchange.response.write(true, bytes, written);
  }

  /** Whether the body is at its end, so that the next request can follow on the connection. */
  private static boolean lastByteRead(Request request) {
    Content.Chunk chunk = request.read();
    if (chunk == null) {
      return false;
    }
    chunk.release();
    return chunk.isLast() && !Content.Chunk.isFailure(chunk);
  }

  private static byte[] description() throws IOException {
    try (@Nullable InputStream in = ServiceHandler.class.getResourceAsStream("openapi.yaml")) {
      if (in == null) {
        throw new IOException("the description is not in this program");
      }
      return in.readAllBytes();
    }
  }
}
