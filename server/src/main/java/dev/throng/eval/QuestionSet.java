package dev.throng.eval;

import com.fasterxml.jackson.databind.JsonNode;
import dev.throng.core.ThrongException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Questions with the documents that answer them, to measure how well a collection is searched.
 *
 * @param questions in the order of the file
 */
public record QuestionSet(List<Judged> questions) {
  /** The largest number of questions in a file. */
  private static final int MAX_QUESTIONS = 10_000;

  /** How many documents count for each question. */
  public static final int DEPTH = 10;

  /**
   * One question.
   *
   * @param documents uris of the documents that answer it; at least one
   */
  public record Judged(String question, List<String> documents) {}

  /**
   * The averages over all questions that were searched.
   *
   * @param questions number of questions
   * @param failed number of questions whose search failed; they are not part of the averages
   * @param first share of the questions whose first document is one that answers it
   */
  public record Scores(
      int questions,
      int failed,
      double ndcgAt10,
      double recallAt10,
      double mrrAt10,
      double first) {}

  /**
   * Reads a file with one JSON object per line: {@code question} and {@code documents}, a list of
   * uris. Other fields are ignored.
   *
   * @throws IllegalArgumentException naming file and line when it is missing or malformed
   */
  public static QuestionSet read(Path file) {
    List<Judged> questions = new ArrayList<>();
    for (JsonNode line : JsonLines.read(file, "one question per line, in JSON")) {
      questions.add(judged(line, file, questions.size() + 1));
    }
    if (questions.isEmpty() || questions.size() > MAX_QUESTIONS) {
      throw new IllegalArgumentException(
          "%s: %d questions (expected: 1 to %d)".formatted(file, questions.size(), MAX_QUESTIONS));
    }
    return new QuestionSet(List.copyOf(questions));
  }

  private static Judged judged(JsonNode line, Path file, int number) {
    String question = line.path("question").asText("");
    List<String> documents = new ArrayList<>();
    line.path("documents").forEach(document -> documents.add(document.asText()));
    if (question.isBlank() || documents.isEmpty()) {
      throw new IllegalArgumentException(
          "%s: question %d: %.80s (expected: \"question\", and \"documents\" with at least one uri)"
              .formatted(file, number, line));
    }
    return new Judged(question, List.copyOf(documents));
  }

  /**
   * Searches for every question, one after the other.
   *
   * @param search returns the uris of the best documents for a question, best first, distinct
   */
  public Scores score(Function<String, List<String>> search) {
    RankingQuality quality = new RankingQuality();
    int first = 0;
    int failed = 0;
    for (Judged judged : questions) {
      List<String> ranked;
      try {
        ranked = search.apply(judged.question());
      } catch (ThrongException e) {
        failed++;
        continue;
      }
      Map<String, Integer> grades = new LinkedHashMap<>();
      judged.documents().forEach(uri -> grades.put(uri, 1));
      quality.add(ranked, grades);
      first += !ranked.isEmpty() && grades.containsKey(ranked.getFirst()) ? 1 : 0;
    }
    int scored = questions.size() - failed;
    return scored == 0
        ? new Scores(questions.size(), failed, 0, 0, 0, 0)
        : new Scores(
            questions.size(),
            failed,
            quality.ndcgAt10(),
            quality.recallAt10(),
            quality.mrrAt10(),
            (double) first / scored);
  }
}
