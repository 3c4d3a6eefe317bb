package io.github.gpfm.support;

import io.github.gpfm.api.Recipe;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** A second process: claims a result in a folder and stays until it is killed or its input ends. */
final class ClaimProgram {
  private ClaimProgram() {}

  /**
   * @param args folder, name of the result, value of the recipe's only entry
   */
  public static void main(String[] args) throws IOException {
    try (RunStore store = RunStore.open(Path.of(args[0]))) {
      store.begin(Recipe.of(Map.of("recipe", Recipe.FORM_NOW, "weights", args[2])));
      FileClaim.Attempt attempt = store.claim(args[1]);
      System.out.println(attempt.claim().isPresent() ? "claimed" : "held: " + attempt.holder());
      System.out.flush();
      while (System.in.read() >= 0) {
        Thread.onSpinWait();
      }
      attempt.claim().ifPresent(FileClaim::close);
    }
  }

  static Process start(Path folder, String name, String weights) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xshare:auto",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            ClaimProgram.class.getName(),
            folder.toString(),
            name,
            weights)
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }
}
