package io.github.gpfm.encoder.script;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.djl.pytorch.jni.JniUtils;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class IntraOpThreadsTest {
  @BeforeAll
  static void start() {
    Engines.pytorch();
  }

  @Test
  void oneThreadWithinAndAsBeforeAfterwards() {
    int before = JniUtils.getNumThreads();
    JniUtils.setNumThreads(3);
    try {
      int within =
          IntraOpThreads.one(() -> IntraOpThreads.one(JniUtils::getNumThreads) + 10 * threads());
      assertEquals(11, within);
      assertEquals(3, JniUtils.getNumThreads());
      assertThrows(
          IllegalStateException.class,
          () ->
              IntraOpThreads.one(
                  () -> {
                    throw new IllegalStateException();
                  }));
      assertEquals(3, JniUtils.getNumThreads());
    } finally {
      JniUtils.setNumThreads(before);
    }
  }

  private static int threads() {
    return JniUtils.getNumThreads();
  }
}
