package io.github.gpfm.slideio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.gpfm.testkit.ReaderFuzz;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every mutant of real and of written files opens and can be read, or fails with a {@link
 * io.github.gpfm.api.SlideFormatException}; never another exception, an exhausted heap or a hang.
 * The number is {@code -Dgpfm.fuzz.rounds=N}, the first seed {@code -Dgpfm.fuzz.seed=N}.
 */
class FuzzTest {
  @TempDir Path folder;

  @Test
  void everyMutantOpensOrIsRefusedInOneWay() throws IOException, InterruptedException {
    FuzzCampaign campaign = new FuzzCampaign(folder);
    campaign.run(ReaderFuzz.seed(FuzzCampaign.FIRST_SEED), ReaderFuzz.rounds());
    System.out.println(campaign);
    assertEquals(List.of(), campaign.failures());
    assertTrue(
        campaign.opened() > 0 && campaign.refused() > 0, "the mutants should not all be alike");
  }
}
