package io.github.gpfm.encoder.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.gpfm.api.Encoder;
import io.github.gpfm.api.EncoderProvider;
import io.github.gpfm.api.EncoderRequest;
import io.github.gpfm.support.Services;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EncoderProvidersTest {
  private static final EncoderProvider SOUND =
      new EncoderProvider() {
        @Override
        public List<String> names() {
          return List.of("sound");
        }

        @Override
        public String describe(String name) {
          return name;
        }

        @Override
        public Encoder open(EncoderRequest request) {
          throw new UnsupportedOperationException();
        }
      };

  @Test
  void aBrokenProviderIsNamedWhereItMayBeTheOneThatIsMissed() {
    Services<EncoderProvider> services =
        new Services<>(List.of(SOUND), List.of("org.example.Broken cannot be loaded"));
    assertSame(SOUND, EncoderProviders.find("Sound", services).orElseThrow());
    String message =
        assertThrows(CatalogException.class, () -> EncoderProviders.find("other", services))
            .getMessage();
    assertTrue(message.contains("'other'"), message);
    assertTrue(message.contains("org.example.Broken"), message);
    assertEquals(Optional.empty(), EncoderProviders.find("UNI", services), "of the catalog");
    assertEquals(
        Optional.empty(),
        EncoderProviders.find("other", new Services<>(List.of(SOUND), List.of())));
  }
}
