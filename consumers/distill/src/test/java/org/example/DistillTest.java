package org.example;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.gpfm.distill.config.DistillConfig;
import io.github.gpfm.distill.config.DistillConfigs;
import io.github.gpfm.distill.run.Trainer;
import io.github.gpfm.distill.run.TrainingListener;
import io.github.gpfm.tiling.dataset.TileDataset;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DistillTest {
  private static final String YAML =
      """
      preset: tiny
      student: {width: 32, depth: 2, heads: 2}
      self:
        head: {prototypes: 48, hidden: 40, bottleneck: 16}
      experts: {}
      crops: {global-size: 56, local-size: 28, local-count: 2}
      optim: {epochs: 1, warmup-epochs: 0}
      teacher: {temperature-warmup-epochs: 0}
      train: {batch: 4, epoch-length: 2, seed: 7, log-every: 1}
      """;

  @Test
  void twoSteps(@TempDir Path folder) throws Exception {
    Path tiles = Files.createDirectories(folder.resolve("tiles"));
    Random random = new Random(1);
    for (int n = 0; n < 8; n++) {
      BufferedImage image = new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB);
      for (int i = 0; i < 64 * 64; i++) {
        image.setRGB(i % 64, i / 64, random.nextInt(1 << 24));
      }
      ImageIO.write(image, "png", tiles.resolve(n + ".png").toFile());
    }
    DistillConfig config = DistillConfigs.parse("example", YAML);
    try (TileDataset data = TileDataset.ofFolder(tiles);
        Trainer trainer = new Trainer(config, data, Map.of(), folder.resolve("run"))) {
      List<Path> exported = trainer.run(TrainingListener.NONE);
      assertEquals(2, trainer.done());
      assertTrue(exported.stream().allMatch(Files::exists), exported.toString());
    }
  }
}
