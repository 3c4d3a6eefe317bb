package io.github.gpfm.examples.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.gpfm.api.InvalidOptionException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A network that means no good, images that do not, and an encoder that fails. */
@Timeout(60)
class HostileServiceTest {
  private static final byte[] PNG = ServiceClient.png(ServiceClient.image(1));

  private final FakeEncoder encoder = new FakeEncoder();
  private EmbeddingService service;
  private ServiceClient client;

  private void start(ServiceSettings settings) {
    service = new EmbeddingService(encoder, settings);
    client = new ServiceClient(service);
  }

  @AfterEach
  void stop() {
    if (service != null) {
      service.close();
    }
  }

  private static ServiceSettings impatient() {
    return ServiceSettings.defaults(0)
        .withTimeouts(
            Duration.ofSeconds(1),
            Duration.ofSeconds(2),
            Duration.ofSeconds(5),
            Duration.ofSeconds(20),
            Duration.ofSeconds(10));
  }

  private Socket connect(String start) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), service.address().getPort());
    socket.getOutputStream().write(start.getBytes(StandardCharsets.US_ASCII));
    return socket;
  }

  /** Sends a byte now and then until the service closes the connection or answers. */
  private static String drip(Socket socket) throws IOException, InterruptedException {
    OutputStream out = socket.getOutputStream();
    InputStream in = socket.getInputStream();
    socket.setSoTimeout(200);
    StringBuilder answer = new StringBuilder();
    for (int i = 0; i < 100; i++) {
      try {
        out.write('a');
        int read = in.read();
        if (read < 0) {
          return answer.toString();
        }
        answer.append((char) read);
        answer.append(new String(in.readNBytes(11), StandardCharsets.US_ASCII));
        return answer.toString();
      } catch (SocketTimeoutException e) {
        continue;
      } catch (IOException e) {
        return answer.toString();
      }
    }
    throw new AssertionError("still open");
  }

  @Test
  void halfSentRequestsKeepNobodyFromBeingAnsweredAndAreClosed() throws Exception {
    start(impatient());
    List<Socket> sockets = new ArrayList<>();
    for (int i = 0; i < 150; i++) {
      sockets.add(connect("POST /embed HTTP/1.1\r\nHost: x\r\nContent-Le"));
      sockets.add(connect("POST /embed HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\nab"));
    }
    assertEquals(200, client.get("/health").statusCode());
    assertEquals(200, client.post(PNG).statusCode());
    assertEquals("", drip(sockets.get(0)));
    assertEquals("HTTP/1.1 408", drip(sockets.get(1)));
    for (Socket socket : sockets) {
      socket.close();
    }
    assertEquals(200, client.post(PNG).statusCode());
  }

  @Test
  void aSecondRequestOnAConnectionIsHeldToTheSameTime() throws Exception {
    start(impatient());
    try (Socket socket = connect("GET /health HTTP/1.1\r\nHost: x\r\n\r\n")) {
      socket.setSoTimeout(10_000);
      assertEquals("HTTP/1.1 200", new String(socket.getInputStream().readNBytes(12)));
      Thread.sleep(1500);
      socket.getOutputStream().write("GET /hea".getBytes(StandardCharsets.US_ASCII));
      socket.setSoTimeout(200);
      while (true) {
        try {
          if (socket.getInputStream().readNBytes(512).length < 512) {
            break;
          }
        } catch (SocketTimeoutException e) {
          break;
        }
      }
      assertEquals("", drip(socket));
    }
  }

  @Test
  void imagesOfImpossibleOrUnwantedSizesAreRefusedAndHarmNobody() {
    start(ServiceSettings.defaults(0));
    CompletableFuture<HttpResponse<String>> innocent = client.postLater(PNG);
    assertEquals(413, client.post(claiming(1, 1 << 26)).statusCode());
    assertEquals(413, client.post(claiming(1 << 26, 1)).statusCode());
    assertEquals(413, client.post(ServiceClient.blackPng(16, 257)).statusCode());
    assertEquals(200, client.post(ServiceClient.blackPng(16, 256)).statusCode());
    assertEquals(200, innocent.join().statusCode());
    assertEquals(400, client.post(claiming(8192, 2048)).statusCode());
  }

  private static byte[] claiming(int width, int height) {
    byte[] png = ServiceClient.blackPng(8, 8);
    ByteBuffer.wrap(png).putInt(16, width).putInt(20, height);
    return png;
  }

  @Test
  void decodedImagesNeverTakeMoreThanTheirMemory() {
    long memory = 24L << 20;
    start(ServiceSettings.defaults(0).withLimits(1 << 20, 1 << 24, 8 << 20, memory));
    byte[] large = ServiceClient.blackPng(1200, 1200);
    List<Long> seen = new ArrayList<>();
    encoder.before(images -> seen.add(gauge("gpfm_image_memory_bytes")));
    List<CompletableFuture<HttpResponse<String>>> answers =
        Stream.generate(() -> client.postLater(large)).limit(40).toList();
    answers.forEach(answer -> assertEquals(200, answer.join().statusCode()));
    assertTrue(seen.stream().allMatch(used -> used <= memory && used > 0), seen.toString());
    assertEquals(413, client.post(ServiceClient.blackPng(3500, 3500)).statusCode());
    assertEquals(413, client.post(new byte[2 << 20]).statusCode());
  }

  /** Sends all of a request before it reads, as most clients do; the answer's first line. */
  private String sendFirst(String header, byte[] body) throws IOException {
    try (Socket socket = connect("POST /embed HTTP/1.1\r\nHost: x\r\n" + header + "\r\n")) {
      socket.setSoTimeout(20_000);
      socket.getOutputStream().write(body);
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      return answer.lines().findFirst().orElse("").replaceAll("[^0-9]*$", "");
    }
  }

  @Test
  void aClientWhoseBodyIsRefusedGetsTheAnswer() throws IOException {
    ServiceSettings settings = ServiceSettings.defaults(0).withLimits(6 << 20, 1 << 24, 1 << 20, 1);
    start(settings);
    byte[] body = new byte[20 << 20];
    String length = "Content-Length: " + body.length + "\r\n";
    byte[] inChunks = ("1400000\r\n" + "x".repeat(body.length) + "\r\n0\r\n\r\n").getBytes();
    for (int i = 0; i < 4; i++) {
      assertEquals("HTTP/1.1 413", sendFirst(length, body));
      assertEquals("HTTP/1.1 503", sendFirst("Transfer-Encoding: chunked\r\n", inChunks));
    }
    service.close();
    start(settings.withAccess(settings.address(), Optional.of("secret"), Optional.empty()));
    for (int i = 0; i < 4; i++) {
      assertEquals("HTTP/1.1 401", sendFirst(length, body));
    }
    // One that asks first is told at once, and sends nothing.
    try (Socket socket =
        connect("POST /embed HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n" + length + "\r\n")) {
      socket.setSoTimeout(20_000);
      byte[] answer = socket.getInputStream().readAllBytes();
      assertEquals("HTTP/1.1 401", new String(answer, 0, 12, StandardCharsets.US_ASCII));
    }
  }

  @Test
  void aRefusedBodyIsNotReadForEver() throws Exception {
    start(impatient().withLimits(1 << 20, 1 << 24, 8 << 20, 8 << 20));
    byte[] much = new byte[1 << 20];
    String header = "POST /embed HTTP/1.1\r\nHost: x\r\nContent-Length: 999999999999\r\n\r\n";
    try (Socket socket = connect(header)) {
      assertThrows(
          IOException.class,
          () -> {
            for (int i = 0; i < 100; i++) {
              socket.getOutputStream().write(much);
            }
          });
    }
    try (Socket socket = connect(header)) {
      socket.setSoTimeout(20_000);
      // Nothing comes, and the time for a body ends it.
      byte[] answer = socket.getInputStream().readAllBytes();
      assertEquals("HTTP/1.1 413", new String(answer, 0, 12, StandardCharsets.US_ASCII));
      assertEquals(-1, drip(socket).indexOf("HTTP"));
    }
    for (int i = 0; i < 50 && gauge("gpfm_connections") > 1; i++) {
      Thread.sleep(100);
    }
    assertEquals(1, gauge("gpfm_connections"));
  }

  private long gauge(String name) {
    Matcher line =
        Pattern.compile("(?m)^" + name + " (\\S+)$").matcher(client.get("/metrics").body());
    assertTrue(line.find(), name);
    return (long) Double.parseDouble(line.group(1));
  }

  @Test
  void anImageThatFailsFailsAlone() {
    start(ServiceSettings.defaults(0));
    CountDownLatch gate = new CountDownLatch(1);
    encoder.before(
        images -> {
          await(gate);
          if (images.stream().anyMatch(image -> image.getWidth() == 13)) {
            throw new NegativeArraySizeException("as a codec might");
          }
          if (images.stream().anyMatch(image -> image.getWidth() == 17)) {
            throw new OutOfMemoryError("as a device might");
          }
        });
    List<CompletableFuture<HttpResponse<String>>> good = new ArrayList<>();
    good.add(client.postLater(PNG));
    CompletableFuture<HttpResponse<String>> bad = client.postLater(ServiceClient.blackPng(13, 13));
    CompletableFuture<HttpResponse<String>> worse =
        client.postLater(ServiceClient.blackPng(17, 17));
    for (int i = 0; i < 12; i++) {
      good.add(client.postLater(PNG));
    }
    gate.countDown();
    good.forEach(answer -> assertEquals(200, answer.join().statusCode()));
    assertEquals(500, bad.join().statusCode());
    assertEquals(503, worse.join().statusCode());
    assertEquals(200, client.get("/health").statusCode());
  }

  private static void await(CountDownLatch gate) {
    try {
      assertTrue(gate.await(20, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aBatcherThatDiesIsToldOfAndStartedAgain() throws InterruptedException {
    start(ServiceSettings.defaults(0));
    encoder.before(images -> Thread.currentThread().interrupt());
    assertEquals(200, client.post(PNG).statusCode());
    encoder.before(images -> {});
    int health = 200;
    for (int i = 0; i < 100 && health == 200; i++) {
      health = client.get("/health").statusCode();
    }
    // Seen dead, or started again already.
    boolean seen = health == 503;
    for (int i = 0; i < 50 && gauge("gpfm_batcher_restarts_total") == 0; i++) {
      Thread.sleep(100);
    }
    assertEquals(1, gauge("gpfm_batcher_restarts_total"));
    assertTrue(seen || client.get("/health").statusCode() == 200);
    assertEquals(200, client.get("/health").statusCode());
    assertEquals(200, client.post(PNG).statusCode());
  }

  @Test
  void aClosingServiceAnswersWhatWasAskedFor() {
    start(ServiceSettings.defaults(0));
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch gate = new CountDownLatch(1);
    encoder.before(
        images -> {
          entered.countDown();
          await(gate);
        });
    CompletableFuture<HttpResponse<String>> asked = client.postLater(PNG);
    await(entered);
    CompletableFuture<Void> closing = CompletableFuture.runAsync(service::close);
    gate.countDown();
    assertEquals(200, asked.join().statusCode());
    closing.join();
  }

  @Test
  void onlyThoseWithTheTokenAreAnswered() {
    start(
        ServiceSettings.defaults(0)
            .withAccess(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                Optional.of("right"),
                Optional.empty()));
    assertEquals(401, client.post(PNG).statusCode());
    assertEquals(401, client.get("/metrics", "Authorization", "Bearer wrong").statusCode());
    assertEquals(401, client.get("/info", "Authorization", "Bearer right ly").statusCode());
    assertEquals(200, client.get("/info", "Authorization", "Bearer right").statusCode());
    assertEquals(200, client.get("/health").statusCode());
  }

  @Test
  void filesForHttpsThatAreNotPemAreNamed(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("no.pem"), "no");
    ServiceSettings settings =
        ServiceSettings.defaults(0)
            .withAccess(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                Optional.empty(),
                Optional.of(new ServiceSettings.Tls(file, file)));
    InvalidOptionException e =
        assertThrows(InvalidOptionException.class, () -> new EmbeddingService(encoder, settings));
    assertTrue(e.getMessage().contains("no.pem"), e.getMessage());
  }

  @Test
  void aSlowRequestByHttpsIsAnsweredAndASilentHandshakeClosed(@TempDir Path folder)
      throws Exception {
    SelfSigned certificate = SelfSigned.create(folder);
    start(
        ServiceSettings.defaults(0)
            .withTimeouts(
                Duration.ofSeconds(1),
                Duration.ofSeconds(20),
                Duration.ofSeconds(20),
                Duration.ofSeconds(20),
                Duration.ofSeconds(10))
            .withAccess(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                Optional.empty(),
                Optional.of(certificate.files())));
    try (Socket socket =
        certificate
            .client()
            .getSocketFactory()
            .createSocket(InetAddress.getLoopbackAddress(), service.address().getPort())) {
      OutputStream out = socket.getOutputStream();
      String head =
          "POST /embed HTTP/1.1\r\nHost: x\r\nContent-Type: image/png\r\nContent-Length: %d\r\n\r\n";
      out.write(head.formatted(PNG.length).getBytes(StandardCharsets.US_ASCII));
      out.flush();
      // Longer than a header may take: the request is in progress.
      Thread.sleep(3500);
      out.write(PNG);
      out.flush();
      socket.setSoTimeout(10_000);
      assertEquals("HTTP/1.1 200", new String(socket.getInputStream().readNBytes(12)));
    }
    try (Socket silent = connect("")) {
      silent.setSoTimeout(10_000);
      assertEquals(-1, silent.getInputStream().read());
    }
  }

  @Test
  void theDescriptionNamesEveryPathAndMethod() {
    start(ServiceSettings.defaults(0));
    String description = client.get("/openapi.yaml").body();
    ServiceHandler.ROUTES.forEach(
        (path, method) ->
            assertTrue(
                description.contains("\n  " + path + ":\n    " + method.toLowerCase() + ":"),
                path));
  }
}
