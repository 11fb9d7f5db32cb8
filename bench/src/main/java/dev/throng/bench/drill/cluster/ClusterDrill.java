package dev.throng.bench.drill.cluster;

import dev.throng.bench.rig.Home;
import dev.throng.bench.rig.Questions;
import dev.throng.config.ConfigLoader;
import dev.throng.config.ThrongConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Everything that must hold in a cluster, one after the other on the same one. */
public final class ClusterDrill {
  /** Times that a part is done for which the machine may be too slow. */
  private static final int ATTEMPTS = 3;

  private static final double PUBLISH_BAR_MILLIS = 200;

  /**
   * How hard it is.
   *
   * @param store weaviate or chroma
   * @param crowd that asks the same cold question
   * @param clients while a replica is killed
   * @param questions that these have
   * @param publishes that are timed
   * @param edits of a document, twice as many in all
   * @param documents that are asked about
   */
  public record Plan(
      String store,
      int crowd,
      int clients,
      int questions,
      Duration killAfter,
      int publishes,
      int edits,
      Path documents) {}

  /**
   * What came of it.
   *
   * @param holds whether nothing was lost, repeated, old, or made twice
   * @param isQuick whether all that is timed met its bar
   * @param tooSlow why the machine was too slow to tell whether all of it holds; "" if it was not
   */
  public record Outcome(boolean holds, boolean isQuick, String tooSlow) {}

  private final Plan plan;
  private final Consumer<String> report;
  private String tooSlow = "";

  /**
   * @param report takes each figure as a line
   */
  public ClusterDrill(Plan plan, Consumer<String> report) {
    this.plan = plan;
    this.report = report;
  }

  /** Runs it to the end. */
  public Outcome run() throws IOException, InterruptedException {
    List<String> texts = Questions.texts(ATTEMPTS * (1 + plan.questions()));
    report.accept("starting three replicas, their stores and three real Ollamas");
    try (ClusterSite site = ClusterSite.start(plan.store(), plan.documents())) {
      boolean holds = attempt(site, attempt -> oneGeneration(site, texts.get(attempt)));
      holds &=
          attempt(
              site,
              attempt -> {
                int first = ATTEMPTS + attempt * plan.questions();
                return killedReplica(site, texts.subList(first, first + plan.questions()));
              });
      boolean isQuick = publishes(site);
      RedisOutages.Result outages = redisOutages(site);
      holds &= outages.holds();
      isQuick &= outages.isQuick();
      Edits.Result edits = edits(site);
      tooSlow = tooSlow.isEmpty() ? edits.tooSlow() : tooSlow;
      return new Outcome(holds && edits.isGood(), isQuick, tooSlow);
    }
  }

  /** A part of the drill with questions of its own. */
  private interface Part {
    boolean isGood(int attempt) throws IOException, InterruptedException;
  }

  /**
   * Repeats a part that missed while Redis answered later than replicas wait for it.
   *
   * @return false for a fault; true also where every attempt was made on too slow a machine
   */
  private boolean attempt(ClusterSite site, Part part) throws IOException, InterruptedException {
    String why = "";
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      LateRedis redis = new LateRedis(site.cluster());
      if (part.isGood(attempt)) {
        return true;
      }
      long late = redis.count();
      if (late == 0) {
        return false; // also when replicas did not use Redis at all: that is no slow machine
      }
      why = "Redis answered replicas too late %d times".formatted(late);
      report.accept("the machine is too slow to tell: " + why);
    }
    tooSlow = why;
    return true;
  }

  private boolean oneGeneration(ClusterSite site, String question) throws InterruptedException {
    OneGeneration.Result result = OneGeneration.run(site, plan.crowd(), question);
    report.accept(
        "one cold question from %d clients at three replicas: %d answered, %d different answers, %d generations  bar 1"
            .formatted(
                result.asked(), result.answered(), result.different(), result.generations()));
    result.problems().forEach(problem -> report.accept("  " + problem));
    return result.isGood();
  }

  private boolean killedReplica(ClusterSite site, List<String> questions)
      throws IOException, InterruptedException {
    site.forgetMostInFlight();
    KilledReplica.Result result =
        KilledReplica.run(site, questions, plan.clients(), plan.killAfter());
    report.accept(
        "a replica killed under %d requests: %d of %d answered through the load balancer; %d of %d streams exact, %d of them taken up again, %d of those exact"
            .formatted(
                plan.clients(),
                result.answered(),
                result.requests(),
                result.whole(),
                result.streams(),
                result.cut(),
                result.exact()));
    report.accept(
        "most generations at once at each backend: %s  bar <= %d"
            .formatted(result.mostInFlight(), ClusterSite.SLOTS));
    result.problems().forEach(problem -> report.accept("  " + problem));
    return result.isGood();
  }

  private RedisOutages.Result redisOutages(ClusterSite site)
      throws IOException, InterruptedException {
    RedisOutages.Result result = new RedisOutages(site.cluster()).run();
    report.accept(
        "Redis master killed: %d of %d requests failed  bar 0; answers of other replicas are found again after %.1f s"
            .formatted(result.failed(), result.asked(), result.hitsReturnSeconds()));
    report.accept(
        "Redis frozen: a question takes %.0f ms (nine in ten %.0f), the first one after the freeze %.0f ms  bar + 60, the next ones %.0f ms"
            .formatted(
                result.normalMillis(),
                result.normalP90Millis(),
                result.frozenMillis(),
                result.laterMillis()));
    result.problems().forEach(problem -> report.accept("  " + problem));
    return result;
  }

  private boolean publishes(ClusterSite site) {
    ThrongConfig config = ConfigLoader.load(null, site.cluster().settings(), Map.of());
    PublishTimes.Result result = PublishTimes.run(config, plan.publishes());
    report.accept(
        "%d publishes, done when all three replicas know: p50 %.0f ms, p99 %.0f ms  bar <= %.0f"
            .formatted(result.publishes(), result.p50(), result.p99(), PUBLISH_BAR_MILLIS));
    return result.p99() <= PUBLISH_BAR_MILLIS;
  }

  private Edits.Result edits(ClusterSite site) throws IOException, InterruptedException {
    Edits.Result result = new Edits(site.cluster(), Home.temporary("edits")).run(plan.edits());
    report.accept(
        "%d edits through one replica: %d answers as current from the others, %d of them cached; %d older than an edit that was done  bar 0, %d without the document  bar 0; %d requests failed"
            .formatted(
                result.edits(),
                result.answers(),
                result.cached(),
                result.old(),
                result.lacking(),
                result.failed()));
    report.accept(
        "an edit is read, embedded, stored and done: p50 %.0f ms, p99 %.0f ms; an answer that no cache has: p50 %.0f ms"
            .formatted(result.doneP50Millis(), result.doneP99Millis(), result.answerP50Millis()));
    if (!result.isConclusive()) {
      report.accept("the machine is too slow to tell: " + result.tooSlow());
    }
    result.problems().forEach(problem -> report.accept("  " + problem));
    return result;
  }
}
