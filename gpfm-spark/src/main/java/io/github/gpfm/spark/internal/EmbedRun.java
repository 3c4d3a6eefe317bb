package io.github.gpfm.spark.internal;

import io.github.gpfm.api.Recipe;
import io.github.gpfm.pipeline.SlideInput;
import io.github.gpfm.pipeline.SlidePieces;
import io.github.gpfm.spark.PiecePacking;
import io.github.gpfm.spark.internal.EmbedTasks.Embedded;
import io.github.gpfm.spark.internal.EmbedTasks.Plan;
import io.github.gpfm.spark.internal.EmbedTasks.Share;
import io.github.gpfm.spark.rows.OutcomeRow;
import io.github.gpfm.spark.rows.SlideRow;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The driver's part of embedding: three stages, and what the run leaves as a whole. */
public final class EmbedRun {
  private static final Logger LOG = LoggerFactory.getLogger(EmbedRun.class);

  /** What it costs to begin with a slide, in tiles; opening takes about as long. */
  private static final int SLIDE_COST = 16;

  private final JavaSparkContext spark;
  private final EmbedTasks tasks;
  private final List<SlideRow> slides;
  private final OutcomeRow[] outcomes;
  private final int slots;

  /** Embeds slides as told. */
  public EmbedRun(JavaSparkContext spark, EmbedSpec spec, List<SlideRow> slides) {
    this.spark = spark;
    this.tasks = new EmbedTasks(spec);
    this.slides = slides;
    this.outcomes = new OutcomeRow[slides.size()];
    this.slots = slots(spark, spec.run().options().slots());
  }

  /** Tasks that run at the same time. */
  static int slots(JavaSparkContext spark, int stated) {
    if (stated > 0) {
      return stated;
    }
    int each = Integer.parseInt(spark.getConf().get("spark.task.cpus", "1"));
    return Math.max(1, spark.defaultParallelism() / each);
  }

  /**
   * Runs.
   *
   * @return one row a slide, in order
   */
  public List<OutcomeRow> run() {
    Instant started = Instant.now();
    RunSpec run = tasks.spec().run();
    List<SlideInput> named = slides.stream().map(run::named).toList();
    SlidePieces.Run.check(named, run.output());
    EmbedTasks executor = tasks;
    EmbedTasks.Description description =
        spark.parallelize(List.of(0), 1).map(none -> executor.describe()).first();
    Recipe recipe = Recipe.of(description.recipe());
    try (SlidePieces.Run folder =
        SlidePieces.Run.begin(run.output(), recipe, run.options().overwrite())) {
      List<Plan> plans = plan();
      List<Share> cut = embed(plans, description.batch());
      join(cut);
      List<OutcomeRow> rows = Arrays.asList(outcomes);
      folder.complete(
          Outcomes.summary(started, recipe, rows),
          run.options().pictures(),
          plans.stream().map(Plan::id).toList());
      return rows;
    }
  }

  private List<Plan> plan() {
    List<IndexedSlide> order = IndexedSlide.largestFirst(slides);
    int count = Math.min(order.size(), slots * 32);
    List<List<IndexedSlide>> dealt = new ArrayList<>();
    IntStream.range(0, count).forEach(i -> dealt.add(new ArrayList<>()));
    IntStream.range(0, order.size()).forEach(i -> dealt.get(i % count).add(order.get(i)));
    EmbedTasks executor = tasks;
    List<Plan> plans = new ArrayList<>();
    for (Plan plan :
        spark
            .parallelize(dealt, Math.max(1, count))
            .flatMap(list -> executor.plan(list.iterator()))
            .collect()) {
      if (plan.outcome() == null) {
        plans.add(plan);
      } else {
        outcomes[plan.slide()] = plan.outcome();
      }
    }
    return plans;
  }

  /** Embeds all shares; returns those of slides that were cut and whose shares are all there. */
  private List<Share> embed(List<Plan> plans, int batch) {
    int[] tiles = plans.stream().mapToInt(Plan::tiles).toArray();
    List<List<Share>> packed =
        PiecePacking.pack(tiles, batch, slots, SLIDE_COST).stream()
            .map(
                task ->
                    task.stream()
                        .map(
                            one -> {
                              Plan plan = plans.get(one.slide());
                              return new Share(
                                  slides.get(plan.slide()), plan, one.first(), one.count());
                            })
                        .toList())
            .toList();
    LOG.info(
        "{} tiles of {} slides in {} tasks",
        IntStream.of(tiles).asLongStream().sum(),
        tiles.length,
        packed.size());
    EmbedTasks executor = tasks;
    Map<Integer, List<Embedded>> done = new LinkedHashMap<>();
    if (!packed.isEmpty()) {
      spark
          .parallelize(packed, packed.size())
          .mapPartitions(executor::embed)
          .collect()
          .forEach(one -> done.computeIfAbsent(one.slide(), slide -> new ArrayList<>()).add(one));
    }
    Map<Integer, List<Share>> shares = new LinkedHashMap<>();
    packed.forEach(
        task ->
            task.forEach(
                one ->
                    shares
                        .computeIfAbsent(one.plan().slide(), slide -> new ArrayList<>())
                        .add(one)));
    List<Share> cut = new ArrayList<>();
    for (Plan plan : plans) {
      List<Share> mine = shares.getOrDefault(plan.slide(), List.of());
      List<Embedded> rows = done.getOrDefault(plan.slide(), List.of());
      Optional<OutcomeRow> failed = EmbedTasks.failure(rows);
      outcomes[plan.slide()] = finished(failed.orElse(rows.get(0).outcome()), plan, rows);
      if (failed.isEmpty() && mine.size() > 1) {
        mine.sort(Comparator.comparingInt(Share::first));
        cut.addAll(mine);
      }
    }
    return cut;
  }

  /** The slide's row: what its shares took, and what was known of it from its plan. */
  private static OutcomeRow finished(OutcomeRow row, Plan plan, List<Embedded> shares) {
    row.setSeconds(shares.stream().mapToDouble(one -> one.outcome().getSeconds()).sum());
    row.setPieces(shares.size());
    addPlan(row, plan);
    return row;
  }

  /** Adds to the row of a slide that was embedded what its plan knows. */
  private static void addPlan(OutcomeRow row, Plan plan) {
    if (!row.getStatus().equals(OutcomeRow.FAILED)) {
      row.setStatus("done");
      row.setTiles(plan.tiles());
      row.setDamagedTiles(plan.damagedTiles());
      row.setRemark(both(plan.remark(), row.getRemark()));
    }
  }

  private static String both(String first, String second) {
    return first.isEmpty() || second.isEmpty() ? first + second : first + "; " + second;
  }

  private void join(List<Share> cut) {
    Map<Integer, List<Share>> bySlide = new LinkedHashMap<>();
    cut.forEach(
        one -> bySlide.computeIfAbsent(one.plan().slide(), slide -> new ArrayList<>()).add(one));
    if (bySlide.isEmpty()) {
      return;
    }
    List<List<Share>> work = List.copyOf(bySlide.values());
    EmbedTasks executor = tasks;
    List<OutcomeRow> joined = spark.parallelize(work, work.size()).map(executor::join).collect();
    for (int i = 0; i < work.size(); i++) {
      Plan plan = work.get(i).get(0).plan();
      OutcomeRow before = outcomes[plan.slide()];
      OutcomeRow row = joined.get(i);
      row.setPieces(work.get(i).size());
      row.setSeconds(before.getSeconds() + row.getSeconds());
      addPlan(row, plan);
      outcomes[plan.slide()] = row;
    }
  }
}
