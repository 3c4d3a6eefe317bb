package io.github.gpfm.examples.service;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.eclipse.jetty.http.MultiPart;
import org.eclipse.jetty.http.MultiPartFormData;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.content.ByteBufferContentSource;
import org.eclipse.jetty.util.Promise;
import org.jspecify.annotations.Nullable;

/** The images of a {@code multipart/form-data} body, each with its own result or error. */
final class MultipartImages {
  private static final int PART_HEADER_BYTES = 4 << 10;

  private MultipartImages() {}

  /**
   * Embeds every part.
   *
   * @param embed one image's feature to come
   * @return one outcome a part, in order; fails with {@link Rejected} if the body is not multipart
   */
  static CompletableFuture<List<Features.Outcome>> outcomes(
      byte[] body,
      String contentType,
      int maxParts,
      Function<byte[], CompletableFuture<RequestBatcher.Row>> embed) {
    List<CompletableFuture<Features.Outcome>> outcomes = new ArrayList<>();
    try (MultiPartFormData.Parts parts = parse(body, contentType, maxParts)) {
      if (parts.size() == 0) {
        throw new Rejected(400, "The body has no part; send an image a part.");
      }
      for (MultiPart.Part part : parts) {
        String name = part.getFileName() == null ? "" : part.getFileName();
        outcomes.add(embed.apply(bytes(part)).handle((row, error) -> outcome(name, row, error)));
      }
    }
    return CompletableFuture.allOf(outcomes.toArray(CompletableFuture[]::new))
        .thenApply(done -> outcomes.stream().map(CompletableFuture::join).toList());
  }

  /** The rows of all, or the first failure, named. */
  static List<RequestBatcher.Row> allOf(List<Features.Outcome> outcomes) {
    List<RequestBatcher.Row> rows = new ArrayList<>();
    for (Features.Outcome outcome : outcomes) {
      RequestBatcher.Row row = outcome.row();
      if (row == null) {
        throw new Rejected(
            outcome.status(),
            "Image %d ('%s'): %s".formatted(rows.size(), outcome.name(), outcome.error()));
      }
      rows.add(row);
    }
    return rows;
  }

  private static MultiPartFormData.Parts parse(byte[] body, String contentType, int maxParts) {
    String boundary = MultiPart.extractBoundary(contentType);
    if (boundary == null || !contentType.startsWith("multipart/form-data")) {
      throw new Rejected(415, "Send multipart/form-data with an image a part.");
    }
    MultiPartFormData.Parser parser = new MultiPartFormData.Parser(boundary);
    parser.setMaxLength(body.length);
    parser.setMaxMemoryFileSize(-1);
    parser.setUseFilesForPartsWithoutFileName(false);
    parser.setMaxParts(maxParts);
    parser.setPartHeadersMaxLength(PART_HEADER_BYTES);
    try {
      CompletableFuture<MultiPartFormData.Parts> parts = new CompletableFuture<>();
      parser.parse(
          new ByteBufferContentSource(ByteBuffer.wrap(body)), Promise.Invocable.toPromise(parts));
      return parts.join();
    } catch (CompletionException | IllegalArgumentException | IllegalStateException e) {
      throw new Rejected(
          400,
          "The body is not multipart/form-data with at most %d parts; send it again."
              .formatted(maxParts));
    }
  }

  private static byte[] bytes(MultiPart.Part part) {
    try {
      ByteBuffer content = Content.Source.asByteBuffer(part.getContentSource());
      byte[] bytes = new byte[content.remaining()];
      content.get(bytes);
      return bytes;
    } catch (IOException e) {
      throw new Rejected(400, "A part of the body cannot be read; send it again.");
    }
  }

  private static Features.Outcome outcome(
      String name, RequestBatcher.@Nullable Row row, @Nullable Throwable error) {
    if (row != null) {
      return new Features.Outcome(name, row, 200, "");
    }
    Throwable cause =
        error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
    if (cause instanceof Rejected rejected) {
      return new Features.Outcome(name, null, rejected.status(), rejected.getMessage());
    }
    if (cause instanceof TimeoutException) {
      return new Features.Outcome(name, null, 503, "The encoder is too busy; try again later.");
    }
    return new Features.Outcome(
        name, null, 500, "The image could not be embedded; see the service's log.");
  }
}
