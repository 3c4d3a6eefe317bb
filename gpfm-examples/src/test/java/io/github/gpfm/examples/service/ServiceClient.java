package io.github.gpfm.examples.service;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import javax.imageio.ImageIO;

/** Sends requests to a service under test. */
final class ServiceClient {
  static final String BOUNDARY = "gpfm-test-boundary";

  private final HttpClient client = HttpClient.newHttpClient();
  private final EmbeddingService service;

  ServiceClient(EmbeddingService service) {
    this.service = service;
  }

  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(
        URI.create("http://127.0.0.1:" + service.address().getPort() + path));
  }

  HttpResponse<String> get(String path, String... headers) {
    return send(request(path), headers).join();
  }

  HttpResponse<String> post(byte[] body) {
    return postLater(body).join();
  }

  CompletableFuture<HttpResponse<String>> postLater(byte[] body) {
    return send(request("/embed").POST(HttpRequest.BodyPublishers.ofByteArray(body)));
  }

  HttpResponse<String> send(HttpRequest request) {
    return client.sendAsync(request, HttpResponse.BodyHandlers.ofString()).join();
  }

  HttpResponse<byte[]> bytes(HttpRequest.Builder request) {
    return client
        .sendAsync(
            request.header("Accept", "application/octet-stream").build(),
            HttpResponse.BodyHandlers.ofByteArray())
        .join();
  }

  private CompletableFuture<HttpResponse<String>> send(
      HttpRequest.Builder request, String... headers) {
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.sendAsync(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  static HttpRequest.Builder multipart(HttpRequest.Builder request, List<byte[]> parts) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    for (int i = 0; i < parts.size(); i++) {
      String head =
          "--%s\r\nContent-Disposition: form-data; name=\"image\"; filename=\"%d.png\"\r\n\r\n"
              .formatted(BOUNDARY, i);
      body.writeBytes(head.getBytes(StandardCharsets.US_ASCII));
      body.writeBytes(parts.get(i));
      body.writeBytes("\r\n".getBytes(StandardCharsets.US_ASCII));
    }
    body.writeBytes(("--" + BOUNDARY + "--\r\n").getBytes(StandardCharsets.US_ASCII));
    return request
        .header("Content-Type", "multipart/form-data; boundary=" + BOUNDARY)
        .POST(HttpRequest.BodyPublishers.ofByteArray(body.toByteArray()));
  }

  static BufferedImage image(int seed) {
    BufferedImage image = new BufferedImage(64, 48, BufferedImage.TYPE_INT_RGB);
    Random random = new Random(seed);
    for (int i = 0; i < 64 * 48; i++) {
      image.setRGB(i % 64, i / 64, random.nextInt(1 << 24));
    }
    return image;
  }

  static byte[] png(BufferedImage image) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      ImageIO.write(image, "png", out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  /** A black PNG of any size, without an image of it in memory; one bit a pixel. */
  static byte[] blackPng(int width, int height) {
    Deflater deflater = new Deflater(9);
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    byte[] row = new byte[1 + (width + 7) / 8];
    byte[] buffer = new byte[1 << 16];
    for (int y = 0; y < height; y++) {
      deflater.setInput(row);
      if (y == height - 1) {
        deflater.finish();
      }
      while (!deflater.needsInput() || (y == height - 1 && !deflater.finished())) {
        data.write(buffer, 0, deflater.deflate(buffer));
      }
    }
    deflater.end();
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    png.writeBytes(ByteBuffer.allocate(8).putLong(0x89504e470d0a1a0aL).array());
    ByteBuffer header = ByteBuffer.allocate(13).putInt(width).putInt(height);
    chunk(png, "IHDR", header.put((byte) 1).array());
    chunk(png, "IDAT", data.toByteArray());
    chunk(png, "IEND", new byte[0]);
    return png.toByteArray();
  }

  private static void chunk(ByteArrayOutputStream png, String type, byte[] data) {
    byte[] name = type.getBytes(StandardCharsets.US_ASCII);
    CRC32 sum = new CRC32();
    sum.update(name);
    sum.update(data);
    png.writeBytes(ByteBuffer.allocate(4).putInt(data.length).array());
    png.writeBytes(name);
    png.writeBytes(data);
    png.writeBytes(ByteBuffer.allocate(4).putInt((int) sum.getValue()).array());
  }
}
