package dev.throng.monitoring;

import static dev.throng.monitoring.Queries.CHOSEN;
import static dev.throng.monitoring.Queries.count;
import static dev.throng.monitoring.Queries.quantile;
import static dev.throng.monitoring.Queries.rate;
import static dev.throng.monitoring.Queries.recorded;
import static dev.throng.monitoring.Queries.series;
import static dev.throng.monitoring.Queries.share;
import static dev.throng.monitoring.Queries.stage;
import static dev.throng.monitoring.Queries.sum;
import static dev.throng.monitoring.Queries.total;

import dev.throng.monitoring.Dashboard.Query;
import dev.throng.observe.Metric;
import java.util.List;

/** The dashboards of deploy/grafana, made from the list of metrics. */
final class Dashboards {
  private Dashboards() {}

  static List<Dashboard> all() {
    return List.of(overview(), server(), pool(), cache(), ingest(), quality(), cost());
  }

  private static Dashboard overview() {
    return withTimes(withRequests(new Dashboard("overview", "Throng: overview")));
  }

  private static Dashboard withRequests(Dashboard dashboard) {
    return dashboard
        .panel(
            "Requests",
            "reqps",
            Metric.HTTP_REQUESTS.meaning(),
            new Query(rate(count(Metric.HTTP_REQUESTS), "route"), "{{route}}"))
        .panel(
            "Failures by code",
            "reqps",
            Metric.ERRORS.meaning(),
            new Query("topk(10, %s)".formatted(rate(Metric.ERRORS, "code")), "{{code}}"))
        .panel(
            "Share of failed questions and searches",
            "percentunit",
            "The objective is 0.1 %.",
            recorded("throng:request_errors:ratio_rate5m", "last 5 minutes"),
            recorded("throng:request_errors:ratio_rate1h", "last hour"))
        .panel(
            "In progress",
            "short",
            "Requests, flights and their followers, and open connections.",
            sum(Metric.IN_FLIGHT, "requests"),
            sum(Metric.FLIGHTS, "flights"),
            sum(Metric.FOLLOWERS, "followers"),
            sum(Metric.CONNECTIONS_OPEN, "connections"));
  }

  private static Dashboard withTimes(Dashboard dashboard) {
    return dashboard
        .panel(
            "Time of answers",
            "s",
            "Complete answers, cached ones included. The objectives are 3 s for p95 and 5 s for p99.",
            recorded("throng:question_duration_seconds:p50_5m", "p50"),
            recorded("throng:question_duration_seconds:p95_5m", "p95"),
            recorded("throng:question_duration_seconds:p99_5m", "p99"))
        .panel(
            "Outcomes of questions",
            "reqps",
            Metric.QUESTIONS.meaning(),
            new Query(rate(count(Metric.QUESTIONS), "outcome"), "{{outcome}}"))
        .panel(
            "Time outside of generation, p95",
            "s",
            Metric.QUESTION_OWN.meaning(),
            quantile("0.95", Metric.QUESTION_OWN, "instance"))
        .panel(
            "Time per stage, p95",
            "s",
            Metric.STAGES.meaning(),
            quantile("0.95", Metric.STAGES, "stage"));
  }

  private static Dashboard server() {
    return withProcess(new Dashboard("server", "Throng: servers"))
        .panel(
            "Replicas",
            "short",
            "Ready replicas, replicas that agree with the others, and components in use.",
            sum(Metric.READY, "ready"),
            sum(Metric.AGREES, "agree"),
            new Query(
                "sum by (component) (%s)".formatted(series(Metric.COMPONENT_UP)), "{{component}}"));
  }

  private static Dashboard withProcess(Dashboard dashboard) {
    return dashboard
        .panel(
            "CPU",
            "percentunit",
            "Share of its cores that each server uses.",
            new Query(
                "sum by (instance) (rate(%s[$__rate_interval])) / sum by (instance) (%s)"
                    .formatted(series(Metric.CPU), series(Metric.CORES)),
                "{{instance}}"))
        .panel(
            "Memory",
            "bytes",
            "Resident memory of all servers, and what of it is the heap and native memory.",
            sum(Metric.RESIDENT_MEMORY, "resident"),
            new Query(
                "sum(jvm_memory_used_bytes{%s,area=\"heap\"})".formatted(CHOSEN), "heap used"),
            sum(Metric.NATIVE_MEMORY, "native"))
        .panel(
            "Heap in use after garbage collection",
            "percentunit",
            "Above 85 %, raise the heap or add replicas.",
            new Query(
                "max by (instance) (jvm_memory_usage_after_gc{%s})".formatted(CHOSEN),
                "{{instance}}"))
        .panel(
            "Garbage collection",
            "percentunit",
            "Share of the time in pauses.",
            new Query(
                "sum by (instance) (rate(jvm_gc_pause_seconds_sum{%s}[$__rate_interval]))"
                    .formatted(CHOSEN),
                "{{instance}}"))
        .panel(
            "Threads and open files",
            "short",
            "Of all servers.",
            new Query("sum(jvm_threads_live_threads{%s})".formatted(CHOSEN), "threads"),
            new Query("sum(process_files_open_files{%s})".formatted(CHOSEN), "open files"))
        .panel(
            "Disk and network",
            "Bps",
            "Bytes per second of all servers.",
            total(Metric.DISK_READ, "read"),
            total(Metric.DISK_WRITTEN, "written"),
            total(Metric.NETWORK_RECEIVED, "received"),
            total(Metric.NETWORK_SENT, "sent"));
  }

  private static Dashboard pool() {
    return withQueues(withBackends(new Dashboard("pool", "Throng: backends and queues")));
  }

  private static Dashboard withBackends(Dashboard dashboard) {
    return dashboard
        .panel(
            "Backends in use",
            "short",
            Metric.BACKEND_UP.meaning(),
            new Query("max by (backend) (%s)".formatted(series(Metric.BACKEND_UP)), "{{backend}}"))
        .panel(
            "Calls by result",
            "reqps",
            Metric.BACKEND_CALLS.meaning(),
            new Query(rate(Metric.BACKEND_CALLS, "result"), "{{result}}"))
        .panel(
            "Calls by backend",
            "reqps",
            Metric.BACKEND_CALLS.meaning(),
            new Query(rate(Metric.BACKEND_CALLS, "backend"), "{{backend}}"))
        .panel(
            "Continuations and second calls",
            "reqps",
            "Answers that another backend continued, and second calls for a late first token.",
            total(Metric.CONTINUATIONS, "continuations"),
            new Query(rate(Metric.HEDGES, "result"), "second call {{result}}"));
  }

  private static Dashboard withQueues(Dashboard dashboard) {
    return dashboard
        .panel(
            "Generations",
            "short",
            "Generations that hold a slot, and those that wait for one.",
            sum(Metric.GENERATIONS_RUNNING, "running"),
            sum(Metric.GENERATIONS_WAITING, "waiting"))
        .panel(
            "Retrievals",
            "short",
            "Retrievals that hold a slot, and those that wait for one.",
            sum(Metric.RETRIEVALS_RUNNING, "running"),
            sum(Metric.RETRIEVALS_WAITING, "waiting"))
        .panel(
            "Oldest wait",
            "s",
            "Of the generation and the retrieval that have waited longest.",
            new Query("max(%s)".formatted(series(Metric.GENERATIONS_OLDEST_WAIT)), "generation"),
            new Query("max(%s)".formatted(series(Metric.RETRIEVALS_OLDEST_WAIT)), "retrieval"))
        .panel(
            "First token and whole generation, p95",
            "s",
            Metric.STAGES.meaning(),
            stage("queue"),
            stage("first_token"),
            stage("generate"))
        .panel(
            "Refused for load",
            "reqps",
            Metric.ADMISSION_REFUSED.meaning(),
            new Query(rate(Metric.ADMISSION_REFUSED, "queue, reason"), "{{queue}} {{reason}}"))
        .panel(
            "Degraded answers",
            "reqps",
            Metric.DEGRADED.meaning(),
            new Query(rate(Metric.DEGRADED, "rung, reason"), "{{rung}} {{reason}}"));
  }

  private static Dashboard cache() {
    return new Dashboard("cache", "Throng: cache")
        .panel(
            "Share of answers without a new generation",
            "percentunit",
            "Cached answers, and answers to clients that asked while the same answer was generated.",
            recorded("throng:answers_without_generation:ratio_rate5m", "last 5 minutes"),
            recorded("throng:answers_without_generation:ratio_rate1h", "last hour"))
        .panel(
            "Look-ups by tier",
            "reqps",
            Metric.CACHE_LOOKUPS.meaning(),
            new Query(rate(Metric.CACHE_LOOKUPS, "tier, result"), "{{tier}} {{result}}"))
        .panel(
            "Hit rate by tier",
            "percentunit",
            "Share of the look-ups in each tier that found a current answer.",
            new Query(
                "sum by (tier) (rate(%s[$__rate_interval])) / %s"
                    .formatted(
                        series(Metric.CACHE_LOOKUPS, "result=\"hit\""),
                        rate(Metric.CACHE_LOOKUPS, "tier")),
                "{{tier}}"))
        .panel(
            "Questions in the cache",
            "short",
            Metric.CACHED_QUESTIONS.meaning(),
            new Query(
                "sum by (instance) (%s)".formatted(series(Metric.CACHED_QUESTIONS)),
                "{{instance}}"))
        .panel(
            "Writes to Redis",
            "reqps",
            Metric.CACHE_WRITES.meaning(),
            new Query(rate(Metric.CACHE_WRITES, "result"), "{{result}}"))
        .panel(
            "Commands without an answer from Redis",
            "reqps",
            Metric.REDIS_UNANSWERED.meaning(),
            new Query(rate(Metric.REDIS_UNANSWERED, "reason"), "{{reason}}"))
        .panel(
            "Publishes",
            "short",
            "Changes of the documents per minute. Each makes cached answers prove that they are current.",
            new Query(
                "max(rate(%s[$__rate_interval])) * 60".formatted(series(Metric.EPOCH)),
                "publishes"))
        .panel(
            "Followers", "short", Metric.FOLLOWERS.meaning(), sum(Metric.FOLLOWERS, "followers"));
  }

  private static Dashboard ingest() {
    return new Dashboard("ingest", "Throng: documents")
        .panel(
            "Jobs",
            "short",
            "Open jobs of the whole cluster, and those that run.",
            new Query("max(%s)".formatted(series(Metric.JOBS_OPEN)), "open"),
            sum(Metric.JOBS_RUNNING, "running"))
        .panel(
            "Age of the oldest open job",
            "s",
            Metric.JOBS_OLDEST_AGE.meaning(),
            new Query("max(%s)".formatted(series(Metric.JOBS_OLDEST_AGE)), "oldest"))
        .panel(
            "Ended jobs",
            "short",
            Metric.JOBS_ENDED.meaning(),
            new Query(rate(Metric.JOBS_ENDED, "kind, result"), "{{kind}} {{result}}"))
        .panel(
            "Documents",
            "short",
            Metric.DOCUMENTS.meaning(),
            new Query("max(%s)".formatted(series(Metric.DOCUMENTS)), "documents"))
        .panel(
            "Files that could not be read",
            "short",
            Metric.WATCH_FAILURES.meaning(),
            new Query("max(%s)".formatted(series(Metric.WATCH_FAILURES)), "files"))
        .panel(
            "Index",
            "short",
            "Open indexes, texts that wait for an embedding, and calls that wait for the store.",
            sum(Metric.INDEXES_OPEN, "open indexes"),
            sum(Metric.EMBED_QUEUE, "waiting for an embedding"),
            sum(Metric.STORE_CALLS_WAITING, "waiting for the store"))
        .panel(
            "Disk of the data folder",
            "bytes",
            "Free space and size.",
            new Query("min(%s)".formatted(series(Metric.DATA_FREE)), "free"),
            new Query("min(%s)".formatted(series(Metric.DATA_SIZE)), "size"));
  }

  private static Dashboard quality() {
    return new Dashboard("quality", "Throng: quality of answers")
        .panel(
            "Answered questions",
            "percentunit",
            "Share of the questions that got a full answer from the documents.",
            share("hit|revalidated|followed|generated", "answered"),
            share("unanswerable", "not in the documents"),
            share("degraded", "lesser answer"),
            share("failed|shed", "failed or refused"))
        .panel(
            "Citations",
            "short",
            Metric.CITATIONS.meaning(),
            new Query(rate(Metric.CITATIONS, "result"), "{{result}}"))
        .panel(
            "Ends of generations",
            "short",
            Metric.GENERATIONS.meaning(),
            new Query(rate(Metric.GENERATIONS, "finish_reason"), "{{finish_reason}}"))
        .panel(
            "Ratings",
            "short",
            Metric.FEEDBACK.meaning(),
            new Query(rate(Metric.FEEDBACK, "rating"), "{{rating}}"))
        .panel(
            "Scheduled evaluation of retrieval",
            "percentunit",
            "How well the questions of `eval.questions` find their documents.",
            new Query("min(%s)".formatted(series(Metric.EVAL_NDCG)), "nDCG@10"),
            new Query("min(%s)".formatted(series(Metric.EVAL_RECALL)), "recall@10"),
            new Query("min(%s)".formatted(series(Metric.EVAL_FIRST)), "best document"));
  }

  private static Dashboard cost() {
    return new Dashboard("cost", "Throng: questions, tokens and cost")
        .panel(
            "Questions and calls of the model",
            "reqps",
            "The cache and shared flights keep the second below the first.",
            new Query(
                "sum(rate(%s[$__rate_interval]))".formatted(count(Metric.QUESTIONS)), "questions"),
            total(Metric.BACKEND_CALLS, "calls"))
        .panel(
            "Tokens used",
            "short",
            Metric.TOKENS.meaning(),
            new Query(rate(Metric.TOKENS, "kind"), "{{kind}}"))
        .panel(
            "Tokens saved",
            "short",
            Metric.TOKENS_SAVED.meaning(),
            new Query(rate(Metric.TOKENS_SAVED, "kind"), "{{kind}}"))
        .panel(
            "Cost of the last day",
            "short",
            Metric.COST.meaning(),
            new Query("sum(increase(%s[1d]))".formatted(series(Metric.COST)), "used"),
            new Query("sum(increase(%s[1d]))".formatted(series(Metric.COST_SAVED)), "saved"));
  }
}
