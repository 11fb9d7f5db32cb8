package dev.throng.parser.worker.pdf;

import dev.throng.parser.worker.pdf.GlyphReader.DrawnPage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The lines of a page in the coordinates of a {@link Frame}, sorted. */
record Rules(List<Rule> horizontals, List<Rule> verticals) {
  static Rules of(DrawnPage page, Frame frame) {
    if (frame.degrees() % 90 != 0) {
      return new Rules(List.of(), List.of());
    }
    boolean isTurned = frame.degrees() % 180 != 0;
    List<Rule> across = new ArrayList<>();
    List<Rule> down = new ArrayList<>();
    for (Rule rule : page.horizontals()) {
      Rule turned = turned(frame, rule.from(), rule.at(), rule.to(), rule.at(), isTurned);
      (isTurned ? down : across).add(turned);
    }
    for (Rule rule : page.verticals()) {
      Rule turned = turned(frame, rule.at(), rule.from(), rule.at(), rule.to(), !isTurned);
      (isTurned ? across : down).add(turned);
    }
    across.sort(Comparator.comparingDouble(Rule::at));
    down.sort(Comparator.comparingDouble(Rule::at));
    return new Rules(across, down);
  }

  private static Rule turned(
      Frame frame, float x0, float y0, float x1, float y1, boolean isVertical) {
    float along0 = frame.along(x0, y0);
    float along1 = frame.along(x1, y1);
    float down0 = frame.down(x0, y0);
    float down1 = frame.down(x1, y1);
    return isVertical
        ? new Rule(along0, Math.min(down0, down1), Math.max(down0, down1))
        : new Rule(down0, Math.min(along0, along1), Math.max(along0, along1));
  }
}
