package dev.throng.backend.extractive;

import dev.throng.backend.Embedder;
import dev.throng.backend.Generator;
import dev.throng.backend.Prompt;
import dev.throng.core.Answer.FinishReason;
import dev.throng.core.AnswerLimits;
import dev.throng.core.Deadline;
import dev.throng.core.Embedding;
import dev.throng.core.GeneratorIdentity;
import dev.throng.core.Passage;
import dev.throng.core.Sentences;
import dev.throng.core.TextRange;
import dev.throng.core.TokenCount;
import dev.throng.core.Tokens;
import dev.throng.core.Words;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Answers by quoting the sentences that answer the question, each with its citation. It first
 * selects the few sentences with most of the question's words, where rare words count more, and
 * then those of them that are nearest in meaning.
 */
public final class ExtractiveGenerator implements Generator {
  public static final String NAME = "extractive";

  /** Must be changed when the same prompt would yield other sentences. */
  private static final String VERSION = "4";

  /** Number of sentences whose meaning is compared. An embedding takes about 4 ms on one core. */
  private static final int CANDIDATES = 8;

  private static final int MAX_SENTENCES = 3;

  /** A further sentence must have at least this share of the best one's score. */
  private static final double KEEP_SHARE = 0.85;

  /** Weight of the meaning relative to the words. */
  private static final double MEANING_WEIGHT = 0.6;

  private static final int MIN_WORDS = 3;
  private static final int MAX_HEADING_CHARS = 90;
  private static final String STATEMENT_ENDS = ".!:;。！";
  private static final String TABLE_EDGE = "|";
  private static final String LIST_MARK = "- ";
  private static final Pattern CELL_EDGE = Pattern.compile("\\|");
  private static final int MAX_CHARS = 600;

  /**
   * A sentence that can be quoted.
   *
   * @param context the headings above it, which give its topic
   * @param words of both
   */
  private record Sentence(
      int passage, int position, String text, String context, Set<String> words) {}

  private record Scored(Sentence sentence, double score) {}

  private final @Nullable Embedder embedder;
  private final Words words;
  private final int slots;
  private final GeneratorIdentity identity;

  /**
   * Creates a generator.
   *
   * @param slots maximum number of simultaneous answers
   */
  public ExtractiveGenerator(Embedder embedder, Words words, int slots) {
    this.embedder = embedder;
    this.words = words;
    this.slots = slots;
    this.identity = new GeneratorIdentity(NAME, NAME, VERSION, "embedder=" + embedder.id());
  }

  /**
   * Creates a generator that selects by words only. The quality is lower, but it needs no
   * embedding.
   */
  public ExtractiveGenerator(Words words, int slots) {
    this.embedder = null;
    this.words = words;
    this.slots = slots;
    this.identity = new GeneratorIdentity(NAME, NAME, VERSION, "words");
  }

  @Override
  public GeneratorIdentity identity() {
    return identity;
  }

  @Override
  public int slots() {
    return slots;
  }

  @Override
  public int maxPromptTokens(int maxTokens) {
    return Integer.MAX_VALUE;
  }

  @Override
  public int maxTokens() {
    return Integer.MAX_VALUE;
  }

  @Override
  public Completion generate(Prompt prompt, AnswerLimits limits, Deadline deadline, TextSink sink) {
    Set<String> question = new HashSet<>(words.of(prompt.language(), prompt.question()));
    List<Sentence> sentences = sentences(prompt);
    List<Scored> lexical = rankLexically(question, sentences);
    List<Scored> best =
        embedder == null
            ? best(lexical.stream().filter(scored -> scored.score() > 0).toList())
            : rankSemantically(embedder, prompt.question(), lexical, deadline);
    return render(best, limits, sink);
  }

  /**
   * Writes one sentence per paragraph, as many as the limits allow. It writes at least one unless a
   * stop string prevents it.
   */
  private static Completion render(List<Scored> best, AnswerLimits limits, TextSink sink) {
    StringBuilder said = new StringBuilder();
    FinishReason end = FinishReason.STOP;
    int tokens = 0;
    for (Scored scored : best) {
      Sentence sentence = scored.sentence();
      tokens += Tokens.estimate(sentence.text());
      if (!said.isEmpty() && tokens > limits.maxTokens()) {
        end = FinishReason.LENGTH;
        break;
      }
      said.append(said.isEmpty() ? "" : "\n\n");
      said.append(sentence.text()).append(" [").append(sentence.passage() + 1).append(']');
    }
    int stop = limits.stop().firstIn(said.toString());
    if (stop >= 0) {
      said.setLength(stop);
      end = FinishReason.STOP;
    }
    if (!said.isEmpty()) {
      sink.append(said.toString());
    }
    return new Completion(end, TokenCount.NONE);
  }

  @Override
  public void close() {}

  private List<Sentence> sentences(Prompt prompt) {
    List<Sentence> sentences = new ArrayList<>();
    for (int i = 0; i < prompt.passages().size(); i++) {
      Passage passage = prompt.passages().get(i);
      String context = passage.headings(); // headings give a sentence its topic
      String inherited = passage.tableHeader();
      List<String> tableHeader = inherited.isEmpty() ? List.of() : cells(inherited);
      for (String line : passage.text().lines().toList()) {
        boolean isRow = line.startsWith(TABLE_EDGE);
        if (isRow && tableHeader.isEmpty()) {
          tableHeader = cells(line);
          continue;
        }
        if (!isRow) {
          tableHeader = List.of();
        }
        if (isHeading(line)) {
          context = line;
          continue;
        }
        List<String> texts = isRow ? List.of(renderRow(tableHeader, cells(line))) : split(line);
        add(sentences, i, texts, context, prompt.language());
      }
    }
    return sentences;
  }

  private void add(
      List<Sentence> sentences, int passage, List<String> texts, String context, String language) {
    List<String> above = words.of(language, context);
    for (String text : texts) {
      Set<String> own = new HashSet<>(words.of(language, text));
      if (own.size() >= MIN_WORDS && !text.endsWith(":") && !text.endsWith("?")) {
        own.addAll(above);
        sentences.add(new Sentence(passage, sentences.size(), text, context, own));
      }
    }
  }

  private static List<String> cells(String row) {
    return Arrays.stream(CELL_EDGE.split(row.strip().substring(1))).map(String::strip).toList();
  }

  /** Renders a row as it would be read aloud: each cell after the name of its column. */
  private static String renderRow(List<String> header, List<String> cells) {
    StringBuilder said = new StringBuilder();
    for (int i = 0; i < cells.size(); i++) {
      if (!cells.get(i).isEmpty()) {
        said.append(said.isEmpty() ? "" : "; ");
        boolean isNamed = i < header.size() && !header.get(i).isEmpty();
        said.append(isNamed ? header.get(i) + ": " : "").append(cells.get(i));
      }
    }
    return said.toString();
  }

  /**
   * Returns whether a line is a heading: a short line that does not end like a statement and is
   * neither a list item nor a table row. It names a topic or asks a question that the next lines
   * answer.
   */
  private static boolean isHeading(String line) {
    String text = line.strip();
    boolean isMarked = text.startsWith(LIST_MARK) || text.startsWith(TABLE_EDGE);
    return !isMarked
        && text.length() <= MAX_HEADING_CHARS
        && !text.isEmpty()
        && STATEMENT_ENDS.indexOf(text.charAt(text.length() - 1)) < 0;
  }

  private static List<String> split(String marked) {
    String line = marked.startsWith(LIST_MARK) ? marked.substring(LIST_MARK.length()) : marked;
    List<String> sentences = new ArrayList<>();
    for (TextRange range : Sentences.in(line)) {
      String sentence = range.of(line).strip();
      if (!sentence.isEmpty()) {
        sentences.add(
            sentence.length() > MAX_CHARS ? sentence.substring(0, MAX_CHARS) + "…" : sentence);
      }
    }
    return sentences;
  }

  /**
   * Ranks the sentences by the question's words they contain. A word that fewer sentences contain
   * has more weight.
   */
  private static List<Scored> rankLexically(Set<String> question, List<Sentence> sentences) {
    Map<String, Integer> frequency = new HashMap<>();
    for (Sentence sentence : sentences) {
      for (String word : sentence.words()) {
        if (question.contains(word)) {
          frequency.merge(word, 1, Integer::sum);
        }
      }
    }
    double all = 0;
    for (int count : frequency.values()) {
      all += weight(count, sentences.size());
    }
    List<Scored> scored = new ArrayList<>();
    for (Sentence sentence : sentences) {
      double score = 0;
      for (String word : sentence.words()) {
        if (question.contains(word)) {
          score += weight(frequency.getOrDefault(word, 1), sentences.size());
        }
      }
      scored.add(new Scored(sentence, all == 0 ? 0 : score / all));
    }
    scored.sort(
        Comparator.comparingDouble((Scored s) -> -s.score())
            .thenComparingInt(s -> s.sentence().position()));
    return distinct(scored, CANDIDATES);
  }

  private static double weight(int frequency, int sentences) {
    return Math.log(1.0 + (double) sentences / frequency);
  }

  private static List<Scored> rankSemantically(
      Embedder embedder, String question, List<Scored> candidates, Deadline deadline) {
    if (candidates.isEmpty()) {
      return candidates;
    }
    CompletableFuture<Embedding> asked = embedder.embedQuery(question, deadline);
    List<CompletableFuture<Embedding>> said =
        candidates.stream()
            .map(candidate -> embedder.embedPassage(inContext(candidate.sentence()), deadline))
            .toList();
    List<Scored> scored = new ArrayList<>();
    Embedding query = Embedder.await(asked, deadline);
    for (int i = 0; i < candidates.size(); i++) {
      double meaning = query.cosine(Embedder.await(said.get(i), deadline));
      Scored candidate = candidates.get(i);
      scored.add(
          new Scored(
              candidate.sentence(),
              MEANING_WEIGHT * meaning + (1 - MEANING_WEIGHT) * candidate.score()));
    }
    scored.sort(Comparator.comparingDouble((Scored s) -> -s.score()));
    return best(scored);
  }

  /** Returns the first sentences whose scores are close to the best one. */
  private static List<Scored> best(List<Scored> scored) {
    if (scored.isEmpty()) {
      return scored;
    }
    double floor = scored.getFirst().score() * KEEP_SHARE;
    return scored.stream().filter(s -> s.score() >= floor).limit(MAX_SENTENCES).toList();
  }

  private static String inContext(Sentence sentence) {
    return sentence.context().isEmpty()
        ? sentence.text()
        : sentence.context() + "\n" + sentence.text();
  }

  /** Removes repeated sentences, which overlapping chunks and copies of a document produce. */
  private static List<Scored> distinct(List<Scored> sorted, int limit) {
    Set<String> seen = new HashSet<>();
    return sorted.stream()
        .filter(scored -> seen.add(scored.sentence().text().toLowerCase(Locale.ROOT)))
        .limit(limit)
        .toList();
  }
}
