package io.github.gpfm.examples.service;

import io.github.gpfm.api.InvalidOptionException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Where the service listens and what it allows. Every bound is counted, so that no client can take
 * the memory or the threads of the others.
 *
 * @param address host and port; port 0 for any free one
 * @param batchSize images in one call of the encoder, at most
 * @param bodyBytes bytes of one request's body, at most
 * @param pixels pixels of one image, at most
 * @param bodyMemory bytes of all bodies in memory, at most
 * @param imageMemory bytes of all decoded images in memory, at most
 * @param waitingImages images that may wait to be decoded, and again to be embedded
 * @param partsPerBatch images in one request to {@code /embed/batch}, at most
 * @param connections connections at once, at most; more wait to be accepted
 * @param headerTimeout for a request's header, from its first byte, and for the first request of a
 *     connection
 * @param bodyTimeout for a request's body, whole
 * @param idleTimeout for a connection on which nothing happens
 * @param answerTimeout from the whole body to the answer
 * @param drainTimeout for requests in progress when the service closes
 * @param token what clients must send as {@code Authorization: Bearer TOKEN}, if anything
 * @param tls certificate and key, for HTTPS
 */
public record ServiceSettings(
    InetSocketAddress address,
    int batchSize,
    int bodyBytes,
    int pixels,
    long bodyMemory,
    long imageMemory,
    int waitingImages,
    int partsPerBatch,
    int connections,
    Duration headerTimeout,
    Duration bodyTimeout,
    Duration idleTimeout,
    Duration answerTimeout,
    Duration drainTimeout,
    Optional<String> token,
    Optional<Tls> tls) {
  /**
   * Files for HTTPS.
   *
   * @param certificates PEM file of the certificate and its chain
   * @param key PEM file of its private key, PKCS #8 and not encrypted
   */
  public record Tls(Path certificates, Path key) {}

  /** Checks that every bound is positive. */
  public ServiceSettings {
    long least =
        Math.min(
            Math.min(Math.min(batchSize, bodyBytes), Math.min(pixels, waitingImages)),
            Math.min(Math.min(bodyMemory, imageMemory), Math.min(partsPerBatch, connections)));
    if (least < 1) {
      throw new InvalidOptionException("Every bound of the service must be 1 or more.");
    }
  }

  /**
   * The defaults: 127.0.0.1, a quarter of the heap for decoded images, an eighth for bodies.
   *
   * @param port 0 for any free one
   */
  public static ServiceSettings defaults(int port) {
    long heap = Runtime.getRuntime().maxMemory();
    return new ServiceSettings(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
        16,
        32 << 20,
        1 << 24,
        heap / 8,
        heap / 4,
        1024,
        256,
        4096,
        Duration.ofSeconds(10),
        Duration.ofSeconds(30),
        Duration.ofSeconds(30),
        Duration.ofSeconds(120),
        Duration.ofSeconds(30),
        Optional.empty(),
        Optional.empty());
  }

  /** The same with other limits of one request. */
  public ServiceSettings withLimits(int bodyBytes, int pixels, long bodyMemory, long imageMemory) {
    return new ServiceSettings(
        address,
        batchSize,
        bodyBytes,
        pixels,
        bodyMemory,
        imageMemory,
        waitingImages,
        partsPerBatch,
        connections,
        headerTimeout,
        bodyTimeout,
        idleTimeout,
        answerTimeout,
        drainTimeout,
        token,
        tls);
  }

  /** The same with other times. */
  public ServiceSettings withTimeouts(
      Duration header, Duration body, Duration idle, Duration answer, Duration drain) {
    return new ServiceSettings(
        address,
        batchSize,
        bodyBytes,
        pixels,
        bodyMemory,
        imageMemory,
        waitingImages,
        partsPerBatch,
        connections,
        header,
        body,
        idle,
        answer,
        drain,
        token,
        tls);
  }

  /** The same at another address, for clients that send a token, over HTTPS if files are given. */
  public ServiceSettings withAccess(
      InetSocketAddress address, Optional<String> token, Optional<Tls> tls) {
    return new ServiceSettings(
        address,
        batchSize,
        bodyBytes,
        pixels,
        bodyMemory,
        imageMemory,
        waitingImages,
        partsPerBatch,
        connections,
        headerTimeout,
        bodyTimeout,
        idleTimeout,
        answerTimeout,
        drainTimeout,
        token,
        tls);
  }
}
