package dev.throng.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.throng.core.PageLayout.Line;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class LayoutTest {
  private static final Layout LAYOUT =
      Layout.of(
          List.of(
              new PageLayout(
                  7,
                  595.3f,
                  842,
                  List.of(
                      new Line(1_000_000, 1_000_080, 72, 100.5f, 400, 12),
                      new Line(1_000_081, 1_000_100, -3.5f, -2, 0, 0.1f))),
              new PageLayout(8, 842, 595.3f, List.of(new Line(1_000_101, 1_000_300, 0, 0, 9, 9)))));

  @Test
  void encodedLayoutIsReadBack() {
    assertEquals(LAYOUT, Layout.ofBytes(LAYOUT.bytes()));
    assertEquals(LAYOUT, Layout.ofText(LAYOUT.text()));
    assertEquals(LAYOUT, Layout.of(LAYOUT.pages()));
    assertEquals(
        new Line(1_000_081, 1_000_100, -3.5f, -2, 0, 0.1f), LAYOUT.pages().get(0).lines().get(1));
    assertEquals(595.3f, LAYOUT.pages().get(1).height());
  }

  @Test
  void lineTakesAboutTwelveBytes() {
    List<Line> lines =
        IntStream.range(0, 50)
            .mapToObj(i -> new Line(i * 90, i * 90 + 89, 72, 72 + i * 12, 450, 10))
            .toList();
    int bytes = Layout.of(List.of(new PageLayout(1, 595, 842, lines))).bytes().length;
    assertEquals(12, bytes / 50, "bytes a line");
  }

  @Test
  void layoutOfNothingIsEmpty() {
    assertSame(Layout.NONE, Layout.of(List.of()));
    assertSame(Layout.NONE, Layout.ofText(""));
    assertEquals(List.of(), Layout.NONE.pages());
  }

  @Test
  void rangeKeepsLinesThatArePartlyInIt() {
    Layout range = LAYOUT.within(1_000_079, 1_000_090);
    assertEquals(List.of(LAYOUT.pages().getFirst()), range.pages());
    assertEquals(List.of(LAYOUT.pages().getLast()), LAYOUT.within(1_000_100, 1_000_102).pages());
    assertSame(Layout.NONE, LAYOUT.within(0, 1_000_000));
  }

  @Test
  void cutOffLayoutIsRefused() {
    byte[] bytes = LAYOUT.bytes();
    for (int length = 1; length < bytes.length; length++) {
      Layout cut = Layout.ofBytes(Arrays.copyOf(bytes, length));
      assertThrows(IllegalArgumentException.class, cut::pages);
    }
  }
}
