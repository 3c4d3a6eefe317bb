package io.github.gpfm.encoder.weights;

import java.io.IOException;

/**
 * Holds the strings of a JSON text to RFC 8259 where {@link com.google.gson.stream.JsonReader} is
 * lenient by default: control characters and unknown escapes. Gson's own strict mode is missing
 * from version 2.10, which other frameworks pin.
 */
final class StrictJson {
  private static final String ESCAPES = "\"\\/bfnrtu";

  private StrictJson() {}

  /**
   * Checks all strings.
   *
   * @throws IOException naming the place of the first that is not JSON
   */
  static void requirePlainStrings(String json) throws IOException {
    boolean inside = false;
    for (int i = 0; i < json.length(); i++) {
      char c = json.charAt(i);
      if (c == '"') {
        inside = !inside;
      } else if (inside && c < 0x20) {
        throw new IOException("a control character in a string, at character " + i);
      } else if (inside && c == '\\') {
        i++;
        if (i < json.length() && ESCAPES.indexOf(json.charAt(i)) < 0) {
          throw new IOException("an escape that JSON does not know, at character " + i);
        }
      }
    }
  }
}
