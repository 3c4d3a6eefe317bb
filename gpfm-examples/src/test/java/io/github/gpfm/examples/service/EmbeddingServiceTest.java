package io.github.gpfm.examples.service;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.github.gpfm.api.Embeddings;
import io.github.gpfm.api.TokenOutput;
import io.github.gpfm.encoder.GpfmEncoder;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class EmbeddingServiceTest {
  private static final GpfmEncoder ENCODER = GpfmEncoder.builder().batchSize(4).build();
  private static EmbeddingService service;
  private final HttpClient client = HttpClient.newHttpClient();

  @BeforeAll
  static void start() {

    service = new EmbeddingService(ENCODER, ServiceSettings.defaults(0));
  }

  @AfterAll
  static void stop() {
    service.close();
    ENCODER.close();
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
    float[] expected = ENCODER.embed(ServiceClient.image(1));
    HttpResponse<String> response = post(ServiceClient.png(ServiceClient.image(1)));
    assertEquals(200, response.statusCode());
    JsonObject answer = new Gson().fromJson(response.body(), JsonObject.class);
    float[] feature = new Gson().fromJson(answer.get("feature"), float[].class);
    assertArrayEquals(expected, feature, 1e-5f);
    HttpResponse<byte[]> raw =
        client.send(
            request("/embed")
                .header("Accept", "application/octet-stream")
                .POST(
                    HttpRequest.BodyPublishers.ofByteArray(
                        ServiceClient.png(ServiceClient.image(1))))
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
              request("/embed")
                  .POST(
                      HttpRequest.BodyPublishers.ofByteArray(
                          ServiceClient.png(ServiceClient.image(i))))
                  .build(),
              HttpResponse.BodyHandlers.ofString()));
    }
    for (int i = 0; i < answers.size(); i++) {
      JsonObject answer = new Gson().fromJson(answers.get(i).join().body(), JsonObject.class);
      assertArrayEquals(
          ENCODER.embed(ServiceClient.image(i)),
          new Gson().fromJson(answer.get("feature"), float[].class),
          1e-5f);
    }
  }

  @Test
  void badRequestsAreTheClientsFault() throws IOException, InterruptedException {
    byte[] png = ServiceClient.png(ServiceClient.image(2));
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

  @Test
  void aBatchAnswersEachImageItsOwn() throws IOException {
    ServiceClient other = new ServiceClient(service);
    byte[] first = ServiceClient.png(ServiceClient.image(5));
    byte[] second = ServiceClient.png(ServiceClient.image(6));
    List<byte[]> parts = List.of(first, "no image".getBytes(), second);
    HttpResponse<String> response =
        other.send(ServiceClient.multipart(other.request("/embed/batch"), parts).build());
    assertEquals(200, response.statusCode(), response.body());
    JsonArray results =
        new Gson().fromJson(response.body(), JsonObject.class).getAsJsonArray("results");
    assertEquals(3, results.size());
    assertEquals(415, results.get(1).getAsJsonObject().get("status").getAsInt());
    assertEquals("1.png", results.get(1).getAsJsonObject().get("name").getAsString());
    assertArrayEquals(
        ENCODER.embed(ServiceClient.image(6)),
        new Gson().fromJson(results.get(2).getAsJsonObject().get("feature"), float[].class),
        1e-5f);
    // As float32 there is no place for an error, so that the whole request fails and says why.
    assertEquals(
        415,
        other.bytes(ServiceClient.multipart(other.request("/embed/batch"), parts)).statusCode());
    HttpResponse<byte[]> raw =
        other.bytes(
            ServiceClient.multipart(
                other.request("/embed/batch?tokens=patch"), List.of(first, second)));
    assertEquals(200, raw.statusCode());
    Embeddings expected =
        ENCODER.embed(
            List.of(ServiceClient.image(5), ServiceClient.image(6)), TokenOutput.PATCH_TOKENS);
    int dimension = expected.dimension();
    float[] values = new float[raw.body().length / 4];
    ByteBuffer.wrap(raw.body()).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
    int length = dimension + expected.patchGrid().orElseThrow().length();
    assertEquals(2 * length, values.length);
    for (int i = 0; i < 2; i++) {
      assertArrayEquals(
          expected.vector(i),
          Arrays.copyOfRange(values, i * length, i * length + dimension),
          1e-5f);
      assertArrayEquals(
          expected.patchTokens(i),
          Arrays.copyOfRange(values, i * length + dimension, (i + 1) * length),
          1e-5f);
    }
    List<byte[]> many = java.util.Collections.nCopies(257, first);
    assertEquals(
        400,
        other
            .send(ServiceClient.multipart(other.request("/embed/batch"), many).build())
            .statusCode());
  }
}
