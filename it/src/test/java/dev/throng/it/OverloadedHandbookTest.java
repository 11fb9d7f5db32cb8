package dev.throng.it;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.throng.admission.Admissions;
import dev.throng.answer.AnswerParts;
import dev.throng.answer.AnswerService;
import dev.throng.answer.AnswerStream;
import dev.throng.answer.AnswerStream.Event;
import dev.throng.answer.Fallback;
import dev.throng.answer.Question;
import dev.throng.app.Corpus;
import dev.throng.backend.Generator;
import dev.throng.backend.extractive.ExtractiveGenerator;
import dev.throng.cache.AnswerCache;
import dev.throng.config.ConfigLoader;
import dev.throng.config.ThrongConfig;
import dev.throng.core.AnswerLimits;
import dev.throng.core.CollectionRef;
import dev.throng.core.Deadline;
import dev.throng.core.ErrorCode;
import dev.throng.core.Ids;
import dev.throng.core.Priority;
import dev.throng.core.ThrongException;
import dev.throng.core.Ticker;
import dev.throng.flight.LocalFlights;
import dev.throng.folder.FolderSync;
import dev.throng.observe.AnswerMetrics;
import dev.throng.retrieval.DocumentFilter;
import dev.throng.store.lucene.LuceneWords;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the handbook's questions receive when no backend ever has a slot. */
@Tag("alone")
@Timeout(300)
final class OverloadedHandbookTest {
  private static final CollectionRef HANDBOOK = new CollectionRef("default", "handbook");
  private static final Path EXAMPLES = Path.of("..", "examples");
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final double MILLI = 1e6;

  /** Milliseconds say nothing about a machine that other programs use, too. */
  private static final double SHARE_OF_RETRIEVAL = 0.5;

  /**
   * The outcomes of one set of questions.
   *
   * @param retrievalMillis median time of an ordinary retrieval, with the question's embedding
   */
  private record Tally(int quoted, int refused, double medianMillis, double retrievalMillis) {
    double quotedShare() {
      return quoted / (double) (quoted + refused);
    }
  }

  @Test
  void answerableQuestionsAreQuotedAndMostOthersRefusedWithinMilliseconds(@TempDir Path folder)
      throws IOException {
    ThrongConfig config =
        ConfigLoader.load(
            null,
            Map.of(),
            Map.of(
                "data.dir", folder.resolve("data").toString(),
                "admission.max_waiting", "0",
                "embedder.query_cache_entries", "0"));
    try (Corpus corpus = Corpus.open(config)) {
      new FolderSync(corpus.indexer())
          .sync(HANDBOOK, List.of(EXAMPLES.resolve("handbook")), true, progress -> {});
      AnswerService service = service(corpus, config);
      ask(corpus, service, "answerable.jsonl"); // until the code is compiled
      Tally answerable = ask(corpus, service, "answerable.jsonl");
      Tally offTopic = ask(corpus, service, "off-topic.jsonl");
      System.out.printf("by words alone: answerable %s, off-topic %s%n", answerable, offTopic);
      assertTrue(answerable.quotedShare() >= 0.93, answerable.toString());
      assertTrue(offTopic.quotedShare() <= 0.45, offTopic.toString());
      assertTrue(
          answerable.medianMillis() <= SHARE_OF_RETRIEVAL * answerable.retrievalMillis(),
          answerable.toString());
    }
  }

  private static Tally ask(Corpus corpus, AnswerService service, String file) throws IOException {
    ObjectMapper json = new ObjectMapper();
    List<Long> nanos = new ArrayList<>();
    List<Long> retrievals = new ArrayList<>();
    int quoted = 0;
    int refused = 0;
    for (String line : Files.readAllLines(EXAMPLES.resolve("questions").resolve(file))) {
      String question = json.readTree(line).path("question").asText();
      long start = System.nanoTime();
      if (isQuoted(service, question)) {
        quoted++;
      } else {
        refused++;
      }
      nanos.add(System.nanoTime() - start);
      long reference = System.nanoTime();
      var _ =
          corpus
              .retriever()
              .retrieve(
                  HANDBOOK,
                  question,
                  6,
                  DocumentFilter.ALL,
                  Deadline.after(Ticker.system(), PATIENCE));
      retrievals.add(System.nanoTime() - reference);
    }
    return new Tally(quoted, refused, medianMillis(nanos), medianMillis(retrievals));
  }

  private static double medianMillis(List<Long> nanos) {
    nanos.sort(null);
    return nanos.get(nanos.size() / 2) / MILLI;
  }

  private static boolean isQuoted(AnswerService service, String text) {
    Deadline deadline = Deadline.after(Ticker.system(), PATIENCE);
    Question question =
        new Question(
            "test",
            HANDBOOK,
            text,
            6,
            DocumentFilter.ALL,
            AnswerLimits.tokens(100),
            Priority.INTERACTIVE,
            deadline);
    try (AnswerStream answer = service.answer(question)) {
      while (true) {
        if (answer.next(deadline.remaining()) instanceof Event.Done done) {
          return done.degradation() != null;
        }
      }
    } catch (ThrongException e) {
      assertTrue(e.code() == ErrorCode.OVERLOADED, e.toString());
      return false;
    }
  }

  private static AnswerService service(Corpus corpus, ThrongConfig config) {
    Generator quoting = new ExtractiveGenerator(new LuceneWords(), 1);
    AnswerCache cache = new AnswerCache(config.cache(), Ticker.system());
    return new AnswerService(
        new AnswerParts(
            corpus.catalog(),
            corpus.retriever(),
            quoting,
            Admissions.of(config.admission(), () -> 0, 2, new SimpleMeterRegistry()),
            cache,
            new LocalFlights(Ticker.system(), cache::isPurged),
            config.retrieval(),
            new Fallback(config.admission().ladder(), quoting),
            new LuceneWords(),
            new Ids(new Random(1)),
            InstantSource.system(),
            new AnswerMetrics(new SimpleMeterRegistry(), config.observe())));
  }
}
