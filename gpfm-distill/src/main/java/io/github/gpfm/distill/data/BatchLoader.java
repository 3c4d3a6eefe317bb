package io.github.gpfm.distill.data;

import io.github.gpfm.api.GpfmException;
import io.github.gpfm.distill.config.CropsConfig;
import io.github.gpfm.distill.config.DistillConfig;
import io.github.gpfm.distill.config.RecipeConfig.IbotPatches;
import io.github.gpfm.distill.config.TrainConfig.Unreadable;
import io.github.gpfm.distill.data.Seeds.Purpose;
import io.github.gpfm.support.DaemonThreads;
import io.github.gpfm.tiling.dataset.TileDataset;
import java.awt.image.BufferedImage;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes batches ahead of their use. Each tile's crops are drawn from a stream addressed by seed,
 * step and place in the batch: the batches are the same for any number of threads, and from any
 * step on.
 */
public final class BatchLoader implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(BatchLoader.class);

  private final DistillConfig config;
  private final TileDataset tiles;
  private final TileOrder order;
  private final ExecutorService threads;
  private final Deque<List<CompletableFuture<CropBatch>>> ahead = new ArrayDeque<>();
  private final Set<Integer> unreadable = ConcurrentHashMap.newKeySet();
  private final int depth;
  private long next;

  /**
   * @param tiles at least one; owned by the caller
   * @param start first step to make
   */
  public BatchLoader(DistillConfig config, TileDataset tiles, long start) {
    this.config = config;
    this.tiles = tiles;
    this.order = new TileOrder(tiles.size(), config.train().seed());
    this.next = start;
    this.depth = 2;
    this.threads =
        Executors.newFixedThreadPool(
            config.train().loaderThreads(), new DaemonThreads("gpfm-loader"));
  }

  /**
   * The shards of the next step.
   *
   * @throws GpfmException if a tile cannot be read, unless it is to be replaced
   */
  public List<CropBatch> next() {
    while (ahead.size() < depth) {
      ahead.add(start(next++));
    }
    List<CropBatch> shards = new ArrayList<>();
    try {
      for (CompletableFuture<CropBatch> shard : ahead.remove()) {
        shards.add(shard.join());
      }
    } catch (CompletionException e) {
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
    return shards;
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }

  private BufferedImage image(int number) {
    try {
      return tiles.image(number);
    } catch (GpfmException e) {
      if (config.train().unreadable() == Unreadable.STOP || number == 0) {
        throw e;
      }
      if (unreadable.add(number)) {
        LOG.warn("The first tile stands in for one that cannot be read: {}", e.getMessage());
      }
      return tiles.image(0);
    }
  }

  private List<CompletableFuture<CropBatch>> start(long step) {
    int shards = config.train().shards();
    List<CompletableFuture<CropBatch>> started = new ArrayList<>();
    for (int s = 0; s < shards; s++) {
      started.add(startShard(step, s, config.train().batch() / shards));
    }
    return started;
  }

  private CompletableFuture<CropBatch> startShard(long step, int shard, int size) {
    long seed = config.train().seed();
    CropsConfig crops = CropSizes.at(config, step);
    MultiCrop multiCrop = new MultiCrop(crops);
    float[] globals = new float[2 * size * multiCrop.globalLength()];
    float[] locals = new float[config.crops().localCount() * size * multiCrop.localLength()];
    int[] numbers = new int[size];
    CropGeometry[] geometry = new CropGeometry[2 * size];
    List<CompletableFuture<Void>> parts = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      int place = shard * size + i;
      int at = i;
      numbers[i] = order.at(step * config.train().batch() + place);
      parts.add(
          CompletableFuture.runAsync(
              () -> {
                List<CropGeometry> found =
                    multiCrop.crop(
                        image(numbers[at]),
                        Seeds.stream(seed, Purpose.CROPS, step, place),
                        globals,
                        locals,
                        at,
                        size);
                geometry[at] = found.get(0);
                geometry[size + at] = found.get(1);
              },
              threads));
    }
    int grid = crops.globalSize() / config.student().patchSize();
    BlockMasks blockMasks = new BlockMasks(grid, grid);
    BlockMasks.Collated masks =
        config.recipe().ibotPatches() == IbotPatches.ALL
            ? blockMasks.everyPatch(2 * size)
            : blockMasks.collate(
                2 * size, config.masking(), Seeds.stream(seed, Purpose.MASKS, step, shard));
    return CompletableFuture.allOf(parts.toArray(CompletableFuture<?>[]::new))
        .thenApply(done -> new CropBatch(step, numbers, globals, List.of(geometry), locals, masks));
  }
}
