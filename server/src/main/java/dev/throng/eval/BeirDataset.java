package dev.throng.eval;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A retrieval data set in the layout of BEIR (Thakur et al., 2021).
 *
 * @param name the folder's name
 * @param corpus documents
 * @param queries the judged queries of the split, by id
 * @param judgements query id to document id to grade; grades above 0 are relevant
 */
public record BeirDataset(
    String name,
    List<Item> corpus,
    Map<String, String> queries,
    Map<String, Map<String, Integer>> judgements) {
  /** A document of the corpus. */
  public record Item(String id, String title, String text) {}

  private static final String LAYOUT = "a folder in BEIR layout";

  /**
   * Reads corpus.jsonl, queries.jsonl and qrels/SPLIT.tsv below {@code folder}.
   *
   * @throws IllegalArgumentException naming the file, and the line if one is malformed, when a file
   *     cannot be used
   */
  public static BeirDataset read(Path folder, String split) {
    Map<String, Map<String, Integer>> judgements =
        readJudgements(folder.resolve("qrels").resolve(split + ".tsv"));
    List<Item> corpus = new ArrayList<>();
    for (JsonNode line : JsonLines.read(folder.resolve("corpus.jsonl"), LAYOUT)) {
      corpus.add(
          new Item(
              line.path("_id").asText(),
              line.path("title").asText(""),
              line.path("text").asText("")));
    }
    Map<String, String> queries = new LinkedHashMap<>();
    for (JsonNode line : JsonLines.read(folder.resolve("queries.jsonl"), LAYOUT)) {
      String id = line.path("_id").asText();
      if (judgements.containsKey(id)) {
        queries.put(id, line.path("text").asText(""));
      }
    }
    if (queries.isEmpty()) {
      throw new IllegalArgumentException(
          "%s: no query has a judgement in qrels/%s.tsv (expected: at least one)"
              .formatted(folder.resolve("queries.jsonl"), split));
    }
    Path name = folder.toAbsolutePath().normalize().getFileName();
    return new BeirDataset(String.valueOf(name), corpus, queries, judgements);
  }

  private static Map<String, Map<String, Integer>> readJudgements(Path file) {
    Map<String, Map<String, Integer>> judgements = new LinkedHashMap<>();
    try {
      List<String> lines = Files.readAllLines(file);
      for (int i = 1; i < lines.size(); i++) { // the first line is the header
        String[] fields = lines.get(i).split("\t", -1);
        if (fields.length != 3) {
          throw new IllegalArgumentException(
              "%s:%d: %d fields (expected: query-id, corpus-id, score)"
                  .formatted(file, i + 1, fields.length));
        }
        judgements
            .computeIfAbsent(fields[0], q -> new LinkedHashMap<>())
            .put(fields[1], grade(fields[2], file, i + 1));
      }
    } catch (IOException e) {
      throw JsonLines.unreadable(file, LAYOUT, e);
    }
    return judgements;
  }

  private static int grade(String field, Path file, int line) {
    try {
      return (int) Double.parseDouble(field);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "%s:%d: score: \"%s\" (expected: a number)".formatted(file, line, field), e);
    }
  }
}
