package dev.throng.store.lucene;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.CharArraySet;
import org.apache.lucene.analysis.WordlistLoader;
import org.apache.lucene.analysis.cjk.CJKAnalyzer;
import org.apache.lucene.analysis.da.DanishAnalyzer;
import org.apache.lucene.analysis.de.GermanAnalyzer;
import org.apache.lucene.analysis.en.EnglishAnalyzer;
import org.apache.lucene.analysis.es.SpanishAnalyzer;
import org.apache.lucene.analysis.fi.FinnishAnalyzer;
import org.apache.lucene.analysis.fr.FrenchAnalyzer;
import org.apache.lucene.analysis.it.ItalianAnalyzer;
import org.apache.lucene.analysis.nl.DutchAnalyzer;
import org.apache.lucene.analysis.no.NorwegianAnalyzer;
import org.apache.lucene.analysis.pt.PortugueseAnalyzer;
import org.apache.lucene.analysis.ru.RussianAnalyzer;
import org.apache.lucene.analysis.snowball.SnowballFilter;
import org.apache.lucene.analysis.standard.StandardAnalyzer;
import org.apache.lucene.analysis.sv.SwedishAnalyzer;

/**
 * The analyzers of the languages, which turn text into words. Analyzers are shared and safe for
 * concurrent use.
 */
final class Languages {
  private static final Map<String, Analyzer> ANALYZERS = new ConcurrentHashMap<>();

  /**
   * Lucene's own English stop words are 33 articles and prepositions, and the measured retrieval
   * figures are based on those. Finding out what a question is about needs a longer list, as other
   * languages have it, and some additional words that only ask.
   */
  private static final List<String> ASKING_WORDS =
      List.of("many", "much", "tell", "please", "may", "might", "must", "will", "shall", "us");

  private static final Analyzer ENGLISH_CONTENT =
      new FoldingAnalyzer(new EnglishAnalyzer(englishStopWords()));

  private Languages() {}

  /**
   * Returns the analyzer of a language.
   *
   * @param language one of {@code IngestConfig.LANGUAGES}
   */
  static Analyzer analyzer(String language) {
    return ANALYZERS.computeIfAbsent(language, name -> new FoldingAnalyzer(create(name)));
  }

  /** Like {@link #analyzer}, without words that do not describe what a text is about. */
  static Analyzer contentAnalyzer(String language) {
    return language.equals("en") ? ENGLISH_CONTENT : analyzer(language);
  }

  private static CharArraySet englishStopWords() {
    try (InputStream in = SnowballFilter.class.getResourceAsStream("english_stop.txt")) {
      CharArraySet words =
          new CharArraySet(WordlistLoader.getSnowballWordSet(Objects.requireNonNull(in)), true);
      words.addAll(ASKING_WORDS);
      return words;
    } catch (IOException e) {
      throw new UncheckedIOException("english_stop.txt is missing from lucene-analysis-common", e);
    }
  }

  private static Analyzer create(String language) {
    return switch (language) {
      case "en" -> new EnglishAnalyzer();
      case "de" -> new GermanAnalyzer();
      case "fr" -> new FrenchAnalyzer();
      case "es" -> new SpanishAnalyzer();
      case "it" -> new ItalianAnalyzer();
      case "pt" -> new PortugueseAnalyzer();
      case "nl" -> new DutchAnalyzer();
      case "sv" -> new SwedishAnalyzer();
      case "no" -> new NorwegianAnalyzer();
      case "da" -> new DanishAnalyzer();
      case "fi" -> new FinnishAnalyzer();
      case "ru" -> new RussianAnalyzer();
      case "cjk" -> new CJKAnalyzer();
      case "none" -> new StandardAnalyzer();
      default ->
          throw new IllegalArgumentException(
              "language: \"%s\" (expected: one of IngestConfig.LANGUAGES)".formatted(language));
    };
  }
}
