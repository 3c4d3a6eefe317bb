package io.github.gpfm.benchmarks;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.imageio.ImageIO;

/**
 * Loads {@code gpfm serve}: clients that each send the next image when the last is answered; every
 * hundredth request is not an image and must be answered 4xx. Slow clients, if asked for, keep a
 * connection each on which a request trickles in, a byte a second, and connect again when it is
 * closed.
 *
 * <p>Arguments: URL CLIENTS REQUESTS [SLOW]
 */
public final class ServiceLoad {
  private ServiceLoad() {}

  /** Runs the benchmark. */
  public static void main(String[] args) throws IOException, InterruptedException {
    URI url = URI.create(args[0]);
    int clients = Integer.parseInt(args[1]);
    int requests = Integer.parseInt(args[2]);
    int slow = args.length > 3 ? Integer.parseInt(args[3]) : 0;
    for (int i = 0; i < slow; i++) {
      Thread thread = new Thread(() -> trickle(url));
      thread.setDaemon(true);
      thread.start();
    }
    byte[][] images = new byte[16][];
    for (int i = 0; i < images.length; i++) {
      images[i] = jpeg(EncoderSpeed.image(i));
    }
    byte[] bad = Arrays.copyOf("no image".getBytes(), 100);
    long[] nanos = new long[requests];
    AtomicInteger next = new AtomicInteger();
    AtomicInteger wrong = new AtomicInteger();
    AtomicInteger refused = new AtomicInteger();
    ExecutorService threads = Executors.newFixedThreadPool(clients);
    long start = System.nanoTime();
    for (int c = 0; c < clients; c++) {
      threads.execute(
          () -> {
            HttpClient client = HttpClient.newHttpClient();
            for (int i = next.getAndIncrement(); i < requests; i = next.getAndIncrement()) {
              boolean isBad = i % 100 == 99;
              long sent = System.nanoTime();
              int status = post(client, url, isBad ? bad : images[i % images.length]);
              nanos[i] = System.nanoTime() - sent;
              if (isBad && status / 100 == 4) {
                refused.incrementAndGet();
              } else if (isBad || status != 200) {
                wrong.incrementAndGet();
              }
            }
          });
    }
    threads.shutdown();
    threads.awaitTermination(1, TimeUnit.DAYS);
    double seconds = (System.nanoTime() - start) / 1e9;
    Arrays.sort(nanos);
    System.out.printf(
        Locale.ROOT,
        "%d requests, %d clients, %d slow ones beside them: %.1f/s, p50 %.0f ms, p99 %.0f ms, %d bad images answered 4xx,"
            + " %d errors%n",
        requests,
        clients,
        slow,
        requests / seconds,
        nanos[requests / 2] / 1e6,
        nanos[(int) (requests * 0.99)] / 1e6,
        refused.get(),
        wrong.get());
  }

  private static int post(HttpClient client, URI url, byte[] body) {
    try {
      HttpRequest request =
          HttpRequest.newBuilder(url).POST(HttpRequest.BodyPublishers.ofByteArray(body)).build();
      return client.send(request, HttpResponse.BodyHandlers.ofByteArray()).statusCode();
    } catch (IOException e) {
      return -1;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return -1;
    }
  }

  private static void trickle(URI url) {
    byte[] header =
        "POST /embed HTTP/1.1\r\nHost: slow\r\nContent-Type: image/jpeg\r\nContent-Length: 100000\r\n\r\n"
            .getBytes(StandardCharsets.US_ASCII);
    while (true) {
      try (Socket socket = new Socket(url.getHost(), url.getPort())) {
        OutputStream out = socket.getOutputStream();
        for (int i = 0; ; i++) {
          out.write(i < header.length ? header[i] : 0);
          Thread.sleep(1000);
        }
      } catch (IOException e) {
        // Closed by the service, as it should be.
        continue;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private static byte[] jpeg(BufferedImage image) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageIO.write(image, "jpg", out);
    return out.toByteArray();
  }
}
