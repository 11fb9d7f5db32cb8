package dev.throng.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Where the parts of a chunk or passage stand. */
final class SpanTest {
  private static final Span FIRST = new Span(10, 20, 3, "iii", "A > B");
  private static final Span SECOND = new Span(20, 35, 4, "1", "A > C");

  @Test
  void spansOfOnePlaceAreOne() {
    List<Span> spans = new ArrayList<>();
    Span.add(spans, FIRST);
    Span.add(spans, new Span(20, 25, 3, "iii", "A > B"));
    Span.add(spans, new Span(25, 35, 4, "1", "A > B"));
    assertEquals(
        List.of(new Span(10, 25, 3, "iii", "A > B"), new Span(25, 35, 4, "1", "A > B")), spans);
  }

  @Test
  void rangeHasThePlacesThatItTouches() {
    List<Span> spans = List.of(FIRST, SECOND);
    assertEquals(List.of(FIRST), Span.within(spans, 10, 20));
    assertEquals(
        List.of(new Span(18, 20, 3, "iii", "A > B"), new Span(20, 22, 4, "1", "A > C")),
        Span.within(spans, 18, 22));
    assertEquals(List.of(), Span.within(spans, 35, 40));
  }

  @Test
  void encodedSpansAreReadAgain() {
    List<Span> spans = List.of(FIRST, SECOND, Span.of(35, 40, 0, ""));
    assertEquals(spans, Span.decode(Span.encode(spans)));
    assertEquals(List.of(), Span.decode(""));
  }

  @Test
  void charactersOfTheEncodingAreHarmlessInNames() {
    Span odd = new Span(0, 5, 1, "a\tb", "c\nd\te");
    assertEquals(
        List.of(new Span(0, 5, 1, "a b", "c d e")), Span.decode(Span.encode(List.of(odd))));
  }

  @Test
  void otherTextIsNoSpan() {
    assertThrows(IllegalArgumentException.class, () -> Span.decode("1\t2\t3"));
  }
}
