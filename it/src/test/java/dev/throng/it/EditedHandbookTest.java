package dev.throng.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
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
import dev.throng.backend.Prompt;
import dev.throng.bench.rig.Documents;
import dev.throng.cache.AnswerCache;
import dev.throng.config.ConfigLoader;
import dev.throng.config.ThrongConfig;
import dev.throng.core.Answer.FinishReason;
import dev.throng.core.AnswerLimits;
import dev.throng.core.CollectionRef;
import dev.throng.core.Deadline;
import dev.throng.core.GeneratorIdentity;
import dev.throng.core.Ids;
import dev.throng.core.Priority;
import dev.throng.core.Ticker;
import dev.throng.core.TokenCount;
import dev.throng.flight.LocalFlights;
import dev.throng.folder.FolderSync;
import dev.throng.folder.SyncReport;
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Measures what a change of one document costs: 200 questions over the handbook, with the real
 * index and the real embedding model, and a generator that only records its prompts.
 */
@Timeout(300)
@SuppressWarnings("NullAway.Init") // set in @BeforeEach
final class EditedHandbookTest {
  private static final int QUESTIONS = 200;
  private static final CollectionRef HANDBOOK = new CollectionRef("default", "handbook");
  private static final Path EXAMPLES = Path.of("..", "examples");
  private static final String EDITED = "travel/travel-policy.md";

  @TempDir private Path folder;
  private Path documents;
  private Corpus corpus;
  private ThrongConfig config;
  private List<String> questions;

  /** Records the prompt of every generation by its question. */
  private static final class NotingGenerator implements Generator {
    private final Map<String, String> prompts = new ConcurrentHashMap<>();

    @Override
    public GeneratorIdentity identity() {
      return new GeneratorIdentity("noting", "noting", "1", "");
    }

    @Override
    public int slots() {
      return 1;
    }

    @Override
    public int maxPromptTokens(int maxTokens) {
      return 4000;
    }

    @Override
    public int maxTokens() {
      return 100;
    }

    @Override
    public Completion generate(
        Prompt prompt, AnswerLimits limits, Deadline deadline, TextSink sink) {
      prompts.put(prompt.question(), prompt.user());
      sink.append("Noted " + prompt.user().hashCode() + " [1].");
      return new Completion(FinishReason.STOP, TokenCount.ofText(3));
    }

    @Override
    public void close() {}

    /** Returns the prompts since the last call. */
    Map<String, String> take() {
      Map<String, String> taken = new HashMap<>(prompts);
      prompts.clear();
      return taken;
    }
  }

  @BeforeEach
  void open() throws IOException {
    documents = folder.resolve("handbook");
    Documents.copy(EXAMPLES.resolve("handbook"), documents);
    questions = new ArrayList<>();
    ObjectMapper json = new ObjectMapper();
    for (String line : Files.readAllLines(EXAMPLES.resolve("questions/answerable.jsonl"))) {
      questions.add(json.readTree(line).path("question").asText());
    }
    questions = questions.subList(0, QUESTIONS);
    config =
        ConfigLoader.load(null, Map.of(), Map.of("data.dir", folder.resolve("data").toString()));
    corpus = Corpus.open(config);
    sync();
  }

  @AfterEach
  void close() {
    corpus.close();
  }

  @Test
  void editRegeneratesExactlyTheAnswersWhosePromptsChanged() throws Exception {
    NotingGenerator generator = new NotingGenerator();
    AnswerService cached = service(generator);
    askAll(cached);
    Map<String, String> before = generator.take();
    assertTrue(before.size() > QUESTIONS * 0.9, "most are answerable: " + before.size());
    askAll(cached);
    assertEquals(0, generator.take().size(), "all are cached");

    edit(EDITED);
    askAll(cached);
    Map<String, String> regenerated = generator.take();

    NotingGenerator withoutCache = new NotingGenerator();
    askAll(service(withoutCache));
    Map<String, String> changed = withoutCache.take();
    changed.entrySet().removeIf(prompt -> prompt.getValue().equals(before.get(prompt.getKey())));
    System.out.printf("edit of one paragraph: %d of %d regenerated%n", changed.size(), QUESTIONS);
    assertEquals(changed.keySet(), regenerated.keySet());
    assertTrue(!changed.isEmpty() && changed.size() <= 10, changed.size() + " changed");
  }

  @Test
  void renameRegeneratesNothingAndChangesTheSources() throws Exception {
    NotingGenerator generator = new NotingGenerator();
    AnswerService cached = service(generator);
    askAll(cached);
    String question = "How much do I get per kilometre when I use my own car?";
    assertTrue(uris(cached, question).contains(EDITED), uris(cached, question).toString());
    generator.take();

    Path renamed = documents.resolve("travel/travelling.md");
    Files.move(documents.resolve(EDITED), renamed);
    sync();
    askAll(cached);
    assertTrue(uris(cached, question).contains("travel/travelling.md"));
    assertEquals(Map.of(), generator.take());
  }

  private AnswerService service(Generator generator) {
    AnswerCache cache = new AnswerCache(config.cache(), Ticker.system());
    return new AnswerService(
        new AnswerParts(
            corpus.catalog(),
            corpus.retriever(),
            generator,
            Admissions.of(config.admission(), () -> 1, 2, new SimpleMeterRegistry()),
            cache,
            new LocalFlights(Ticker.system(), cache::isPurged),
            config.retrieval(),
            new Fallback(config.admission().ladder(), generator),
            new LuceneWords(),
            new Ids(new Random(1)),
            InstantSource.system(),
            new AnswerMetrics(new SimpleMeterRegistry(), config.observe())));
  }

  private void askAll(AnswerService service) {
    questions.forEach(question -> ask(service, question));
  }

  private List<String> uris(AnswerService service, String question) {
    return ask(service, question).answer().sources().stream()
        .map(source -> source.passage().uri())
        .toList();
  }

  private Event.Done ask(AnswerService service, String question) {
    Deadline deadline = Deadline.after(Ticker.system(), Duration.ofSeconds(30));
    try (AnswerStream answer =
        service.answer(
            new Question(
                "test",
                HANDBOOK,
                question,
                6,
                DocumentFilter.ALL,
                AnswerLimits.tokens(100),
                Priority.INTERACTIVE,
                deadline))) {
      while (true) {
        if (answer.next(deadline.remaining()) instanceof Event.Done done) {
          return done;
        }
      }
    }
  }

  private void sync() {
    SyncReport report =
        new FolderSync(corpus.indexer()).sync(HANDBOOK, List.of(documents), true, progress -> {});
    assertEquals(List.of(), report.failures());
  }

  /** Changes the words of one paragraph. */
  private void edit(String uri) throws IOException {
    Path file = documents.resolve(uri);
    String text = Files.readString(file);
    String edited =
        text.replace("If you use your own car you receive", "Who drives a private car receives");
    assertNotEquals(text, edited);
    Files.writeString(file, edited);
    sync();
  }
}
