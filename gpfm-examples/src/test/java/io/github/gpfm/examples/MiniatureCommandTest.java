package io.github.gpfm.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code gpfm miniature} from pictures to the report, in a few steps. */
class MiniatureCommandTest {
  private static final String CONFIG =
      """
      preset: tiny
      experts:
        nuclei: {kind: program, model: nuclei, path: "", class-weight: 1.0, patch-weight: 0.25, normalize: false}
        shape: {kind: program, model: shape-network, path: "", class-weight: 1.0, patch-weight: 0.25, normalize: false}
      optim: {epochs: 2, warmup-epochs: 1}
      train: {batch: 2, devices: cpu, epoch-length: 1, checkpoint-every: 2, keep-checkpoints: 1}
      """;

  @TempDir Path folder;

  @BeforeEach
  void drawPictures() throws IOException {
    for (String name : List.of("a", "b", "c", "d")) {
      draw(folder.resolve("data/images/" + name + ".png"), 256, name.hashCode());
    }
    for (String type : List.of("pink", "violet")) {
      for (int i = 0; i < 6; i++) {
        draw(
            folder.resolve("data/patches/set/" + type + "/" + i + ".png"),
            84,
            7 * type.hashCode() + i);
      }
    }
    Files.writeString(folder.resolve("config.yaml"), CONFIG);
  }

  private static void draw(Path file, int size, long seed) throws IOException {
    Files.createDirectories(file.getParent());
    SplittableRandom random = new SplittableRandom(seed);
    BufferedImage image = new BufferedImage(size, size, BufferedImage.TYPE_INT_RGB);
    int blue = random.nextInt(60, 200);
    for (int y = 0; y < size; y++) {
      for (int x = 0; x < size; x++) {
        image.setRGB(x, y, random.nextInt(150, 255) << 16 | random.nextInt(20, 90) << 8 | blue);
      }
    }
    ImageIO.write(image, "png", file.toFile());
  }

  private CommandRun run(String... more) {
    List<String> args =
        List.of(
            "miniature",
            "--data",
            folder.resolve("data").toString(),
            "--out",
            folder.resolve("out").toString(),
            "--config",
            folder.resolve("config.yaml").toString());
    return CommandRun.of(Stream.concat(args.stream(), List.of(more).stream()).toList());
  }

  @Test
  void comparesTheStudentsAndGoesOnWhereItStopped() throws IOException {
    CommandRun first = run("--seeds", "1", "--students", "NONE,BOTH").succeeded();
    assertTrue(first.out().contains("set: 12 tiles of 2 classes"), first.out());
    Path weights = folder.resolve("out/both-1/teacher.safetensors");
    FileTime written = Files.getLastModifiedTime(weights);

    CommandRun all = run("--seeds", "1").succeeded();
    assertEquals(written, Files.getLastModifiedTime(weights));
    List<String> rows = all.out().lines().filter(line -> line.startsWith("| ")).toList();
    assertEquals(
        List.of("student", "untrained", "self only", "experts only", "experts + self"),
        rows.stream().map(row -> row.split("\\|")[1].strip()).toList());
    assertEquals(
        String.join("\n", rows),
        Files.readAllLines(folder.resolve("out/miniature.md")).stream()
            .filter(line -> line.startsWith("| "))
            .reduce((a, b) -> a + "\n" + b)
            .orElseThrow());
    assertEquals(1000, ImageIO.read(folder.resolve("out/miniature.png").toFile()).getWidth());
  }

  @Test
  void validationTrainsOnOtherPicturesThanItAsksAbout() {
    CommandRun run = run("--seeds", "2", "--students", "SELF", "--validate").succeeded();
    assertTrue(run.out().contains("left out: 8 tiles of 2 classes"), run.out());
    assertFalse(Files.exists(folder.resolve("out/networks-0")));
  }

  @Test
  void anUnknownExpertIsNamed() throws IOException {
    Files.writeString(
        folder.resolve("config.yaml"), CONFIG.replace("shape-network", "smell-network"));
    CommandRun run = run("--seeds", "1", "--students", "BOTH");
    assertEquals(2, run.exitCode());
    assertTrue(run.err().contains("'smell-network'"), run.err());
  }

  @Test
  void aMissingFolderIsNamed() {
    CommandRun run =
        CommandRun.of(
            "miniature",
            "--data",
            folder.resolve("elsewhere").toString(),
            "--out",
            folder.resolve("out").toString());
    assertEquals(1, run.exitCode());
    assertTrue(run.err().contains("elsewhere"), run.err());
    assertFalse(run.err().contains("Exception"), run.err());
  }
}
