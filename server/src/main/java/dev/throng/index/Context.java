package dev.throng.index;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The headings and table header of a piece of text. All pieces of a section share one context.
 * Contexts are compared by identity, which is fast and sufficient.
 */
final class Context {
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
  private final @Nullable String tableHeader;

  Context(@Nullable Section section, @Nullable String tableHeader) {
    this.section = section;
    this.tableHeader = tableHeader;
  }

  /** Returns the headings, outermost first, and the header of the table. */
  List<String> path() {
    List<String> path = new ArrayList<>();
    for (Section heading = section; heading != null; heading = heading.above()) {
      path.addFirst(heading.heading());
    }
    if (tableHeader != null) {
      path.add(tableHeader);
    }
    return path;
  }
}
