package io.github.gpfm.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class EncoderInfoTest {
  private static final EncoderInfo FULL =
      EncoderInfo.builder("mine", 384)
          .architecture("ViT-S/16")
          .inputSize(256)
          .patchSize(16)
          .tileSize(512)
          .mpp(0.25)
          .license("MIT")
          .weightsSha256("00")
          .build();

  @Test
  void everythingGivenIsKept() {
    assertEquals("mine", FULL.name());
    assertEquals("ViT-S/16", FULL.architecture());
    assertEquals(384, FULL.dimension());
    assertEquals(256, FULL.inputSize());
    assertEquals(16, FULL.patchSize());
    assertEquals(512, FULL.tileSize());
    assertEquals(0.25, FULL.mpp());
    assertEquals("MIT", FULL.license());
    assertEquals("00", FULL.weightsSha256());
    assertEquals(FULL, FULL.toBuilder("mine", 384).build());
    assertEquals(FULL.hashCode(), FULL.toBuilder("mine", 384).build().hashCode());
  }

  @Test
  void everyPartTellsTwoApart() {
    for (EncoderInfo.Builder other :
        List.of(
            FULL.toBuilder("other", 384),
            FULL.toBuilder("mine", 385),
            FULL.toBuilder("mine", 384).architecture("other"),
            FULL.toBuilder("mine", 384).inputSize(1),
            FULL.toBuilder("mine", 384).patchSize(1),
            FULL.toBuilder("mine", 384).tileSize(1),
            FULL.toBuilder("mine", 384).mpp(1),
            FULL.toBuilder("mine", 384).license("other"),
            FULL.toBuilder("mine", 384).weightsSha256("01"))) {
      assertNotEquals(FULL, other.build());
    }
  }

  @Test
  void whatIsNotGivenHasTheDocumentedDefault() {
    EncoderInfo least = EncoderInfo.builder("least", 3).build();
    assertEquals(224, least.inputSize());
    assertEquals(224, least.tileSize());
    assertEquals(0, least.patchSize());
    assertEquals(0.5, least.mpp());
    assertEquals("unknown", least.license());
    assertEquals(64, EncoderInfo.builder("small", 3).inputSize(64).build().tileSize());
  }

  @Test
  void impossibleValuesNameTheirParameter() {
    refused("name", () -> EncoderInfo.builder(" ", 1));
    refused("dimension", () -> EncoderInfo.builder("x", 0));
    EncoderInfo.Builder builder = EncoderInfo.builder("x", 1);
    refused("inputSize", () -> builder.inputSize(0));
    refused("patchSize", () -> builder.patchSize(-1));
    refused("tileSize", () -> builder.tileSize(0));
    refused("mpp", () -> builder.mpp(Double.NaN));
    refused("mpp", () -> builder.mpp(0));
  }

  private static void refused(String parameter, Executable call) {
    InvalidOptionException e = assertThrows(InvalidOptionException.class, call);
    assertTrue(e.getMessage().startsWith(parameter), e.getMessage());
  }

  /** An encoder that says no more than it must. */
  private static final class Ones implements Encoder {
    @Override
    public EncoderInfo info() {
      return EncoderInfo.builder("ones", 2).build();
    }

    @Override
    public Embeddings embed(List<BufferedImage> images, TokenOutput output) {
      float[] ones = new float[images.size() * dimension(output)];
      Arrays.fill(ones, 1);
      return Embeddings.of(images.size(), dimension(output), ones);
    }

    @Override
    public void close() {}
  }

  @Test
  void anEncoderNeedsThreeMethods() {
    List<BufferedImage> images = List.of(new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB));
    try (Encoder encoder = new Ones()) {
      assertEquals(2, encoder.embedAsync(images).join().dimension());
      assertEquals(
          4, encoder.embedAsync(images, TokenOutput.CLASS_AND_MEAN_PATCH_TOKEN).join().dimension());
    }
  }
}
