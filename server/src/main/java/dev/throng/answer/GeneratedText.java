package dev.throng.answer;

import dev.throng.answer.FlightState.Event;
import dev.throng.core.Answer;
import dev.throng.core.GeneratorIdentity;
import dev.throng.core.Passage;
import dev.throng.core.TextPiece;
import dev.throng.core.Words;
import dev.throng.flight.FlightEnd;
import dev.throng.flight.SharedFlight;
import java.util.List;

/**
 * Checks the citations of raw text and passes the text to a flight's listeners. Used by one thread
 * at a time.
 */
final class GeneratedText implements SharedFlight.Listener {
  private final Flight flight;
  private final List<Passage> passages;
  private final Words words;
  private final String language;
  private final boolean isQuoted;
  private final CitationFilter citations;
  private final StringBuilder delivered = new StringBuilder();
  private final long startNanos = System.nanoTime();
  private long firstTokenNanos;
  private int rawChars;

  /**
   * Creates the text of a flight.
   *
   * @param isQuoted whether the text is quoted, see {@link
   *     dev.throng.backend.Generator#isQuoting()}
   * @param passages those of the prompt, by their numbers; citations of others are removed
   */
  GeneratedText(
      Flight flight, boolean isQuoted, List<Passage> passages, Words words, String language) {
    this.flight = flight;
    this.passages = passages;
    this.words = words;
    this.language = language;
    this.isQuoted = isQuoted;
    this.citations = new CitationFilter(passages.size(), isQuoted);
  }

  @Override
  public void named(String answerId) {
    flight.on(new Event.GenerationNamed(answerId));
  }

  @Override
  public void append(String piece) {
    if (rawChars == 0) {
      firstTokenNanos = elapsedNanos();
    }
    rawChars += piece.length();
    show(citations.append(piece));
  }

  Answer finish(GeneratorIdentity identity, FlightEnd end) {
    show(citations.finish());
    return new Answer(
        flight.answerId(),
        delivered.toString(),
        identity.generator(),
        identity.model(),
        end.finishReason(),
        CitedRanges.of(delivered.toString(), isQuoted, passages, words, language),
        citations.removed(),
        end.tokens(),
        end.seams());
  }

  long elapsedNanos() {
    return System.nanoTime() - startNanos;
  }

  long firstTokenNanos() {
    return firstTokenNanos;
  }

  private void show(String ready) {
    if (!ready.isEmpty()) {
      delivered.append(ready);
      flight.text().append(new TextPiece(ready, rawChars - citations.heldChars()));
    }
  }
}
