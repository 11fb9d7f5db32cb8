package dev.throng.store.lucene;

import dev.throng.core.Words;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;

/**
 * Returns the words that describe what a text is about, stemmed as in the index. Words that only
 * ask ("how many does...") are omitted, although the index may contain them.
 */
public final class LuceneWords implements Words {
  @Override
  public List<String> of(String language, String text) {
    return words(Languages.contentAnalyzer(language), text);
  }

  /** Returns all words by which the text is found, for an engine without an equivalent analyzer. */
  public static List<String> inIndex(String language, String text) {
    return words(Languages.analyzer(language), text);
  }

  private static List<String> words(Analyzer analyzer, String text) {
    List<String> words = new ArrayList<>();
    try (TokenStream tokens = analyzer.tokenStream(ChunkFields.BODY, text)) {
      CharTermAttribute term = tokens.addAttribute(CharTermAttribute.class);
      tokens.reset();
      while (tokens.incrementToken()) {
        words.add(term.toString());
      }
      tokens.end();
    } catch (IOException e) {
      throw new UncheckedIOException(e); // reading a string does not fail
    }
    return words;
  }
}
