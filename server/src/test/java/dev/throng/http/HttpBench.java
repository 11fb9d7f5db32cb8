package dev.throng.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.throng.admission.Admissions;
import dev.throng.answer.AnswerParts;
import dev.throng.answer.AnswerPurge;
import dev.throng.answer.AnswerService;
import dev.throng.answer.CacheAdministration;
import dev.throng.answer.Fallback;
import dev.throng.answer.PassageSearch;
import dev.throng.answer.ResumableStreams;
import dev.throng.backend.Generator;
import dev.throng.backend.extractive.ExtractiveGenerator;
import dev.throng.cache.AnswerCache;
import dev.throng.cache.SharedPurge;
import dev.throng.catalog.Originals;
import dev.throng.config.ThrongConfig;
import dev.throng.core.Ids;
import dev.throng.core.SharedBuckets;
import dev.throng.core.Ticker;
import dev.throng.fixtures.Configs;
import dev.throng.fixtures.ScriptedGenerator;
import dev.throng.fixtures.TestCorpus;
import dev.throng.flight.LocalFlights;
import dev.throng.flight.StreamRecords;
import dev.throng.folder.FolderSync;
import dev.throng.http.admin.AdminGate;
import dev.throng.http.admin.BackendsRoute;
import dev.throng.http.admin.CacheRoute;
import dev.throng.http.admin.IngestRoute;
import dev.throng.http.admin.LivePage;
import dev.throng.http.admin.PurgeRoute;
import dev.throng.http.admin.ReindexRoute;
import dev.throng.http.admin.SyncRoute;
import dev.throng.janitor.Leftovers;
import dev.throng.janitor.Purge;
import dev.throng.janitor.Verification;
import dev.throng.jobs.IngestQueue;
import dev.throng.jobs.JobRunner;
import dev.throng.observe.AnswerMetrics;
import dev.throng.observe.FeedbackMetrics;
import dev.throng.observe.MetricsRegistry;
import dev.throng.observe.RequestLog;
import dev.throng.reindex.ReindexQueue;
import dev.throng.retrieval.DocumentReader;
import dev.throng.store.lucene.LuceneWords;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A listener on a free port; all parts are real except the generator and the embedder. */
final class HttpBench implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  static final String ADMIN_TOKEN = "operator-secret";
  static final String TENANT_HEADER = "X-Tenant";
  private static final Duration TIMEOUT = Duration.ofSeconds(20);

  private final TestCorpus corpus;
  private final ScriptedGenerator scripted;
  private final Readiness readiness = new Readiness(List::of);
  private final MetricsRegistry metrics = new MetricsRegistry();
  private final HttpServer server;
  private final JobRunner runner;
  private final IngestQueue queue;
  private final HttpClient client = HttpClient.newHttpClient();

  HttpBench(Path folder, String... settings) {
    this(folder, new ScriptedGenerator(), null, settings);
  }

  /** With a generator that the caller supplies and closes. */
  HttpBench(Path folder, Generator generator) {
    this(folder, new ScriptedGenerator(), generator);
  }

  private HttpBench(
      Path folder, ScriptedGenerator scripted, @Nullable Generator other, String... settings) {
    this.scripted = scripted;
    Generator generator = other == null ? scripted : other;
    corpus = new TestCorpus(folder, with(settings, "retrieval.min_relevance", "-1.0"));
    ThrongConfig config = Configs.with(with(settings, "server.port", "0"));
    Ids ids = new Ids(() -> ThreadLocalRandom.current().nextLong());
    Admissions admissions = admissions(config, generator);
    AnswerCache cache = new AnswerCache(config.cache(), Ticker.system());
    AnswerService answers = answers(config, generator, admissions, cache, ids);
    StreamRecords streams = new StreamRecords(Ticker.system(), null);
    AnswerPurge answerPurge =
        new AnswerPurge(cache, answers, streams, corpus.retriever(), SharedPurge.NONE);
    Purge purge = purge(answerPurge);
    runner = corpus.newRunner();
    queue = corpus.newQueue(runner, purge::finish);
    runner.start();
    TenantResolver tenants = new TenantResolver(config.server().trustedTenantHeader());
    QuestionReader questions = new QuestionReader(config, generator::maxTokens, tenants);
    PassageSearch passages =
        new PassageSearch(corpus.retriever(), admissions.retrievals(), new LuceneWords());
    List<Route> routes =
        Route.all(
            new QueryRoute(answers, new ResumableStreams(answers, streams), tenants, questions)
                .routes(),
            new SearchRoute(passages, tenants, questions).routes(),
            new StatusRoutes(readiness, generator::identity, corpus.catalog(), metrics, "test")
                .routes(),
            LivePage.routes(),
            new BackendsRoute(null, corpus.catalog()).routes(),
            caches(administration(generator, admissions, cache, answers), questions, tenants)
                .routes(),
            documents(tenants, ids),
            feedback(config, tenants, ids),
            new PurgeRoute(purge, verification(folder, answerPurge), tenants).routes());
    server =
        new HttpServer(
            config.server(),
            new HttpServer.Parts(
                routes,
                readiness,
                new RateGate(config.admission(), tenants, SharedBuckets.NONE),
                new AdminGate(ADMIN_TOKEN, "local"),
                metrics,
                new RequestLog(config.observe()),
                ids));
    server.start();
    readiness.set(Readiness.State.READY);
  }

  private Admissions admissions(ThrongConfig config, Generator generator) {
    Admissions admissions =
        Admissions.of(
            config.admission(),
            config.pool().recoveryWait(),
            generator::slots,
            () -> Admissions.retrievalSlots(config.admission(), 2, false, true),
            2,
            metrics.registry());
    generator.onSlotsChange(admissions.generations()::capacityChanged);
    return admissions;
  }

  private List<Route> documents(TenantResolver tenants, Ids ids) {
    InstantSource clock = InstantSource.system();
    ReindexQueue reindexes = new ReindexQueue(corpus.catalog(), corpus.indexer(), ids);
    return Route.all(
        new CollectionsRoute(corpus.catalog(), queue, tenants).routes(),
        new DocumentsRoute(queue, corpus.catalog(), tenants, clock).routes(),
        new DocumentTextRoute(
                new DocumentReader(corpus.catalog(), corpus.store()),
                tenants,
                corpus.config().answer().timeout())
            .routes(),
        new DocumentContentRoute(
                corpus.catalog(), new Originals(corpus.catalog(), corpus.blobs()), tenants)
            .routes(),
        new JobsRoute(queue, tenants, readiness, clock).routes(),
        new SyncRoute(queue, tenants, clock).routes(),
        new IngestRoute(new FolderSync(corpus.indexer()), tenants, "default").routes(),
        new ReindexRoute(reindexes, corpus.catalog(), tenants, "default", clock).routes());
  }

  private List<Route> feedback(ThrongConfig config, TenantResolver tenants, Ids ids) {
    return new FeedbackRoute(
            corpus.catalog(),
            config.feedback(),
            config.server(),
            "default",
            tenants,
            ids,
            new FeedbackMetrics(metrics.registry()))
        .routes();
  }

  private static CacheRoute caches(
      CacheAdministration administration, QuestionReader questions, TenantResolver tenants) {
    return new CacheRoute(administration, questions, tenants, InstantSource.system());
  }

  private static String[] with(String[] settings, String... more) {
    return Stream.concat(Stream.of(more), Stream.of(settings)).toArray(String[]::new);
  }

  private CacheAdministration administration(
      Generator generator, Admissions admissions, AnswerCache cache, AnswerService answers) {
    return new CacheAdministration(
        corpus.catalog(),
        corpus.retriever(),
        generator,
        new PassageSearch(corpus.retriever(), admissions.retrievals(), new LuceneWords()),
        cache,
        answers,
        corpus.config().retrieval());
  }

  private AnswerService answers(
      ThrongConfig config, Generator generator, Admissions admissions, AnswerCache cache, Ids ids) {
    return new AnswerService(
        new AnswerParts(
            corpus.catalog(),
            corpus.retriever(),
            generator,
            admissions,
            cache,
            new LocalFlights(Ticker.system(), cache::isPurged),
            corpus.config().retrieval(),
            new Fallback(
                config.admission().ladder(), new ExtractiveGenerator(new LuceneWords(), 2)),
            new LuceneWords(),
            ids,
            InstantSource.system(),
            new AnswerMetrics(metrics.registry(), config.observe())));
  }

  private Purge purge(AnswerPurge answers) {
    corpus.catalog().onPurge(answers::clearHere);
    Leftovers leftovers =
        new Leftovers(
            corpus.catalog().jobs(), corpus.blobs(), corpus.newReindexer(), InstantSource.system());
    return new Purge(corpus.catalog(), corpus.indexer(), corpus.blobs(), leftovers, answers);
  }

  private Verification verification(Path folder, AnswerPurge answers) {
    return new Verification(
        corpus.catalog(),
        corpus.indexer(),
        corpus.blobs(),
        corpus.retriever(),
        answers,
        LuceneWords::inIndex,
        List.of(folder));
  }

  TestCorpus corpus() {
    return corpus;
  }

  IngestQueue queue() {
    return queue;
  }

  ScriptedGenerator generator() {
    return scripted;
  }

  Readiness readiness() {
    return readiness;
  }

  HttpServer server() {
    return server;
  }

  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(uri().resolve(path)).timeout(TIMEOUT);
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + server.port());
  }

  HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return client.send(request.build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new AssertionError("no response", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  HttpResponse<String> post(String path, byte[] json) {
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofByteArray(json)));
  }

  HttpResponse<String> post(String path, String json) {
    return post(path, json.getBytes(StandardCharsets.UTF_8));
  }

  /** The body of a response, which must have this status. */
  static JsonNode json(int status, HttpResponse<String> response) {
    assertEquals(status, response.statusCode(), response.body());
    try {
      return JSON.readTree(response.body());
    } catch (JsonProcessingException e) {
      throw new AssertionError(response.body(), e);
    }
  }

  /** A request that only an operator may send. */
  HttpRequest.Builder asOperator(String path) {
    return request(path).header("Authorization", "Bearer " + ADMIN_TOKEN);
  }

  HttpRequest.Builder asOperator(String path, String json) {
    return asOperator(path)
        .header("Content-Type", "application/json")
        .POST(BodyPublishers.ofString(json));
  }

  HttpResponse<String> get(String path) {
    return send(request(path).GET());
  }

  HttpClient client() {
    return client;
  }

  @Override
  public void close() {
    server.close();
    runner.close();
    client.shutdownNow();
    corpus.close();
    metrics.close();
  }
}
