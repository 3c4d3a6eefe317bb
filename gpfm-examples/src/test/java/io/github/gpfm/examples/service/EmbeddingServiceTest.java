package io.github.gpfm.examples.service;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import io.github.gpfm.encoder.GpfmEncoder;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class EmbeddingServiceTest {
  private static final GpfmEncoder ENCODER = GpfmEncoder.builder().batchSize(4).build();
  private static EmbeddingService service;
  private final HttpClient client = HttpClient.newHttpClient();

  @BeforeAll
  static void start() {
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    service = new EmbeddingService(ENCODER, any, 4);
  }

  @AfterAll
  static void stop() {
    service.close();
    ENCODER.close();
  }

  private static BufferedImage image(int seed) {
    BufferedImage image = new BufferedImage(64, 48, BufferedImage.TYPE_INT_RGB);
    Random random = new Random(seed);
    for (int i = 0; i < 64 * 48; i++) {
      image.setRGB(i % 64, i / 64, random.nextInt(1 << 24));
    }
    return image;
  }

  private static byte[] png(BufferedImage image) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageIO.write(image, "png", out);
    return out.toByteArray();
  }

  private static HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(
        URI.create("http://127.0.0.1:" + service.address().getPort() + path));
  }

  private HttpResponse<String> post(byte[] body) throws IOException, InterruptedException {
    return client.send(
        request("/embed").POST(HttpRequest.BodyPublishers.ofByteArray(body)).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void anImageIsAnsweredWithItsFeature() throws IOException, InterruptedException {
    float[] expected = ENCODER.embed(image(1));
    HttpResponse<String> response = post(png(image(1)));
    assertEquals(200, response.statusCode());
    JsonObject answer = new Gson().fromJson(response.body(), JsonObject.class);
    float[] feature = new Gson().fromJson(answer.get("feature"), float[].class);
    assertArrayEquals(expected, feature, 1e-5f);
    HttpResponse<byte[]> raw =
        client.send(
            request("/embed")
                .header("Accept", "application/octet-stream")
                .POST(HttpRequest.BodyPublishers.ofByteArray(png(image(1))))
                .build(),
            HttpResponse.BodyHandlers.ofByteArray());
    float[] values = new float[expected.length];
    ByteBuffer.wrap(raw.body()).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
    assertArrayEquals(expected, values, 1e-5f);
  }

  @Test
  void manyAtOnceAreEachAnsweredTheirOwn() throws IOException {
    List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
    for (int i = 0; i < 24; i++) {
      answers.add(
          client.sendAsync(
              request("/embed").POST(HttpRequest.BodyPublishers.ofByteArray(png(image(i)))).build(),
              HttpResponse.BodyHandlers.ofString()));
    }
    for (int i = 0; i < answers.size(); i++) {
      JsonObject answer = new Gson().fromJson(answers.get(i).join().body(), JsonObject.class);
      assertArrayEquals(
          ENCODER.embed(image(i)),
          new Gson().fromJson(answer.get("feature"), float[].class),
          1e-5f);
    }
  }

  @Test
  void badRequestsAreTheClientsFault() throws IOException, InterruptedException {
    byte[] png = png(image(2));
    assertEquals(400, post(new byte[0]).statusCode());
    assertEquals(415, post("not an image".getBytes()).statusCode());
    assertEquals(400, post(Arrays.copyOf(png, png.length / 2)).statusCode());
    // A PNG header that claims 100,000 x 100,000 pixels.
    byte[] vast = png.clone();
    ByteBuffer.wrap(vast).putInt(16, 100_000).putInt(20, 100_000);
    int status = post(vast).statusCode();
    assertTrue(status == 413 || status == 400, "status " + status);
    assertEquals(
        405,
        client
            .send(request("/embed").GET().build(), HttpResponse.BodyHandlers.ofString())
            .statusCode());
    assertEquals(
        404,
        client
            .send(request("/embedded").GET().build(), HttpResponse.BodyHandlers.ofString())
            .statusCode());
    // And it goes on working.
    assertEquals(200, post(png).statusCode());
    HttpResponse<String> info =
        client.send(request("/info").GET().build(), HttpResponse.BodyHandlers.ofString());
    assertTrue(info.body().contains(ENCODER.info().name()), info.body());
  }
}
