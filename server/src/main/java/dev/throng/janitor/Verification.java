package dev.throng.janitor;

import dev.throng.answer.AnswerPurge;
import dev.throng.catalog.BlobStore;
import dev.throng.catalog.Catalog;
import dev.throng.catalog.CollectionState;
import dev.throng.catalog.Replica;
import dev.throng.core.CollectionRef;
import dev.throng.core.Deadline;
import dev.throng.core.Passage;
import dev.throng.core.ThrongException;
import dev.throng.core.Ticker;
import dev.throng.index.Indexer;
import dev.throng.janitor.SoughtTokens.Scan;
import dev.throng.reindex.OtherIndexes;
import dev.throng.retrieval.DocumentFilter;
import dev.throng.retrieval.Retriever;
import dev.throng.store.ChunkIndex;
import dev.throng.store.ChunkIndex.TextListener;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;

/**
 * Searches for texts wherever words of documents are stored: by search, in memory, in the shared
 * store, in the index, in tables, and in the bytes of every file of the data folder. It leaves no
 * traces of the texts behind.
 */
public final class Verification {
  private static final int RESULTS = 20;
  private static final Duration CLOCK_SKEW = Duration.ofHours(1);
  private static final Duration SEARCH_TIMEOUT = Duration.ofSeconds(30);

  /**
   * Minimum length of an analyzed word. A shorter word, which an analyzer makes of a part of a
   * token, may come from any document.
   */
  private static final int MIN_WORD_CHARS = 8;

  /**
   * The results of all checks.
   *
   * @param otherReplicas replicas whose memory this one cannot check
   */
  public record Report(List<PlaceCheck> checks, List<String> otherReplicas) {
    public boolean isClean() {
      return checks.stream().allMatch(check -> check.found().isEmpty());
    }

    public boolean isComplete() {
      return checks.stream().allMatch(check -> check.failure().isEmpty());
    }
  }

  private final Catalog catalog;
  private final Indexer indexer;
  private final OtherIndexes otherIndexes;
  private final BlobStore originals;
  private final Retriever retriever;
  private final AnswerPurge answers;
  private final BiFunction<String, String, List<String>> wordsInIndex;
  private final List<Path> folders;

  /**
   * Creates a verification.
   *
   * @param wordsInIndex returns the words by which a text is found, for a language and the text
   * @param folders where this process stores files
   */
  public Verification(
      Catalog catalog,
      Indexer indexer,
      BlobStore originals,
      Retriever retriever,
      AnswerPurge answers,
      BiFunction<String, String, List<String>> wordsInIndex,
      List<Path> folders) {
    this.catalog = catalog;
    this.indexer = indexer;
    this.otherIndexes = new OtherIndexes(catalog, indexer);
    this.originals = originals;
    this.retriever = retriever;
    this.answers = answers;
    this.wordsInIndex = wordsInIndex;
    this.folders = folders;
  }

  /** Checks all places. Takes as long as reading the index and the data folder once. */
  public Report run(SoughtTokens sought) {
    List<PlaceCheck> checks = new ArrayList<>();
    try {
      checks.add(search(sought));
    } finally {
      retriever.forgetQuestions(); // the tokens were used as questions
    }
    checks.add(
        check("answers", "entries", sought, scan -> answers.forEachTextOfAnswers(scan::text)));
    checks.add(
        check("flights", "flights", sought, scan -> answers.forEachTextOfFlights(scan::text)));
    checks.add(
        check("streams", "streams", sought, scan -> answers.forEachTextOfStreams(scan::text)));
    checks.add(shared(sought));
    checks.addAll(index(sought));
    checks.add(
        check("catalogue", "rows", sought, scan -> catalog.purges().forEachText(scan::bytes)));
    checks.add(originals());
    checks.addAll(FileScan.of(folders, sought));
    return new Report(List.copyOf(checks), otherReplicas());
  }

  private static PlaceCheck check(
      String place, String unit, SoughtTokens sought, ToLongFunction<Scan> look) {
    Scan scan = sought.scan();
    List<String> failures = new ArrayList<>();
    long lookedAt = attempt(place, failures, () -> look.applyAsLong(scan));
    return new PlaceCheck(place, lookedAt, unit, scan.found(), String.join("; ", failures));
  }

  /** Runs a check. If it fails, the failure is reported and the other checks continue. */
  private static long attempt(String what, List<String> failures, LongSupplier look) {
    try {
      return look.getAsLong();
    } catch (ThrongException e) {
      failures.add(what + ": " + e.getMessage());
      return 0;
    }
  }

  private PlaceCheck search(SoughtTokens sought) {
    Scan scan = sought.scan();
    List<String> failures = new ArrayList<>();
    long searches = 0;
    for (CollectionState state : catalog.states()) {
      searches += attempt(state.ref().toString(), failures, () -> search(state, sought, scan));
    }
    return new PlaceCheck(
        "search", searches, "searches", scan.found(), String.join("; ", failures));
  }

  private long search(CollectionState state, SoughtTokens sought, Scan scan) {
    for (String token : sought.texts()) {
      Deadline deadline = Deadline.after(Ticker.system(), SEARCH_TIMEOUT);
      for (Passage passage :
          retriever.search(state.ref(), token, RESULTS, DocumentFilter.ALL, deadline).passages()) {
        scan.text(passage.uri());
        scan.text(passage.title());
        scan.text(passage.headings());
        scan.text(passage.text());
      }
    }
    return sought.texts().size();
  }

  private PlaceCheck shared(SoughtTokens sought) {
    Scan scan = sought.scan();
    OptionalLong keys = answers.forEachTextOfShared(scan::bytes);
    return new PlaceCheck(
        "redis", keys.orElse(0), "keys", scan.found(), keys.isEmpty() ? "does not answer" : "");
  }

  /**
   * Checks originals. A compressed original does not show its text in its bytes, so this reports
   * originals that no document and no job refers to.
   */
  private PlaceCheck originals() {
    List<String> failures = new ArrayList<>();
    long looked =
        attempt(
            "originals",
            failures,
            () -> {
              Set<String> kept = originals.keysBefore(Instant.now().plus(CLOCK_SKEW));
              Set<String> strays = catalog.jobs().originals().unneeded(kept);
              if (!strays.isEmpty()) {
                failures.add(
                    "%d without a document: being uploaded, or from a failed request; the sweep deletes them later"
                        .formatted(strays.size()));
              }
              return kept.size();
            });
    return new PlaceCheck("originals", looked, "originals", List.of(), String.join("; ", failures));
  }

  /**
   * Checks stored texts and words separately, because a word may remain after its chunk was
   * deleted.
   */
  private List<PlaceCheck> index(SoughtTokens sought) {
    IndexFindings findings = new IndexFindings(sought);
    List<String> failures = new ArrayList<>();
    long chunks = 0;
    for (CollectionState state : catalog.states()) {
      findings.analyzed = analyzed(state.spec().language(), sought);
      chunks +=
          attempt(
              state.ref().toString(),
              failures,
              () ->
                  indexesOf(state.ref()).stream()
                      .mapToLong(index -> index.forEachText(findings))
                      .sum());
    }
    String failure = String.join("; ", failures);
    return List.of(
        new PlaceCheck("stored texts", chunks, "chunks", findings.texts.found(), failure),
        new PlaceCheck("words", findings.wordCount, "words", findings.words.found(), failure));
  }

  private List<ChunkIndex> indexesOf(CollectionRef ref) {
    List<ChunkIndex> all = new ArrayList<>(otherIndexes.all(ref));
    all.add(indexer.indexOf(ref));
    return all;
  }

  /** What an index reports. */
  private static final class IndexFindings implements TextListener {
    private final Scan texts;
    private final Scan words;
    private Map<String, Set<Integer>> analyzed = Map.of();
    private long wordCount;

    IndexFindings(SoughtTokens sought) {
      this.texts = sought.scan();
      this.words = sought.scan();
    }

    @Override
    public void text(String text) {
      texts.text(text);
    }

    @Override
    public void word(String word) {
      wordCount++;
      words.text(word);
      analyzed.getOrDefault(word, Set.of()).forEach(words::note);
    }
  }

  /** Returns, for each word, the tokens that an analyzer derives it from. */
  private Map<String, Set<Integer>> analyzed(String language, SoughtTokens sought) {
    Map<String, Set<Integer>> analyzed = new HashMap<>();
    for (int i = 0; i < sought.texts().size(); i++) {
      for (String word : wordsInIndex.apply(language, sought.texts().get(i))) {
        if (word.length() >= MIN_WORD_CHARS) {
          analyzed.computeIfAbsent(word, w -> new HashSet<>()).add(i);
        }
      }
    }
    return analyzed;
  }

  /** Returns the other replicas by their address if known. */
  private List<String> otherReplicas() {
    return catalog.replicas().stream()
        .filter(replica -> !replica.id().equals(catalog.replica()))
        .filter(replica -> !replica.traits().isEmpty())
        .map(Verification::name)
        .toList();
  }

  private static String name(Replica replica) {
    return replica.traits().getOrDefault("url", replica.id());
  }
}
