package dev.throng.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.throng.app.Corpus;
import dev.throng.catalog.CollectionState;
import dev.throng.config.ThrongConfig;
import dev.throng.core.CollectionRef;
import dev.throng.core.ErrorCode;
import dev.throng.core.Hash;
import dev.throng.core.ThrongException;
import dev.throng.eval.BeirDataset;
import dev.throng.eval.QuestionSet;
import dev.throng.eval.RetrievalEvaluation;
import dev.throng.eval.RetrievalEvaluation.Scores;
import dev.throng.parser.client.MemoryDocument;
import dev.throng.retrieval.Retriever.Mode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "eval",
    description =
        "Measures retrieval: on a data set in BEIR layout, or of a collection by questions whose"
            + " documents are known.")
final class EvalCommand implements Callable<Integer> {
  private static final int DOCUMENTS_IN_FLIGHT = 8;

  /** So many passages usually come from more than ten documents. */
  private static final int PASSAGES = 50;

  @Mixin private ServerOptions server = new ServerOptions();
  @Mixin private OutputOptions output = new OutputOptions();

  @ArgGroup(exclusive = true, multiplicity = "1")
  private Measured measured = new Measured();

  /** Exactly one of these options. */
  private static final class Measured {
    @Option(
        names = "--dataset",
        paramLabel = "DIR",
        description = "Folder with corpus.jsonl, queries.jsonl and qrels/SPLIT.tsv.")
    private @Nullable Path dataset;

    @Option(
        names = "--questions",
        paramLabel = "FILE",
        description =
            "One JSON object per line: question, and documents, a list of uris. Asks the server.")
    private @Nullable Path questions;
  }

  @Option(
      names = "--split",
      defaultValue = "test",
      description = "Judgements to use (default: ${DEFAULT-VALUE}).")
  private String split = "test";

  @Override
  public Integer call() throws Exception {
    if (measured.dataset != null) {
      measure(BeirDataset.read(measured.dataset, split));
    } else if (measured.questions != null) {
      ask(QuestionSet.read(measured.questions));
    }
    return ExitCodes.OK;
  }

  /** Indexes the data set, and searches in it. */
  private void measure(BeirDataset data) throws InterruptedException, ExecutionException {
    // Otherwise the query cache would answer the second search mode with the results of the first.
    ThrongConfig settings = server.config().load(Map.of("embedder.query_cache_entries", "0"));
    try (Corpus corpus = Corpus.open(settings)) {
      CollectionRef ref = Corpus.evalCollection(data.name());
      index(corpus, ref, data);
      int threads = Runtime.getRuntime().availableProcessors();
      print(data, new RetrievalEvaluation(corpus.retriever(), threads).run(ref, data));
    }
  }

  /** Sends the questions to a server, as its clients do. */
  private void ask(QuestionSet set) {
    try (ServerConnection connection = server.connectToAsk();
        ProgressBar progress = new ProgressBar("searching", output)) {
      AtomicInteger asked = new AtomicInteger();
      print(
          set.score(question -> {
            progress.update(asked.incrementAndGet(), set.questions().size());
            return uris(connection, question);
          }));
    }
  }

  private List<String> uris(ServerConnection connection, String question) {
    ObjectNode request = server.newRequest().put("query", question).put("top_k", PASSAGES);
    Set<String> uris = new LinkedHashSet<>();
    connection
        .post("/search", request)
        .path("results")
        .forEach(passage -> uris.add(passage.path("uri").asText()));
    return uris.stream().limit(QuestionSet.DEPTH).toList();
  }

  private void print(QuestionSet.Scores scores) {
    if (output.json()) {
      ObjectNode answer = output.newObject();
      answer.put("questions", scores.questions()).put("failed", scores.failed());
      answer.put("ndcg_at_10", scores.ndcgAt10()).put("recall_at_10", scores.recallAt10());
      answer.put("mrr_at_10", scores.mrrAt10()).put("first", scores.first());
      output.print(answer);
      return;
    }
    output.line("%d questions, %d failed".formatted(scores.questions(), scores.failed()));
    output.line("nDCG@10  Recall@10  MRR@10  first");
    output.line(
        "%7.4f  %9.4f  %6.4f  %5.3f"
            .formatted(scores.ndcgAt10(), scores.recallAt10(), scores.mrrAt10(), scores.first()));
  }

  /**
   * Brings the collection up to date with the corpus. Documents that are already indexed stay
   * unchanged.
   */
  private void index(Corpus corpus, CollectionRef ref, BeirDataset data)
      throws InterruptedException, ExecutionException {
    checkEmbedder(corpus, corpus.indexer().openCollection(ref));
    List<Future<?>> pending = new ArrayList<>();
    try (ProgressBar progress = new ProgressBar("indexing " + data.name(), output);
        ExecutorService threads = Executors.newFixedThreadPool(DOCUMENTS_IN_FLIGHT)) {
      for (BeirDataset.Item item : data.corpus()) {
        pending.add(threads.submit(() -> indexOne(corpus, ref, item)));
      }
      for (int i = 0; i < pending.size(); i++) {
        pending.get(i).get();
        progress.update(i + 1, pending.size());
      }
    }
    corpus.indexer().publish(ref);
  }

  /**
   * Checks that the collection was indexed with the configured embedder, which is the one to be
   * measured.
   */
  private static void checkEmbedder(Corpus corpus, CollectionState state) {
    String configured = corpus.embedders().configured().id();
    if (!state.spec().embedderId().equals(configured)) {
      throw new ThrongException(
          ErrorCode.INDEX_MISMATCH,
          "%s was indexed with %s, but %s is configured (expected: a separate data folder for each embedder)"
              .formatted(state.ref(), state.spec().embedderId(), configured));
    }
  }

  private static void indexOne(Corpus corpus, CollectionRef ref, BeirDataset.Item item) {
    MemoryDocument parsed = MemoryDocument.of(item.title(), item.text());
    if (parsed.text().isBlank()) {
      return; // some data sets have empty documents, which no search can find
    }
    Hash hash =
        corpus
            .indexer()
            .contentHash(ref, Hash.of(parsed.text().getBytes(StandardCharsets.UTF_8)), "");
    boolean isKnown =
        corpus
            .catalog()
            .state(ref)
            .documentAt(item.id())
            .filter(document -> document.contentHash().equals(hash))
            .isPresent();
    if (!isKnown) {
      corpus.indexer().ingest(ref, item.id(), parsed, item.id(), hash);
    }
  }

  private void print(BeirDataset data, Map<Mode, Scores> scores) {
    if (output.json()) {
      ObjectNode answer = output.newObject();
      answer.put("dataset", data.name());
      answer.put("documents", data.corpus().size());
      answer.put("queries", data.queries().size());
      ObjectNode results = answer.putObject("results");
      scores.forEach((mode, score) -> {
        ObjectNode row = results.putObject(name(mode));
        row.put("ndcg_at_10", score.ndcgAt10());
        row.put("recall_at_100", score.recallAt100());
        row.put("mrr_at_10", score.mrrAt10());
        row.put("queries_per_second", score.queriesPerSecond());
        row.put("p50_millis", score.p50Millis());
        row.put("p99_millis", score.p99Millis());
      });
      output.print(answer);
      return;
    }
    output.line(
        "%s: %d documents, %d queries"
            .formatted(data.name(), data.corpus().size(), data.queries().size()));
    output.line("          nDCG@10  Recall@100  MRR@10  queries/s  p50 ms  p99 ms");
    scores.forEach((mode, score) ->
        output.line(
            "%-8s  %7.4f  %10.4f  %6.4f  %9.1f  %6.2f  %6.2f"
                .formatted(
                    name(mode),
                    score.ndcgAt10(),
                    score.recallAt100(),
                    score.mrrAt10(),
                    score.queriesPerSecond(),
                    score.p50Millis(),
                    score.p99Millis())));
  }

  private static String name(Mode mode) {
    return mode.name().toLowerCase(Locale.ROOT);
  }
}
