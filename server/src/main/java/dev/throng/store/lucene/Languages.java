package dev.throng.store.lucene;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.lucene.analysis.Analyzer;
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
import org.apache.lucene.analysis.standard.StandardAnalyzer;
import org.apache.lucene.analysis.sv.SwedishAnalyzer;

/**
 * The analyzer of each language: how its text becomes words. Analyzers are shared and safe for many
 * threads.
 */
final class Languages {
  private static final Map<String, Analyzer> ANALYZERS = new ConcurrentHashMap<>();

  private Languages() {}

  /**
   * @param language one of {@code IngestConfig.LANGUAGES}
   */
  static Analyzer analyzer(String language) {
    return ANALYZERS.computeIfAbsent(language, Languages::create);
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
