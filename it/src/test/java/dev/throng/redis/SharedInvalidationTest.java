package dev.throng.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.throng.admission.Admissions;
import dev.throng.answer.AnswerParts;
import dev.throng.answer.AnswerService;
import dev.throng.answer.AnswerStream;
import dev.throng.answer.AnswerStream.Event.Done;
import dev.throng.answer.Fallback;
import dev.throng.answer.Question;
import dev.throng.cache.AnswerCache;
import dev.throng.catalog.InvalidationTarget;
import dev.throng.config.ThrongConfig;
import dev.throng.core.AnswerLimits;
import dev.throng.core.Deadline;
import dev.throng.core.Ids;
import dev.throng.core.Priority;
import dev.throng.core.Ticker;
import dev.throng.fixtures.Await;
import dev.throng.fixtures.ScriptedGenerator;
import dev.throng.fixtures.TestCorpus;
import dev.throng.it.Component;
import dev.throng.it.Replicas;
import dev.throng.it.Started;
import dev.throng.observe.AnswerMetrics;
import dev.throng.retrieval.DocumentFilter;
import dev.throng.store.lucene.LuceneWords;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Two replicas with one Redis, which keeps entries, texts and flights that are no longer valid. */
@Timeout(180)
@SuppressWarnings("NullAway.Init") // a replica is made in start()
final class SharedInvalidationTest {
  private static final String LEAVE = "How many days of leave are there?";

  @RegisterExtension private static final Started<Component> server = Started.by(Component::redis);

  private final TestCorpus corpus;
  private final Replica here = new Replica("r1");
  private final Replica there = new Replica("r2");

  SharedInvalidationTest(@TempDir Path folder) {
    corpus = new TestCorpus(folder, "retrieval.min_relevance", "-1.0");
    corpus.writeAndPublish("leave.md", "There are thirty days of leave a year.");
    here.start();
    there.start();
  }

  @AfterEach
  void close() {
    here.redis.close();
    there.redis.close();
    corpus.close();
  }

  /** The parts of one replica; the catalogue and the index are shared. */
  private final class Replica {
    private final String name;
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final ScriptedGenerator generator = new ScriptedGenerator();
    private Redis redis;
    private AnswerService answers;

    Replica(String name) {
      this.name = name;
    }

    void start() {
      ThrongConfig config = corpus.config();
      redis = Replicas.connect(server.get(), "invalidation", name, meters);
      answers =
          new AnswerService(
              new AnswerParts(
                  corpus.catalog(),
                  corpus.retriever(),
                  generator,
                  Admissions.of(config.admission(), () -> 1, 2, meters),
                  new AnswerCache(config.cache(), Ticker.system(), redis.tier()),
                  redis.flights(),
                  corpus.config().retrieval(),
                  new Fallback(config.admission().ladder(), generator),
                  new LuceneWords(),
                  new Ids(() -> ThreadLocalRandom.current().nextLong()),
                  InstantSource.system(),
                  new AnswerMetrics(meters, config.observe())));
      Replicas.await(redis);
    }

    Done ask() {
      Question question =
          new Question(
              "r1",
              TestCorpus.REF,
              LEAVE,
              1,
              DocumentFilter.ALL,
              AnswerLimits.tokens(100),
              Priority.INTERACTIVE,
              Deadline.after(Ticker.system(), Duration.ofSeconds(20)));
      try (AnswerStream stream = answers.answer(question)) {
        while (true) {
          if (stream.next(Duration.ofSeconds(20)) instanceof Done done) {
            return done;
          }
        }
      }
    }

    void awaitWrites(double count) {
      Await.until(
          count + " writes",
          () ->
              meters.find("throng.cache.writes").tag("result", "ok").counters().stream()
                      .mapToDouble(counter -> counter.count())
                      .sum()
                  >= count);
    }
  }

  private static String id(Done done) {
    return done.answer().answer().answerId();
  }

  @Test
  void noEntryTextOrFlightReturnsAfterAnInvalidation() {
    Done before = here.ask();
    here.awaitWrites(2);
    assertEquals(id(before), id(there.ask()), "the answer is shared");
    assertEquals(0, there.generator.generations());

    corpus.catalog().invalidation().of(new InvalidationTarget.Collection(TestCorpus.REF));
    Done after = there.ask();
    assertFalse(after.isCached());
    assertNotEquals(id(before), id(after));
    assertEquals(1, there.generator.generations());
    there.awaitWrites(2);
    Done other = here.ask();
    assertEquals(id(after), id(other), "the new answer is shared");
    assertTrue(other.isCached());
    assertEquals(1, here.generator.generations());
  }
}
