package dev.throng.answer;

import dev.throng.admission.Admission;
import dev.throng.admission.Admissions;
import dev.throng.answer.AnswerStream.Event;
import dev.throng.answer.AnswerStream.Event.Done;
import dev.throng.backend.extractive.ExtractiveGenerator;
import dev.throng.cache.AnswerCache;
import dev.throng.core.AnswerLimits;
import dev.throng.core.CollectionRef;
import dev.throng.core.Deadline;
import dev.throng.core.Hash;
import dev.throng.core.Ids;
import dev.throng.core.Outcome;
import dev.throng.core.Priority;
import dev.throng.core.Ticker;
import dev.throng.fixtures.Await;
import dev.throng.fixtures.ManualTicker;
import dev.throng.fixtures.ScriptedGenerator;
import dev.throng.fixtures.TestCorpus;
import dev.throng.flight.LocalFlights;
import dev.throng.observe.AnswerMetrics;
import dev.throng.parser.client.MemoryDocument;
import dev.throng.retrieval.DocumentFilter;
import dev.throng.store.lucene.LuceneWords;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;

/** An answer service with everything it needs; all parts are real except the generator. */
final class AnswerBench implements AutoCloseable {
  static final int SLOTS = 3;
  private static final int TOP_K = 1;
  private static final int MAX_TOKENS = 100;

  private final TestCorpus corpus;
  private final ScriptedGenerator generator = new ScriptedGenerator();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final Admissions admissions;
  private final AnswerService answers;
  private final AnswerCache cache;

  AnswerBench(Path folder) {
    this(folder, 0);
  }

  /**
   * @param waitingRoom generations that may wait
   */
  AnswerBench(Path folder, int waitingRoom) {
    this(folder, "admission.max_waiting", String.valueOf(waitingRoom));
  }

  /** One retrieval runs at a time, and none may wait. */
  static AnswerBench withOneRetrieval(Path folder) {
    return new AnswerBench(
        folder, "admission.retrieval_slots", "1", "admission.retrieval_max_waiting", "0");
  }

  private AnswerBench(Path folder, String... settings) {
    corpus =
        new TestCorpus(
            folder,
            Stream.concat(Stream.of("retrieval.min_relevance", "0.35"), Arrays.stream(settings))
                .toArray(String[]::new));
    admissions = Admissions.of(corpus.config().admission(), () -> SLOTS, 2, registry);
    Ids ids = new Ids(() -> ThreadLocalRandom.current().nextLong());
    cache = new AnswerCache(corpus.config().cache(), Ticker.system());
    answers =
        new AnswerService(
            new AnswerParts(
                corpus.catalog(),
                corpus.retriever(),
                generator,
                admissions,
                cache,
                new LocalFlights(Ticker.system(), cache::isPurged),
                corpus.config().retrieval(),
                new Fallback(
                    corpus.config().admission().ladder(),
                    new ExtractiveGenerator(new LuceneWords(), 2)),
                new LuceneWords(),
                ids,
                InstantSource.system(),
                new AnswerMetrics(registry, corpus.config().observe())));
  }

  /** Returns the uris of an answer's sources, in their order. */
  static List<String> uris(Done done) {
    return done.answer().sources().stream().map(source -> source.passage().uri()).toList();
  }

  TestCorpus corpus() {
    return corpus;
  }

  ScriptedGenerator generator() {
    return generator;
  }

  AnswerService answers() {
    return answers;
  }

  CacheAdministration administration() {
    return new CacheAdministration(
        corpus.catalog(),
        corpus.retriever(),
        generator,
        new PassageSearch(corpus.retriever(), admissions.retrievals(), new LuceneWords()),
        cache,
        answers,
        corpus.config().retrieval());
  }

  Admission admission() {
    return admissions.generations();
  }

  Question question(String text) {
    return question(TestCorpus.REF, text, TOP_K, ManualTicker.far());
  }

  Question question(String text, int topK) {
    return question(TestCorpus.REF, text, topK, ManualTicker.far());
  }

  Question question(String text, Deadline deadline) {
    return question(TestCorpus.REF, text, TOP_K, deadline);
  }

  Question questionOf(String tenant, String text) {
    return question(
        new CollectionRef(tenant, TestCorpus.REF.name()), text, TOP_K, ManualTicker.far());
  }

  private static Question question(CollectionRef ref, String text, int topK, Deadline deadline) {
    return new Question(
        "r1",
        ref,
        text,
        topK,
        DocumentFilter.ALL,
        AnswerLimits.tokens(MAX_TOKENS),
        Priority.INTERACTIVE,
        deadline);
  }

  Done ask(Question question) {
    try (AnswerStream stream = answers.answer(question)) {
      return awaitDone(stream);
    }
  }

  /** Waits for the end, and ignores all other events. */
  static Done awaitDone(AnswerStream stream) {
    while (true) {
      if (stream.next(stream.question().deadline().remaining()) instanceof Done done) {
        return done;
      }
    }
  }

  void publishFor(String tenant, String uri, String text) {
    CollectionRef ref = new CollectionRef(tenant, TestCorpus.REF.name());
    corpus.indexer().openCollection(ref);
    Hash hash =
        corpus
            .indexer()
            .contentHash(TestCorpus.REF, Hash.of(text.getBytes(StandardCharsets.UTF_8)), "");
    corpus.indexer().ingest(ref, uri, MemoryDocument.of("", text), uri, hash);
    corpus.indexer().publish(ref);
  }

  /** Questions that were answered with this rung of the ladder. */
  double degraded(String rung, String reason) {
    Counter counter =
        registry.find("throng.degraded").tag("rung", rung).tag("reason", reason).counter();
    return counter == null ? 0 : counter.count();
  }

  /** Holds all slots until the latch opens. */
  List<AnswerStream> occupySlots(CountDownLatch gate) {
    generator.waitsFor(gate);
    List<AnswerStream> busy = new ArrayList<>();
    for (int i = 0; i < SLOTS; i++) {
      busy.add(answers.answer(question("Who holds slot number " + i + "?")));
    }
    Await.until("all slots are taken", () -> admission().running() == SLOTS);
    return busy;
  }

  /** Requests that ended with this outcome. */
  long outcomes(Outcome outcome) {
    return registry
        .get("throng.question.duration")
        .tag("outcome", outcome.name().toLowerCase(Locale.ROOT))
        .timer()
        .count();
  }

  /**
   * Reads event by event to the end and returns the joined texts.
   *
   * @param answerIds collects the ids that the events name; many threads may share it
   */
  static String readStream(AnswerStream stream, Set<String> answerIds) {
    StringBuilder text = new StringBuilder();
    while (true) {
      switch (stream.next(Duration.ofSeconds(30))) {
        case Event.Queued _ -> {}
        case Event.Sources sources -> answerIds.add(sources.answerId());
        case Event.Text piece -> text.append(piece.piece().text());
        case Event.Idle _ -> throw new AssertionError("no event for 30 s");
        case Done done -> {
          if (!done.answer().answer().text().contentEquals(text)) {
            throw new AssertionError("the joined pieces differ from the answer: " + text);
          }
          answerIds.add(done.answer().answer().answerId());
          return text.toString();
        }
      }
    }
  }

  @Override
  public void close() {
    corpus.close();
  }
}
