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

/** All guarantees of a cluster, checked one after the other on the same cluster. */
public final class ClusterDrill {
  /** Attempts for a part when the machine may be too slow for it. */
  private static final int ATTEMPTS = 3;

  private static final double PUBLISH_BAR_MILLIS = 200;

  /**
   * The parameters.
   *
   * @param store weaviate or chroma
   * @param crowd clients that ask the same cold question
   * @param clients clients while a replica is killed
   * @param questions questions of these clients
   * @param publishes number of timed publishes
   * @param edits of a document; half of the total
   * @param documents the folder with the documents
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
   * The results.
   *
   * @param holds whether no text was lost, repeated, outdated or generated twice
   * @param isQuick whether all times met their bars
   * @param tooSlow why the machine was too slow for a verdict; "" if it was not
   */
  public record Outcome(boolean holds, boolean isQuick, String tooSlow) {}

  private final Plan plan;
  private final Consumer<String> report;
  private String tooSlow = "";

  /**
   * @param report receives each figure as a line
   */
  public ClusterDrill(Plan plan, Consumer<String> report) {
    this.plan = plan;
    this.report = report;
  }

  /** Runs the drill to its end. */
  public Outcome run() throws IOException, InterruptedException {
    List<String> texts = Questions.texts(ATTEMPTS * (1 + plan.questions()));
    report.accept("starting three replicas, their stores and three real Ollamas");
    try (ClusterSite site = ClusterSite.start(plan.store(), plan.documents())) {
      boolean holds = attempt(site, (attempt, _) -> oneGeneration(site, texts.get(attempt)));
      holds &=
          attempt(
              site,
              (attempt, late) -> {
                int first = ATTEMPTS + attempt * plan.questions();
                return killedReplica(site, texts.subList(first, first + plan.questions()), late);
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
    boolean isGood(int attempt, LateRedis late) throws IOException, InterruptedException;
  }

  /**
   * Repeats a part that failed while Redis responded later than replicas wait for it.
   *
   * @return false for a fault; true also if the machine was too slow in every attempt
   */
  private boolean attempt(ClusterSite site, Part part) throws IOException, InterruptedException {
    String why = "";
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      site.awaitRedisUsed();
      LateRedis late = new LateRedis(site.cluster());
      if (part.isGood(attempt, late)) {
        return true;
      }
      late.update();
      if (late.count() == 0) {
        return false;
      }
      why = "Redis responded to replicas too late %d times".formatted(late.count());
      report.accept("the machine is too slow for a verdict: " + why);
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

  private boolean killedReplica(ClusterSite site, List<String> questions, LateRedis late)
      throws IOException, InterruptedException {
    site.forgetMostInFlight();
    KilledReplica.Result result =
        KilledReplica.run(site, questions, plan.clients(), plan.killAfter(), late);
    report.accept(
        "a replica killed under %d requests: %d of %d answered through the load balancer; %d of %d streams exact, %d of them resumed, %d of those exact"
            .formatted(
                plan.clients(),
                result.answered(),
                result.requests(),
                result.whole(),
                result.streams(),
                result.cut(),
                result.exact()));
    report.accept(
        "most simultaneous generations at each backend: %s  bar <= %d"
            .formatted(result.mostInFlight(), ClusterSite.SLOTS));
    result.problems().forEach(problem -> report.accept("  " + problem));
    return result.isGood();
  }

  private RedisOutages.Result redisOutages(ClusterSite site)
      throws IOException, InterruptedException {
    RedisOutages.Result result = new RedisOutages(site.cluster()).run();
    report.accept(
        "Redis master killed: %d of %d requests failed  bar 0; answers of other replicas are available again after %.1f s"
            .formatted(result.failed(), result.asked(), result.hitsReturnSeconds()));
    report.accept(
        "Redis frozen: a question takes %.0f ms (p90 %.0f), the first one after the freeze %.0f ms  bar + 60, the next ones %.0f ms"
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
        "%d publishes, done when all three replicas have the new epoch: p50 %.0f ms, p99 %.0f ms  bar <= %.0f"
            .formatted(result.publishes(), result.p50(), result.p99(), PUBLISH_BAR_MILLIS));
    return result.p99() <= PUBLISH_BAR_MILLIS;
  }

  private Edits.Result edits(ClusterSite site) throws IOException, InterruptedException {
    Edits.Result result = new Edits(site.cluster(), Home.temporary("edits")).run(plan.edits());
    report.accept(
        "%d edits through one replica: %d answers labelled current from the others, %d of them cached; %d older than a completed edit  bar 0, %d without the document  bar 0; %d requests failed"
            .formatted(
                result.edits(),
                result.answers(),
                result.cached(),
                result.old(),
                result.lacking(),
                result.failed()));
    report.accept(
        "an edit is read, embedded, stored and done: p50 %.0f ms, p99 %.0f ms; an uncached answer: p50 %.0f ms"
            .formatted(result.doneP50Millis(), result.doneP99Millis(), result.answerP50Millis()));
    if (!result.isConclusive()) {
      report.accept("the machine is too slow for a verdict: " + result.tooSlow());
    }
    result.problems().forEach(problem -> report.accept("  " + problem));
    return result;
  }
}
