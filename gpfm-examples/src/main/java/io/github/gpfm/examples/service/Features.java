package io.github.gpfm.examples.service;

import io.github.gpfm.api.Embeddings;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Features as JSON text and as float32. */
final class Features {
  /**
   * What became of one image of a request.
   *
   * @param name the part's file name, or empty
   * @param row its feature, or {@code null} if it failed
   * @param status HTTP status
   * @param error why it failed, or empty
   */
  record Outcome(String name, RequestBatcher.@Nullable Row row, int status, String error) {}

  private Features() {}

  /** The members {@code "feature": […]} and, where there are patch tokens, theirs. */
  static void appendJson(StringBuilder json, RequestBatcher.Row row) {
    Embeddings batch = row.batch();
    json.append("\"feature\":");
    appendArray(json, feature(row));
    batch
        .patchGrid()
        .ifPresent(
            grid -> {
              json.append(
                  String.format(
                      Locale.ROOT,
                      ",\"patchGrid\":{\"rows\":%d,\"columns\":%d,\"dimension\":%d},\"patchTokens\":",
                      grid.rows(),
                      grid.columns(),
                      grid.dimension()));
              appendArray(json, patches(row));
            });
  }

  /**
   * Little-endian float32: of each image its feature and then its patch tokens, if there are any.
   */
  static ByteBuffer float32(List<RequestBatcher.Row> rows) {
    int values = 0;
    for (RequestBatcher.Row row : rows) {
      values =
          Math.addExact(values, Math.addExact(feature(row).remaining(), patches(row).remaining()));
    }
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.multiplyExact(values, Float.BYTES)).order(ByteOrder.LITTLE_ENDIAN);
    FloatBuffer out = bytes.asFloatBuffer();
    for (RequestBatcher.Row row : rows) {
      out.put(feature(row)).put(patches(row));
    }
    return bytes;
  }

  private static FloatBuffer feature(RequestBatcher.Row row) {
    int dimension = row.batch().dimension();
    return row.batch().buffer().slice(row.row() * dimension, dimension);
  }

  private static FloatBuffer patches(RequestBatcher.Row row) {
    int length = row.batch().patchGrid().map(Embeddings.PatchGrid::length).orElse(0);
    return row.batch().patchBuffer().slice(row.row() * length, length);
  }

  private static void appendArray(StringBuilder json, FloatBuffer values) {
    json.append('[');
    for (int i = 0; i < values.remaining(); i++) {
      float value = values.get(i);
      if (!Float.isFinite(value)) {
        throw new Rejected(500, "The feature is not finite; check the encoder's weights.");
      }
      json.append(i == 0 ? "" : ",").append(value);
    }
    json.append(']');
  }
}
