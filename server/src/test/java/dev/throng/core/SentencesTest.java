package dev.throng.core;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SentencesTest {
  private static List<String> sentences(String text) {
    return Sentences.in(text).stream().map(range -> range.of(text).strip()).toList();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Die Badeordnung gilt ab dem 1. Februar 2031.",
        "Die Miete wird am 3. Werktag fällig.",
        "Es endet am 31. Dezember.",
        "Der 12. Mai bleibt frei.",
        "Im 2. Quartal wird gezählt.",
        "Obst, z. B. Birnen, kostet nichts.",
        "Obst, z.B. Birnen, kostet nichts.",
        "Obst aus den Gärten der Umgebung kostet in der Kantine nichts, z. B. Birnen.",
        "Siehe Nr. 7 und Abs. 2 der Ordnung.",
        "Ask Dr. Ray or Ms. Holt.",
        "Some fruit, e.g. Conference pears, is free.",
        "1. Open the valve.",
        "a. Open the valve.",
        "(2) Open the valve.",
        "Version 2.1 of the form is valid."
      })
  void sentenceIsNotTorn(String text) {
    assertEquals(List.of(text), sentences(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "There are 12.|The others left.",
        "It began in 2031.|Then it ended.",
        "Bring pens, paper etc.|The room is open.",
        "Take plan B.|It is cheaper.",
        "Wait 5 min.|Then open it.",
        "Er hat 3.|Das reicht.",
        "Really?|Yes!|Good.",
        "First line 1.\n|Second line."
      })
  void sentencesAreSeparated(String parts) {
    List<String> expected = List.of(parts.split("\\|"));
    String text = String.join(parts.contains("\n") ? "" : " ", expected);
    assertEquals(expected.stream().map(String::strip).toList(), sentences(text));
  }

  @Test
  void sentencesAreTheWholeText() {
    String text = "  Am 1. Mai bleibt zu.  Obst, z. B. Äpfel.\n\nEnde ";
    String joined =
        Sentences.in(text).stream().map(range -> range.of(text)).collect(Collectors.joining());
    assertEquals(text, joined);
    assertEquals(List.of(), Sentences.in(""));
  }
}
