package io.github.gpfm.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An encoder that another jar brings is found by name. */
class EncoderProviderTest {
  @TempDir Path folder;

  private Path tile(String name, Color color) throws IOException {
    BufferedImage image = new BufferedImage(32, 32, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setColor(color);
    graphics.fillRect(0, 0, 32, 32);
    graphics.dispose();
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    ImageIO.write(image, "png", file.toFile());
    return file;
  }

  @Test
  void aCommandFindsItByName() throws IOException {
    Path query = tile("query.png", new Color(200, 10, 10));
    tile("tiles/red.png", new Color(190, 10, 10));
    tile("tiles/blue.png", new Color(10, 10, 190));
    CommandRun run =
        CommandRun.of(
            "nearest",
            query.toString(),
            "--index",
            folder.resolve("tiles").toString(),
            "-k",
            "1",
            "--model",
            "brightness");
    assertEquals(0, run.exitCode(), run.err());
    assertTrue(run.out().contains("\t10.0000\t") && run.out().contains("red.png"), run.out());
    assertTrue(CommandRun.of("models").out().contains("brightness"));
  }

  @Test
  void whatOnlyTheCataloguesModelsHaveIsRefused() throws IOException {
    Path query = tile("query.png", Color.RED);
    CommandRun run =
        CommandRun.of(
            "nearest",
            query.toString(),
            "--index",
            query.getParent().toString(),
            "--model",
            "brightness",
            "--feature",
            "class-token");
    assertEquals(2, run.exitCode());
    assertTrue(run.err().contains("--feature"), run.err());
    CommandRun unknown =
        CommandRun.of(
            "nearest",
            query.toString(),
            "--index",
            query.getParent().toString(),
            "--model",
            "brightnes");
    assertTrue(unknown.err().contains("brightnes"), unknown.err());
  }
}
