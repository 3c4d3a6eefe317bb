package org.example;

import io.github.gpfm.api.Encoder;
import io.github.gpfm.encoder.GpfmEncoder;
import java.io.IOException;
import java.io.InputStream;
import javax.imageio.ImageIO;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** Answers a PNG with its feature. */
@SpringBootApplication
public class Application {
  /** Closed with the application. */
  @Bean
  public Encoder encoder() {
    return GpfmEncoder.builder().build();
  }

  /** {@code POST /embed}. */
  @RestController
  public static class Embed {
    private final Encoder encoder;

    /** Takes the encoder. */
    public Embed(Encoder encoder) {
      this.encoder = encoder;
    }

    /** Takes a picture, gives its feature. */
    @PostMapping("/embed")
    public float[] embed(InputStream picture) throws IOException {
      return encoder.embed(ImageIO.read(picture));
    }
  }

  /** Starts. */
  public static void main(String[] args) {
    SpringApplication.run(Application.class, args);
  }
}
