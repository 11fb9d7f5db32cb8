package dev.throng.index;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The headings of a piece of text, and the title and header of its table. All pieces of a section
 * share one context. Contexts are compared by identity, which is fast and sufficient.
 */
final class Context {
  /** The lowest heading of text that repeats an earlier one. */
  static final String QUOTED = "Quoted message";

  /** Longer paths of headings lose their outer parts. */
  private static final int MAX_SECTION_CHARS = 400;

  /** A heading and the section that it belongs to. */
  record Section(int level, String heading, @Nullable Section above) {
    /** Returns the innermost section that contains a heading of this level. */
    static @Nullable Section around(@Nullable Section section, int level) {
      Section around = section;
      while (around != null && around.level >= level) {
        around = around.above;
      }
      return around;
    }
  }

  private final @Nullable Section section;
  private final @Nullable String tableCaption;
  private final @Nullable String tableHeader;
  private final String joined;

  Context(@Nullable Section section, @Nullable String tableCaption, @Nullable String tableHeader) {
    this.section = section;
    this.tableCaption = tableCaption;
    this.tableHeader = tableHeader;
    this.joined = join(headings());
  }

  /** Returns the headings, outermost first. */
  List<String> headings() {
    List<String> path = new ArrayList<>();
    for (Section heading = section; heading != null; heading = heading.above()) {
      path.addFirst(heading.heading());
    }
    return path;
  }

  /** Returns the title of the table that the text belongs to, or null. */
  @Nullable String tableCaption() {
    return tableCaption;
  }

  /** Returns the header of the table that the text belongs to, or null. */
  @Nullable String tableHeader() {
    return tableHeader;
  }

  /** Returns the headings, joined by " > ". */
  String section() {
    return joined;
  }

  /** Returns the headings and one below them, joined by " > ". */
  String section(String heading) {
    List<String> path = headings();
    path.add(heading);
    return join(path);
  }

  private static String join(List<String> path) {
    String joined = String.join(" > ", path);
    for (int from = 1; from < path.size() && joined.length() > MAX_SECTION_CHARS; from++) {
      joined = String.join(" > ", path.subList(from, path.size()));
    }
    return joined.substring(0, Math.min(joined.length(), MAX_SECTION_CHARS));
  }
}
