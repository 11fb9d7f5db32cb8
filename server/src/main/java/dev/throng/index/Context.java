package dev.throng.index;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a piece of text stands under. Shared by all pieces of a section, and compared by identity,
 * which is quick and says the same.
 */
final class Context {
  /** Headings above, each with the one that it stands under. */
  record Section(int level, String heading, @Nullable Section above) {
    /** The innermost section that a heading of this level stands in. */
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

  /** The headings, outermost first, and the header of the table. */
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
