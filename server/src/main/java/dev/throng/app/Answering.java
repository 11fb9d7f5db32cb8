package dev.throng.app;

import dev.throng.admission.Admissions;
import dev.throng.answer.AnswerParts;
import dev.throng.answer.AnswerPurge;
import dev.throng.answer.AnswerService;
import dev.throng.answer.CacheAdministration;
import dev.throng.answer.Fallback;
import dev.throng.answer.PassageSearch;
import dev.throng.answer.ResumableStreams;
import dev.throng.backend.Generator;
import dev.throng.cache.AnswerCache;
import dev.throng.config.ThrongConfig;
import dev.throng.core.Ids;
import dev.throng.core.Ticker;
import dev.throng.core.Words;
import dev.throng.flight.StreamRecords;
import dev.throng.http.QueryRoute;
import dev.throng.http.QuestionReader;
import dev.throng.http.Route;
import dev.throng.http.SearchRoute;
import dev.throng.http.TenantResolver;
import dev.throng.http.admin.CacheRoute;
import dev.throng.observe.AnswerMetrics;
import dev.throng.observe.Metric;
import dev.throng.observe.MetricsRegistry;
import dev.throng.store.lucene.LuceneWords;
import java.time.InstantSource;
import java.util.List;

/** The answer path with its cache, and the search for passages without an answer. */
final class Answering {
  private final ThrongConfig config;
  private final Corpus corpus;
  private final Generator generator;
  private final Admissions admissions;
  private final AnswerCache cache;
  private final Words words = new LuceneWords();
  private final AnswerService answers;
  private final StreamRecords streams;
  private final AnswerPurge purge;

  Answering(
      ThrongConfig config,
      Corpus corpus,
      Backends backends,
      Sharing sharing,
      Ids ids,
      MetricsRegistry metrics) {
    this.config = config;
    this.corpus = corpus;
    this.generator = backends.generator();
    this.admissions = backends.admissions();
    this.cache = new AnswerCache(config.cache(), Ticker.system(), sharing.answers());
    this.answers =
        new AnswerService(
            new AnswerParts(
                corpus.catalog(),
                corpus.retriever(),
                generator,
                admissions,
                cache,
                sharing.flights(cache::isPurged),
                config.retrieval(),
                new Fallback(config.admission().ladder(), Generators.quoting()),
                words,
                ids,
                InstantSource.system(),
                new AnswerMetrics(metrics.registry(), config.observe())));
    this.streams = new StreamRecords(Ticker.system(), sharing.streams());
    this.purge = new AnswerPurge(cache, answers, streams, corpus.retriever(), sharing.purge());
    corpus.catalog().onPurge(purge::clearHere);
    metrics.gauge(Metric.FLIGHTS, answers::flightCount);
    metrics.gauge(Metric.FOLLOWERS, answers::followerCount);
    metrics.gauge(Metric.CACHED_QUESTIONS, cache::questionCount);
  }

  /** Returns the removal of answers that were made from purged documents. */
  AnswerPurge purge() {
    return purge;
  }

  List<Route> routes(TenantResolver tenants) {
    QuestionReader questions = new QuestionReader(config, generator::maxTokens, tenants);
    PassageSearch passages = new PassageSearch(corpus.retriever(), admissions.retrievals(), words);
    CacheAdministration administration =
        new CacheAdministration(
            corpus.catalog(),
            corpus.retriever(),
            generator,
            passages,
            cache,
            answers,
            config.retrieval());
    return Route.all(
        new QueryRoute(answers, new ResumableStreams(answers, streams), tenants, questions)
            .routes(),
        new SearchRoute(passages, tenants, questions).routes(),
        new CacheRoute(administration, questions, tenants, InstantSource.system()).routes());
  }
}
