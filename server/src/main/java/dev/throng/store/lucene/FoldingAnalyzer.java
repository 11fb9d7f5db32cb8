package dev.throng.store.lucene;

import dev.throng.core.UnicodeForms;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.io.UncheckedIOException;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.AnalyzerWrapper;

/**
 * Makes words equal that Unicode can write in several ways, and splits the scripts that have no
 * blanks between words and that the analyzers of Lucene leave whole.
 */
final class FoldingAnalyzer extends AnalyzerWrapper {
  private static final int BUFFER_CHARS = 256;

  private final Analyzer analyzer;

  FoldingAnalyzer(Analyzer analyzer) {
    super(analyzer.getReuseStrategy());
    this.analyzer = analyzer;
  }

  @Override
  protected Analyzer getWrappedAnalyzer(String field) {
    return analyzer;
  }

  /** Texts are chunks and questions, so they fit in memory. */
  @Override
  protected Reader wrapReader(String field, Reader reader) {
    StringBuilder text = new StringBuilder(BUFFER_CHARS);
    char[] buffer = new char[BUFFER_CHARS]; // most texts are sentences
    try {
      for (int read = reader.read(buffer); read >= 0; read = reader.read(buffer)) {
        text.append(buffer, 0, read);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e); // reading a string does not fail
    }
    return new StringReader(UnicodeForms.folded(text.toString()));
  }

  @Override
  protected TokenStreamComponents wrapComponents(String field, TokenStreamComponents components) {
    return new TokenStreamComponents(
        components.getSource(), new SyllableFilter(components.getTokenStream()));
  }
}
