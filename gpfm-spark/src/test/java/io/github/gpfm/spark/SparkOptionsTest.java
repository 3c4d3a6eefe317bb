package io.github.gpfm.spark;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.api.TokenOutput;
import io.github.gpfm.pipeline.DamagePolicy;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SparkOptionsTest {
  @ParameterizedTest
  @ValueSource(strings = {"", "hdfs:/x", "hdfs:///x", "s3a://bucket/x", "file:/x", "file:///x"})
  void theOutputIsAPath(String output) {
    String message =
        assertThrows(InvalidOptionException.class, () -> SparkOptions.of(output)).getMessage();
    assertTrue(message.contains("output must be a folder"), message);
  }

  @Test
  void optionsWithoutUseAreRefusedByName() {
    SparkOptions all =
        SparkOptions.builder("/x")
            .format("npy")
            .tokens(TokenOutput.PATCH_TOKENS)
            .pictures(true)
            .damaged(DamagePolicy.SKIP)
            .overwrite(true)
            .allowNonFinite(true)
            .reader("builtin")
            .slideMpp(0.5)
            .slots(3)
            .build();
    List<String> names =
        List.of(
            "format",
            "tokens",
            "pictures",
            "damaged",
            "overwrite",
            "allowNonFinite",
            "reader",
            "slideMpp");
    for (String name : names) {
      InvalidOptionException refused =
          assertThrows(
              InvalidOptionException.class, () -> all.requireDefaults("tiles", name), name);
      assertEquals(
          "tiles has no use for " + name + ": leave it at the default.", refused.getMessage());
      assertEquals(List.of(name), refused.parameters());
      assertDoesNotThrow(() -> SparkOptions.of("/x").requireDefaults("tiles", name));
    }
  }
}
