package dev.throng.observe;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/**
 * Every metric there is; docs/reference/metrics.md is generated from here. Names follow Prometheus'
 * conventions.
 */
public enum Metric {
  REQUESTS(
      "throng.requests",
      "timer",
      "Requests to /query by how they ended (label `outcome`), from their first byte to their end."),
  HTTP_REQUESTS(
      "throng.http.requests",
      "counter",
      "HTTP requests by `path` (the route, never the raw path) and `status`."),
  STAGES(
      "throng.stage",
      "timer",
      "Time in one stage of an answer (label `stage`: embed, lexical, dense, fuse, queue, generate)."),
  IN_FLIGHT("throng.http.in.flight", "gauge", "HTTP requests being served now."),
  CONNECTIONS_OPEN("throng.http.connections", "gauge", "Connections of clients that are open."),
  CONNECTIONS_CLOSED(
      "throng.http.connections.closed",
      "counter",
      "Connections that ended early by `reason`: head_late, body_late, response_unread, idle, made_room (all were taken), or"
          + " client_gone."),
  FLIGHTS("throng.flights", "gauge", "Questions being worked on now, each once however many ask."),
  CACHE_LOOKUPS(
      "throng.cache.lookups",
      "counter",
      "Look-ups in the answer cache by `tier` (process, redis) and `result` (hit, miss; redis also failed, skipped: it is out"
          + " of use, unreadable: damaged or of another release)."),
  CACHE_WRITES(
      "throng.cache.writes",
      "counter",
      "Writes to a shared `tier` by `result` (ok, failed, skipped: it is out of use, or too many were under way)."),
  REDIS_UNANSWERED(
      "throng.redis.unanswered",
      "counter",
      "Commands to Redis that this replica continued without, by `reason` (late: no answer within `redis.timeout`, failed,"
          + " skipped: Redis is out of use)."),
  CACHED_QUESTIONS("throng.cache.questions", "gauge", "Questions held in the in-process tier."),
  GENERATIONS_RUNNING("throng.generations.running", "gauge", "Generations that hold a permit."),
  GENERATIONS_WAITING("throng.generations.waiting", "gauge", "Generations waiting for a permit."),
  GENERATIONS_OLDEST_WAIT(
      "throng.generations.oldest.wait.seconds",
      "gauge",
      "How long the generation has waited that waits longest."),
  RETRIEVALS_RUNNING("throng.retrievals.running", "gauge", "Retrievals that hold a permit."),
  RETRIEVALS_WAITING("throng.retrievals.waiting", "gauge", "Retrievals waiting for a permit."),
  ADMISSION_REFUSED(
      "throng.admission.refused",
      "counter",
      "Requests refused a permit by `room` (generation, retrieval, extract) and `reason` (full, share: this"
          + " tenant's places are taken, too_late: the wait would have been too long, expired: it was)."),
  DEGRADED(
      "throng.degraded",
      "counter",
      "Questions that could not have a generation, each once however many ask, by the `rung` of the ladder they got"
          + " (stale, extractive, shed) and the `reason` (an error code)."),
  BACKEND_CALLS(
      "throng.backend.calls",
      "counter",
      "Calls to a backend by `backend` and `result` (ok, or an error code)."),
  BACKEND_UP(
      "throng.backend.up", "gauge", "Whether a `backend` is used: 1, or 0 while it cools down."),
  CONTINUATIONS(
      "throng.backend.continuations",
      "counter",
      "How often another backend went on with an answer that one had begun."),
  HEDGES(
      "throng.backend.hedges",
      "counter",
      "Second calls for a late first token by `result`: won, or lost to the first call."),
  CITATIONS(
      "throng.citations",
      "counter",
      "Citations in generated answers by `result`: kept, or removed because no such passage was in the prompt."),
  EMBED_QUEUE("throng.embed.queue", "gauge", "Texts of people waiting for an embedding thread."),
  STORE_CALLS_WAITING(
      "throng.store.calls.waiting",
      "gauge",
      "Searches and other calls of a store elsewhere that wait for others to end."),
  INDEXES_OPEN("throng.indexes.open", "gauge", "Indexes of Lucene whose files are open."),
  JOBS_RUNNING(
      "throng.jobs.running",
      "gauge",
      "Documents and folders that this process works on, or has written and not yet published."),
  JOBS_OPEN(
      "throng.jobs.open",
      "gauge",
      "Jobs of all tenants that wait or run, in the whole cluster, as of a few seconds ago."),
  JOBS_ENDED(
      "throng.jobs.ended",
      "counter",
      "Jobs that this process has ended, by `kind` and `result`: `done`, or the error code that they failed with."),
  WATCH_FAILURES(
      "throng.watch.failures",
      "gauge",
      "Files and folders below `serve --docs` that could not be read at the last look; in a cluster, of the replica that"
          + " follows the folder."),
  DOCUMENTS("throng.documents", "gauge", "Live documents in all collections."),
  EPOCH(
      "throng.epoch",
      "gauge",
      "Sum of the epochs of all collections: it moves with every publish.");

  private final String key;
  private final String type;
  private final String meaning;

  Metric(String key, String type, String meaning) {
    this.key = key;
    this.type = type;
    this.meaning = meaning;
  }

  /** The name as Micrometer has it, parts joined by dots. */
  public String key() {
    return key;
  }

  /**
   * The counter of that name with these labels, made when it is first asked for.
   *
   * @param labels name, value, name, value, ...
   */
  Counter counter(MeterRegistry registry, String... labels) {
    return Counter.builder(key).description(meaning).tags(labels).register(registry);
  }

  public String meaning() {
    return meaning;
  }

  /** docs/reference/metrics.md. */
  public static String referenceMarkdown() {
    StringBuilder page =
        new StringBuilder(
            """
            # Metrics
            Generated from `Metric`. All of them are on `GET /metrics` in Prometheus' text format; a timer appears as
            `_seconds_count`, `_seconds_sum`, `_seconds_max` and `_seconds_bucket`. Labels never hold text of questions,
            answers, documents or tenants.

            | name | type | meaning |
            |---|---|---|
            """);
    for (Metric metric : values()) {
      page.append(
          "| `%s` | %s | %s |\n".formatted(metric.prometheusName(), metric.type, metric.meaning));
    }
    page.append("\nBesides these: the JVM's own, `jvm_*`, `process_*` and `system_*`.\n");
    return page.toString();
  }

  private String prometheusName() {
    String name = key.replace('.', '_');
    return switch (type) {
      case "timer" -> name + "_seconds";
      case "counter" -> name + "_total";
      default -> name;
    };
  }
}
