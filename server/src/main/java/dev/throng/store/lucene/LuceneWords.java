package dev.throng.store.lucene;

import dev.throng.core.Words;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;

/** Words by the same Lucene analyzers that the index uses, so that a stem here is a stem there. */
public final class LuceneWords implements Words {
  @Override
  public List<String> of(String language, String text) {
    return of(Languages.analyzer(language), text);
  }

  static List<String> of(Analyzer analyzer, String text) {
    List<String> words = new ArrayList<>();
    try (TokenStream tokens = analyzer.tokenStream(ChunkFields.BODY, text)) {
      CharTermAttribute term = tokens.addAttribute(CharTermAttribute.class);
      tokens.reset();
      while (tokens.incrementToken()) {
        words.add(term.toString());
      }
      tokens.end();
    } catch (IOException e) {
      throw new UncheckedIOException(e); // a string cannot fail to be read
    }
    return words;
  }
}
