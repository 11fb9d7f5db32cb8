package dev.throng.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.throng.catalog.Job;
import dev.throng.catalog.JobQuery;
import dev.throng.catalog.JobState;
import dev.throng.core.CollectionRef;
import dev.throng.core.ThrongException;
import dev.throng.http.Route.Access;
import dev.throng.jobs.IngestQueue;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/** /jobs: documents being ingested, and the results. */
public final class JobsRoute {
  private static final int DEFAULT_PAGE = 100;
  private static final int MAX_PAGE = 1_000;
  private static final int MAX_WATCHERS = 1_000;
  private static final Duration POLL_INTERVAL = Duration.ofMillis(250);
  private static final Duration HEARTBEAT = Duration.ofSeconds(10);

  private final IngestQueue queue;
  private final TenantResolver tenants;
  private final InstantSource clock;
  private final Readiness readiness;
  private final Semaphore watchers = new Semaphore(MAX_WATCHERS);

  public JobsRoute(
      IngestQueue queue, TenantResolver tenants, Readiness readiness, InstantSource clock) {
    this.queue = queue;
    this.tenants = tenants;
    this.readiness = readiness;
    this.clock = clock;
  }

  public List<Route> routes() {
    return List.of(
        Route.get("/jobs", Access.CLIENT, this::list),
        Route.get("/jobs/{id}", Access.CLIENT, this::get),
        Route.get("/jobs/{id}/events", Access.CLIENT, this::events),
        Route.post("/jobs/{id}/cancel", Access.CLIENT, this::cancel),
        Route.post("/jobs/{id}/retry", Access.CLIENT, this::retry));
  }

  /** GET /jobs: lists the newest first, one page at a time. */
  private void list(Exchange exchange) {
    QueryParameters query = new QueryParameters(exchange);
    Set<JobState> states = states(query.text("state", ""));
    String collection = query.text("collection", "");
    String document = query.text("document_id", "");
    long before = query.number("before", Long.MAX_VALUE, 0, Long.MAX_VALUE);
    int limit = query.integer("limit", DEFAULT_PAGE, 1, MAX_PAGE);
    query.finish();
    if (!collection.isEmpty() && !CollectionRef.isName(collection)) {
      throw ThrongException.invalidField("collection", collection, CollectionRef.NAME_RULE);
    }
    String tenant = tenants.resolve(exchange);
    List<Job> page = queue.jobs(tenant, new JobQuery(collection, states, document, before, limit));
    ObjectNode answer = Json.object();
    ArrayNode jobs = answer.putArray("jobs");
    page.forEach(job -> jobs.add(JobJson.of(job, clock.instant())));
    if (page.size() == limit) {
      answer.put("next", page.getLast().number());
    }
    exchange.sendJson(answer);
  }

  private static Set<JobState> states(String names) {
    Set<JobState> states = EnumSet.noneOf(JobState.class);
    for (String name : names.isEmpty() ? new String[0] : names.split(",", -1)) {
      if (name.equals("open")) {
        states.addAll(JobState.OPEN);
      } else {
        states.add(
            JobState.of(name)
                .orElseThrow(() ->
                    ThrongException.invalidField("state", "\"" + name + "\"", knownStates())));
      }
    }
    return states;
  }

  private static String knownStates() {
    return Arrays.stream(JobState.values())
        .map(JobState::code)
        .collect(Collectors.joining(", ", "open, ", ", with commas between"));
  }

  /** GET /jobs/{id}. */
  private void get(Exchange exchange) {
    exchange.sendJson(JobJson.of(job(exchange), clock.instant()));
  }

  /** POST /jobs/{id}/cancel. */
  private void cancel(Exchange exchange) {
    String tenant = tenants.resolve(exchange);
    Job job = queue.cancel(tenant, DocumentsRoute.parameter(exchange, "id"));
    exchange.sendJson(JobJson.of(job, clock.instant()));
  }

  /** POST /jobs/{id}/retry. */
  private void retry(Exchange exchange) {
    String tenant = tenants.resolve(exchange);
    Job job = queue.retry(tenant, DocumentsRoute.parameter(exchange, "id"));
    exchange.sendJson(JobJson.of(job, clock.instant()));
  }

  /**
   * GET /jobs/{id}/events: sends an event {@code progress} for every change, and {@code end} as the
   * last one.
   */
  private void events(Exchange exchange) {
    Job job = job(exchange);
    if (!watchers.tryAcquire()) {
      throw ThrongException.overloaded(
          "%d event streams of jobs are open, which is the limit".formatted(MAX_WATCHERS),
          Duration.ofSeconds(5));
    }
    try {
      watch(exchange, job);
    } finally {
      watchers.release();
    }
  }

  private void watch(Exchange exchange, Job first) {
    BooleanSupplier isGone = exchange.watchClient();
    try (EventStream events = new EventStream(exchange)) {
      Job job = first;
      String sentState = "";
      int number = 0;
      while (!job.state().isFinished() && !isGone.getAsBoolean()) {
        String currentState = stateOf(job);
        if (!currentState.equals(sentState)) {
          sentState = currentState;
          events.event("progress", Integer.toString(++number), json(job));
          events.flush();
        }
        events.heartbeatEvery(HEARTBEAT);
        TimeUnit.MILLISECONDS.sleep(POLL_INTERVAL.toMillis());
        if (readiness.state() == Readiness.State.STOPPING) {
          return; // another replica continues the job and reports its progress
        }
        job = queue.job(job.collection().tenant(), job.id());
      }
      events.event("end", Integer.toString(number + 1), json(job));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (UncheckedIOException e) {
      return; // the client has disconnected
    }
  }

  private static String stateOf(Job job) {
    return job.progress() + job.code() + job.detail();
  }

  private String json(Job job) {
    return JobJson.of(job, clock.instant()).toString();
  }

  private Job job(Exchange exchange) {
    return queue.job(tenants.resolve(exchange), DocumentsRoute.parameter(exchange, "id"));
  }
}
