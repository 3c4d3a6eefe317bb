package io.github.gpfm.support;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.gpfm.api.InvalidOptionException;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ResultTimeTest {
  @Test
  void theEnvironmentMayFixTheTime() {
    assertEquals(Instant.parse("2023-11-14T22:13:20Z"), ResultTime.of("1700000000"));
    assertEquals(Instant.EPOCH, ResultTime.of(" 0 "));
    Instant before = Instant.now().minusSeconds(1);
    for (String none : new String[] {null, "", " "}) {
      assertFalse(ResultTime.of(none).isBefore(before));
    }
    for (String wrong : List.of("today", "1.5", "99999999999999999", "99999999999999999999")) {
      InvalidOptionException e =
          assertThrows(InvalidOptionException.class, () -> ResultTime.of(wrong));
      assertTrue(e.getMessage().contains("SOURCE_DATE_EPOCH") && e.getMessage().contains(wrong));
    }
  }
}
