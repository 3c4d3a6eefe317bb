package io.github.gpfm.examples.service;

import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.DoubleSupplier;

/** What the service counts, in Prometheus's text format. Thread-safe. */
final class ServiceMetrics {
  static final String CONTENT_TYPE = PrometheusTextFormatWriter.CONTENT_TYPE;

  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final Counter requests =
      Counter.builder()
          .name("gpfm_requests_total")
          .help("Requests answered, by path and status.")
          .labelNames("path", "status")
          .register(registry);
  private final Histogram seconds =
      Histogram.builder()
          .name("gpfm_request_seconds")
          .help("Time from a request's header to its answer.")
          .classicOnly()
          .classicUpperBounds(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120)
          .labelNames("path")
          .register(registry);
  private final Counter images =
      Counter.builder().name("gpfm_images_total").help("Images embedded.").register(registry);
  private final Histogram batches =
      Histogram.builder()
          .name("gpfm_batch_images")
          .help("Images in one call of the encoder.")
          .classicOnly()
          .classicUpperBounds(1, 2, 4, 8, 16, 32, 64, 128)
          .register(registry);
  private final Counter restarts =
      Counter.builder()
          .name("gpfm_batcher_restarts_total")
          .help("Times the thread that calls the encoder had to be started again.")
          .register(registry);

  void gauge(String name, String help, DoubleSupplier value) {
    GaugeWithCallback.builder()
        .name(name)
        .help(help)
        .callback(callback -> callback.call(value.getAsDouble()))
        .register(registry);
  }

  void answered(String path, int status, double time) {
    requests.labelValues(path, Integer.toString(status)).inc();
    seconds.labelValues(path).observe(time);
  }

  void embedded(int count) {
    images.inc(count);
    batches.observe(count);
  }

  void restarted() {
    restarts.inc();
  }

  byte[] text() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      PrometheusTextFormatWriter.create()
          .write(out, registry.scrape(), EscapingScheme.UNDERSCORE_ESCAPING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }
}
