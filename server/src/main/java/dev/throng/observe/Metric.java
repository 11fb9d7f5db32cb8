package dev.throng.observe;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;

/**
 * All metrics. docs/reference/metrics.md is generated from this class. Names follow Prometheus'
 * conventions.
 */
public enum Metric {
  BUILD("throng.build.info", "gauge", "Always 1; `version` is that of this server."),
  READY("throng.ready", "gauge", "Whether load balancers should send requests here: 1 or 0."),
  AGREES(
      "throng.replica.agrees",
      "gauge",
      "Whether this replica's configuration and model are those of the others: 1 or 0."),
  COMPONENT_UP(
      "throng.component.up",
      "gauge",
      "Whether a `component` is in use: 1 or 0. There is `catalog`, the store by its kind, and `redis` if it is configured."),
  HTTP_REQUESTS(
      "throng.http.request.duration",
      "histogram",
      "HTTP requests by `method`, `route` (never the raw path) and class of the `status` (2xx), to the last byte of the"
          + " response. An event stream that ends with an error counts with the status of that error."),
  ERRORS(
      "throng.errors",
      "counter",
      "Failures that clients were told of by `code`, in a response or as the last event of a stream."),
  QUESTIONS(
      "throng.question.duration",
      "histogram",
      "Requests to /query by `outcome`, from their first byte to their end."),
  QUESTION_OWN(
      "throng.question.own",
      "histogram",
      "Time of each answered question that this server needed itself: all but the wait for a backend and the generation."
          + " Only of outcomes for which it had to search: generated, revalidated, unanswerable."),
  STAGES(
      "throng.stage.duration",
      "histogram",
      "Time in one stage of an answer, by `stage` (embed, lexical, dense, fuse, queue, first_token, generate)."),
  IN_FLIGHT("throng.http.in.flight", "gauge", "HTTP requests being served now."),
  CONNECTIONS_OPEN("throng.http.connections", "gauge", "Open client connections."),
  CONNECTIONS_CLOSED(
      "throng.http.connections.closed",
      "counter",
      "Connections that ended early by `reason`: head_late, body_late, response_unread, idle, made_room (all were in use), or"
          + " client_gone."),
  FLIGHTS(
      "throng.flights",
      "gauge",
      "Questions in progress. Equal questions of several clients count once."),
  FOLLOWERS(
      "throng.flight.followers",
      "gauge",
      "Clients that wait for the answer to another client's equal question."),
  CACHE_LOOKUPS(
      "throng.cache.lookups",
      "counter",
      "Look-ups in the answer cache by `tier` (process, redis) and `result` (hit, miss; redis also failed, skipped: it was out"
          + " of use, unreadable: damaged or of another release)."),
  CACHE_WRITES(
      "throng.cache.writes",
      "counter",
      "Writes to a shared `tier` by `result` (ok, failed, skipped: it was out of use, or too many were under way)."),
  REDIS_UNANSWERED(
      "throng.redis.unanswered",
      "counter",
      "Commands to Redis that this replica continued without, by `reason` (late: no answer within `redis.timeout`, failed,"
          + " skipped: Redis was out of use)."),
  CACHED_QUESTIONS("throng.cache.questions", "gauge", "Questions held in the in-process tier."),
  GENERATIONS_RUNNING("throng.generations.running", "gauge", "Generations that hold a permit."),
  GENERATIONS_WAITING("throng.generations.waiting", "gauge", "Generations waiting for a permit."),
  GENERATIONS_OLDEST_WAIT(
      "throng.generations.oldest.wait.seconds",
      "gauge",
      "Wait of the generation that has waited longest."),
  RETRIEVALS_RUNNING("throng.retrievals.running", "gauge", "Retrievals that hold a permit."),
  RETRIEVALS_WAITING("throng.retrievals.waiting", "gauge", "Retrievals waiting for a permit."),
  RETRIEVALS_OLDEST_WAIT(
      "throng.retrievals.oldest.wait.seconds",
      "gauge",
      "Wait of the retrieval that has waited longest."),
  ADMISSION_REFUSED(
      "throng.admission.refused",
      "counter",
      "Requests refused a permit by `queue` (generation, retrieval, extract) and `reason` (full, share: this"
          + " tenant's places are taken, too_late: the wait would have been too long, expired: the wait was too long, outage: there was no slot at all)."),
  DEGRADED(
      "throng.degraded",
      "counter",
      "Questions for which no generation was possible, counted once per flight, by the `rung` of the ladder they got"
          + " (stale, extractive, shed) and the `reason` (an error code)."),
  BACKEND_CALLS(
      "throng.backend.calls",
      "counter",
      "Calls to a backend by `backend` and `result` (ok, or an error code)."),
  BACKEND_UP(
      "throng.backend.up", "gauge", "Whether a `backend` is in use: 1, or 0 while it cools down."),
  GENERATIONS("throng.generations", "counter", "Generations of this replica by `finish_reason`."),
  TOKENS(
      "throng.model.tokens",
      "counter",
      "Tokens of calls to backends by `kind` (prompt, generated), as the backends counted them. Calls that were cut off are"
          + " not counted."),
  TOKENS_SAVED(
      "throng.model.tokens.saved",
      "counter",
      "Tokens of answers that were given without another generation, from the cache or to followers, by `kind`."),
  COST(
      "throng.model.cost",
      "counter",
      "Cost of `throng_model_tokens_total` at `observe.prompt_price` and `observe.generated_price`."),
  COST_SAVED(
      "throng.model.cost.saved",
      "counter",
      "Cost of `throng_model_tokens_saved_total` at the same prices."),
  CONTINUATIONS(
      "throng.backend.continuations",
      "counter",
      "Number of times another backend continued an answer."),
  HEDGES(
      "throng.backend.hedges",
      "counter",
      "Second calls for a late first token by `result`: won, or lost to the first call."),
  CITATIONS(
      "throng.citations",
      "counter",
      "Citations in generated answers by `result`: kept, or removed because the prompt contained no such passage."),
  FEEDBACK("throng.feedback", "counter", "Ratings of answers by `rating`: up or down."),
  EVAL_NDCG(
      "throng.eval.ndcg",
      "gauge",
      "nDCG@10 of the latest scheduled evaluation, 0 to 1: how high the documents rank that answer its questions."),
  EVAL_RECALL(
      "throng.eval.recall",
      "gauge",
      "Recall@10 of it: the share of these documents that is among the best ten."),
  EVAL_FIRST(
      "throng.eval.first.ratio",
      "gauge",
      "Share of its questions whose best document answers them."),
  EVAL_FAILED("throng.eval.failed", "gauge", "Number of its questions whose search failed."),
  EVAL_TIME("throng.eval.timestamp.seconds", "gauge", "When it ended, in seconds since 1970."),
  EMBED_QUEUE("throng.embed.queue", "gauge", "Interactive texts waiting for an embedding thread."),
  STORE_CALLS_WAITING(
      "throng.store.calls.waiting",
      "gauge",
      "Searches and other calls of a remote store that wait for others to end."),
  INDEXES_OPEN("throng.indexes.open", "gauge", "Lucene indexes whose files are open."),
  JOBS_RUNNING(
      "throng.jobs.running",
      "gauge",
      "Documents and folders that this process is working on, or has written but not yet published."),
  JOBS_OPEN(
      "throng.jobs.open",
      "gauge",
      "Waiting and running jobs of all tenants in the whole cluster, as of a few seconds ago."),
  JOBS_OLDEST_AGE(
      "throng.jobs.oldest.age.seconds",
      "gauge",
      "Time since the oldest of these jobs was accepted, as of a few seconds ago."),
  JOBS_ENDED(
      "throng.jobs.ended",
      "counter",
      "Jobs that this process has ended, by `kind` and `result`: `done`, or the error code of the failure."),
  WATCH_FAILURES(
      "throng.watch.failures",
      "gauge",
      "Files and folders below `serve --docs` that could not be read in the last scan; in a cluster, of the replica that"
          + " follows the folder."),
  DOCUMENTS("throng.documents", "gauge", "Live documents in all collections."),
  EPOCH(
      "throng.epoch",
      "gauge",
      "Sum of the epochs of all collections, which increases with every publish."),
  DATA_FREE("throng.data.free.bytes", "gauge", "Free space on the disk of the data folder."),
  DATA_SIZE("throng.data.size.bytes", "gauge", "Size of the disk of the data folder."),
  CPU("process.cpu.seconds", "counter", "CPU time that this process has used."),
  CORES("throng.cpu.cores", "gauge", "Cores that this process may use."),
  RESIDENT_MEMORY(
      "process.resident.memory.bytes",
      "gauge",
      "Memory of this process, files that are mapped into it included. On Linux, as the following ones."),
  NATIVE_MEMORY(
      "throng.native.memory.bytes",
      "gauge",
      "Resident memory outside of the JVM's pools, most of it that of the embedding model."),
  DISK_READ("throng.disk.read.bytes", "counter", "Bytes that this process read from disks."),
  DISK_WRITTEN("throng.disk.written.bytes", "counter", "Bytes that this process wrote to disks."),
  NETWORK_RECEIVED(
      "throng.network.received.bytes",
      "counter",
      "Bytes received by all network interfaces of the machine or container, except loopback."),
  NETWORK_SENT(
      "throng.network.sent.bytes",
      "counter",
      "Bytes sent by all network interfaces of the machine or container, except loopback.");

  private static final Duration[] BUCKETS = {
    Duration.ofMillis(1), Duration.ofMillis(5), Duration.ofMillis(10), Duration.ofMillis(25),
    Duration.ofMillis(50), Duration.ofMillis(100), Duration.ofMillis(250), Duration.ofMillis(500),
    Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(3), Duration.ofSeconds(5),
    Duration.ofSeconds(10), Duration.ofSeconds(30), Duration.ofSeconds(60)
  };

  private final String key;
  private final String type;
  private final String meaning;

  Metric(String key, String type, String meaning) {
    this.key = key;
    this.type = type;
    this.meaning = meaning;
  }

  /** Returns the name in Micrometer's form, with parts joined by dots. */
  public String key() {
    return key;
  }

  /**
   * Returns the counter of that name with these labels, which is created on first use.
   *
   * @param labels name, value, name, value, ...
   */
  Counter counter(MeterRegistry registry, String... labels) {
    return Counter.builder(key).description(meaning).tags(labels).register(registry);
  }

  /**
   * Returns the histogram of that name with these labels, which is created on first use. Its
   * buckets include the objectives: 2, 3 and 5 seconds.
   *
   * @param labels name, value, name, value, ...
   */
  Timer histogram(MeterRegistry registry, String... labels) {
    return Timer.builder(key)
        .description(meaning)
        .tags(labels)
        .serviceLevelObjectives(BUCKETS)
        .register(registry);
  }

  public String meaning() {
    return meaning;
  }

  /** Returns docs/reference/metrics.md. */
  public static String referenceMarkdown() {
    StringBuilder page =
        new StringBuilder(
            """
            # Metrics
            Generated from `Metric`. All of them are on `GET /metrics` in Prometheus' text format; a histogram appears as
            `_seconds_bucket`, `_seconds_count`, `_seconds_sum`, and `_seconds_max`, the maximum of the last minutes. Labels never hold text of questions,
            answers, documents or tenants.

            | name | type | meaning |
            |---|---|---|
            """);
    for (Metric metric : values()) {
      page.append(
          "| `%s` | %s | %s |\n".formatted(metric.prometheusName(), metric.type, metric.meaning));
    }
    page.append(
        "\nIn addition to these, there are the JVM's metrics: `jvm_*`, `process_*` and `system_*`.\n");
    return page.toString();
  }

  /** Returns the name on the page, without {@code _bucket} and the like. */
  public String prometheusName() {
    String name = key.replace('.', '_');
    return switch (type) {
      case "histogram" -> name + "_seconds";
      case "counter" -> name + "_total";
      default -> name;
    };
  }
}
