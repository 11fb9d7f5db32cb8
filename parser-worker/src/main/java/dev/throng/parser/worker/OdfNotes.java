package dev.throng.parser.worker;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;

/** Footnotes and comments inside a paragraph, which are read after it, and headers of pages. */
final class OdfNotes {
  private final Deque<StringBuilder> open = new ArrayDeque<>();
  private final List<String> ended = new ArrayList<>();

  void begin() {
    open.push(new StringBuilder());
  }

  boolean isOpen() {
    return !open.isEmpty();
  }

  /** Adds to the text of the innermost open note. */
  void text(String words) {
    StringBuilder note = open.element();
    if (note.length() <= TextBuilder.MAX_BLOCK_CHARS) {
      note.append(words);
    }
  }

  void end() {
    ended.add(open.pop().toString());
  }

  /**
   * Ends a paragraph of a page's header. It is left out if it has no words, or only one that
   * belongs to a field, such as "Page".
   */
  void endOfPage(boolean hasField) {
    String words = open.pop().toString();
    long count = Stream.of(words.split(" ")).filter(HeaderRows::isWord).count();
    if (count > (hasField ? 1 : 0)) {
      ended.add(words);
    }
  }

  /** Returns the ended notes, which are not returned again. */
  List<String> take() {
    List<String> notes = List.copyOf(ended);
    ended.clear();
    return notes;
  }
}
