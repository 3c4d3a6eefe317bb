package io.github.gpfm.examples.service;

import io.github.gpfm.api.Encoder;
import io.github.gpfm.api.OutputException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.KeyStore;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.ConnectionStatistics;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers images with their embeddings over HTTP; {@code GET /openapi.yaml} describes it.
 *
 * <ul>
 *   <li>{@code POST /embed}, body a PNG or JPEG image: {@code {"model", "dimension", "feature"}};
 *       with {@code Accept: application/octet-stream} the feature's little-endian float32 values;
 *       with {@code ?tokens=patch} the patch tokens beside it.
 *   <li>{@code POST /embed/batch}, body {@code multipart/form-data} with an image a part: one
 *       result or error an image.
 *   <li>{@code GET /info}: what encoder this is. {@code GET /health}: 200 while features can be
 *       had, else 503. {@code GET /metrics}: figures in Prometheus's text format.
 * </ul>
 *
 * Errors are {@code {"error": sentence}}: 400 a damaged image, 401 no token, 404, 405, 408 too
 * slow, 413 too large, 415 not an image, 503 too many at once. No thread waits for a client: header
 * and body are read as they arrive, each within its time, and count against the settings' bounds.
 * Thread-safe.
 */
public final class EmbeddingService implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EmbeddingService.class);
  private static final int THREADS = 32;
  private static final int HEADER_BYTES = 8 << 10;

  private final Server server;
  private final ServerConnector connector;
  private final RequestBatcher batcher;
  private final ImageQueue images;

  /**
   * Starts to listen.
   *
   * @param encoder not closed with the service
   * @param settings where, and what is allowed
   * @throws OutputException if the port is taken
   * @throws io.github.gpfm.api.InvalidOptionException if the files for HTTPS cannot be used
   */
  public EmbeddingService(Encoder encoder, ServiceSettings settings) {
    ServiceMetrics metrics = new ServiceMetrics();
    this.batcher =
        new RequestBatcher(encoder, settings.batchSize(), settings.waitingImages(), metrics);
    ByteBudget imageMemory = new ByteBudget(settings.imageMemory());
    ByteBudget bodyMemory = new ByteBudget(settings.bodyMemory());
    this.images =
        new ImageQueue(
            new ImageDecoder(settings.pixels()),
            imageMemory,
            settings.waitingImages(),
            settings.answerTimeout(),
            batcher);
    QueuedThreadPool threads = new QueuedThreadPool(THREADS);
    threads.setName("gpfm-http");
    threads.setDaemon(true);
    this.server = new Server(threads);
    ConnectionWatch watch = new ConnectionWatch(settings.headerTimeout());
    this.connector = connector(settings);
    connector.addBean(watch);
    server.addConnector(connector);
    server.addBean(new NetworkConnectionLimit(settings.connections(), server));
    server.setHandler(
        new GracefulHandler(
            new ServiceHandler(encoder, settings, images, batcher, bodyMemory, metrics, watch)));
    server.setStopTimeout(settings.drainTimeout().toMillis());
    metrics.gauge("gpfm_images_waiting", "Images that wait.", this::waiting);
    metrics.gauge("gpfm_image_memory_bytes", "Memory of decoded images.", imageMemory::used);
    metrics.gauge("gpfm_body_memory_bytes", "Memory of requests' bodies.", bodyMemory::used);
    metrics.gauge("gpfm_connections", "Open connections.", watch::count);
    metrics.gauge(
        "gpfm_batcher_alive",
        "1 while features can be had, else 0.",
        () -> batcher.trouble() == null ? 1 : 0);
    try {
      server.start();
    } catch (Exception e) {
      shutDown();
      throw new OutputException(
          "Cannot listen on %s (%s); choose another --port."
              .formatted(settings.address(), rootMessage(e)),
          e);
    }
    everySecond(watch);
  }

  private ServerConnector connector(ServiceSettings settings) {
    HttpConfiguration http = new HttpConfiguration();
    http.setSendServerVersion(false);
    http.setRequestHeaderSize(HEADER_BYTES);
    ServerConnector made;
    if (settings.tls().isPresent()) {
      http.addCustomizer(new SecureRequestCustomizer(false));
      String password = UUID.randomUUID().toString();
      KeyStore store = PemFiles.keyStore(settings.tls().get(), password.toCharArray());
      SslContextFactory.Server tls = new SslContextFactory.Server();
      tls.setKeyStore(store);
      tls.setKeyStorePassword(password);
      made =
          new ServerConnector(
              server,
              1,
              1,
              new SslConnectionFactory(tls, "http/1.1"),
              new HttpConnectionFactory(http));
    } else {
      made = new ServerConnector(server, 1, 1, new HttpConnectionFactory(http));
    }
    InetSocketAddress address = settings.address();
    made.setHost(address.getAddress().getHostAddress());
    made.setPort(address.getPort());
    made.setIdleTimeout(settings.idleTimeout().toMillis());
    made.setAcceptQueueSize(settings.connections());
    made.addBean(new ConnectionStatistics());
    return made;
  }

  private void everySecond(ConnectionWatch watch) {
    if (!server.isRunning()) {
      return;
    }
    try {
      watch.sweep();
      batcher.watch();
    } catch (RuntimeException e) {
      LOG.error("Watching connections and batcher failed", e);
    }
    server.getScheduler().schedule(() -> everySecond(watch), 1, TimeUnit.SECONDS);
  }

  /** Where it listens. */
  public InetSocketAddress address() {
    return new InetSocketAddress(connector.getHost(), connector.getLocalPort());
  }

  private int waiting() {
    return images.waiting() + batcher.waiting();
  }

  private static String rootMessage(Throwable e) {
    Throwable root = e;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root instanceof IOException ? String.valueOf(root.getMessage()) : root.toString();
  }

  /**
   * Stops listening, answers what has been asked for within the settings' drain time, and refuses
   * the rest.
   */
  @Override
  public void close() {
    shutDown();
  }

  private void shutDown() {
    try {
      server.stop();
    } catch (Exception e) {
      LOG.warn("Requests in progress were cut off ({}).", rootMessage(e));
    }
    images.close();
    batcher.close();
  }
}
