package io.github.gpfm.support;

/** Text in HTML. */
public final class Html {
  private Html() {}

  /** The text so that HTML shows it as it is, also within an attribute's quotes. */
  public static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }
}
