package io.github.gpfm.examples;

/** System properties the program sets unless the user did. */
final class RuntimeDefaults {
  private RuntimeDefaults() {}

  /**
   * No window system, nothing fetched from the network by DJL (set {@code -Dai.djl.offline=false}
   * to let it fetch GPU natives), no usage statistics sent.
   */
  static void apply() {
    setDefault("java.awt.headless", "true");
    setDefault("ai.djl.offline", "true");
    setDefault("OPT_OUT_TRACKING", "true");
  }

  private static void setDefault(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }
}
