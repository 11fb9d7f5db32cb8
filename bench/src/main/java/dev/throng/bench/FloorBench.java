package dev.throng.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.throng.answer.AnswerabilityFloor;
import dev.throng.app.Corpus;
import dev.throng.bench.rig.Home;
import dev.throng.config.ConfigLoader;
import dev.throng.config.RetrievalConfig;
import dev.throng.config.ThrongConfig;
import dev.throng.core.CollectionRef;
import dev.throng.core.Deadline;
import dev.throng.core.Ticker;
import dev.throng.eval.BeirDataset;
import dev.throng.folder.FolderSync;
import dev.throng.retrieval.DocumentFilter;
import dev.throng.retrieval.Retrieved;
import dev.throng.retrieval.Retrieved.Relevance;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * The answerability floor: how many answerable questions pass it, and how many others do not.
 * THRONG_* variables are settings, so that other stores and embedders can be measured.
 */
@Command(
    name = "floor",
    description = "Share of answerable questions that pass the floor, and of others it refuses.")
final class FloorBench implements Callable<Integer> {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  @Option(
      names = "--examples",
      paramLabel = "DIR",
      description = "Examples (default: those of the checkout).")
  private Path examples = Home.examples();

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Data folder that keeps the indexes (default: a temporary one).")
  private @Nullable Path data;

  @Option(
      names = "--dataset",
      paramLabel = "DIR",
      description = "A BEIR set for more questions, already indexed in --data by `throng eval`.")
  private @Nullable Path dataset;

  @Option(
      names = "--split",
      paramLabel = "NAME",
      description = "Judgements of the BEIR set (default: train).")
  private String split = "train";

  @Option(
      names = "--tsv",
      paramLabel = "FILE",
      description = "File for the figures of every question.")
  private @Nullable Path tsv;

  private record Asked(
      String set, String split, Relevance relevance, boolean isAdmitted, String text) {}

  @Override
  public Integer call() throws IOException {
    Path folder = data != null ? data : Home.temporary("floor");
    ThrongConfig config =
        ConfigLoader.load(null, System.getenv(), Map.of("data.dir", folder.toString()));
    List<Asked> asked = new ArrayList<>();
    try (Corpus corpus = Corpus.open(config)) {
      Asker asker = new Asker(corpus, config.retrieval(), asked);
      CollectionRef handbook = new CollectionRef("default", "handbook");
      new FolderSync(corpus.indexer())
          .sync(handbook, List.of(examples.resolve("handbook")), true, progress -> {});
      Path answerable = examples.resolve("questions/answerable.jsonl");
      Path offTopic = examples.resolve("questions/off-topic.jsonl");
      asker.askAll(handbook, "answerable", answerable);
      asker.askAll(handbook, "off-topic", offTopic);
      if (dataset != null) {
        BeirDataset set = BeirDataset.read(dataset, split);
        CollectionRef ref = Corpus.evalCollection(set.name());
        set.queries().values().forEach(query -> asker.ask(ref, set.name(), split, query));
        asker.askAll(ref, "off-topic for " + set.name(), offTopic);
      }
    }
    if (tsv != null) {
      write(tsv, asked);
    }
    report(asked);
    return 0;
  }

  /** Asks questions and records how well the search results fit them. */
  private record Asker(Corpus corpus, RetrievalConfig config, List<Asked> asked) {
    void ask(CollectionRef ref, String set, String split, String question) {
      Deadline deadline = Deadline.after(Ticker.system(), TIMEOUT);
      Retrieved found =
          corpus.retriever().retrieve(ref, question, config.topK(), DocumentFilter.ALL, deadline);
      boolean isAdmitted = new AnswerabilityFloor(config).admits(question, found);
      asked.add(new Asked(set, split, found.relevance(), isAdmitted, question));
    }

    void askAll(CollectionRef ref, String set, Path questions) throws IOException {
      for (String line : Files.readAllLines(questions)) {
        JsonNode row = JSON.readTree(line);
        String kind = row.path("near").asBoolean() ? set + " (near)" : set;
        ask(ref, kind, row.path("split").asText(), row.path("question").asText());
      }
    }
  }

  private static void write(Path file, List<Asked> asked) throws IOException {
    try (PrintWriter out = new PrintWriter(Files.newBufferedWriter(file))) {
      for (Asked one : asked) {
        out.printf(
            "%s\t%s\t%.4f\t%.4f\t%s%n",
            one.set(),
            one.split(),
            one.relevance().cosine(),
            one.relevance().wordEvidence(),
            one.text());
      }
    }
  }

  private static void report(List<Asked> asked) {
    System.out.printf("%-28s %-10s %6s  %s%n", "questions", "split", "count", "admitted");
    asked.stream()
        .map(one -> List.of(one.set(), one.split()))
        .distinct()
        .forEach(group -> {
          List<Asked> own =
              asked.stream()
                  .filter(a -> a.set().equals(group.get(0)) && a.split().equals(group.get(1)))
                  .toList();
          long admitted = own.stream().filter(Asked::isAdmitted).count();
          System.out.printf(
              "%-28s %-10s %6d  %5.1f %%%n",
              group.get(0), group.get(1), own.size(), 100.0 * admitted / own.size());
        });
  }
}
