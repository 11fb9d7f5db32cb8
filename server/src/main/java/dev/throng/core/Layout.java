package dev.throng.core;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The positions of the lines of a piece of text, encoded in about twelve bytes for each line. They
 * are decoded only when they are needed, because most searches do not.
 */
public final class Layout {
  /** The layout of a text whose lines have no known position. */
  public static final Layout NONE = new Layout(new byte[0]);

  /** Positions are stored in units of 1/10 of a point. */
  private static final float UNITS_PER_POINT = 10;

  private static final int PAYLOAD_BITS = 7;
  private static final int MORE = 1 << PAYLOAD_BITS;

  private final byte[] encoded;

  private Layout(byte[] encoded) {
    this.encoded = encoded;
  }

  public static Layout of(List<PageLayout> pages) {
    if (pages.isEmpty()) {
      return NONE;
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    write(out, pages.size());
    int before = 0;
    for (PageLayout page : pages) {
      write(out, page.page());
      write(out, units(page.width()));
      write(out, units(page.height()));
      write(out, page.lines().size());
      for (PageLayout.Line line : page.lines()) {
        write(out, line.start() - before);
        write(out, line.end() - line.start());
        write(out, units(line.left()));
        write(out, units(line.top()));
        write(out, units(line.width()));
        write(out, units(line.height()));
        before = line.start();
      }
    }
    return new Layout(out.toByteArray());
  }

  /** Returns the layout of which {@link #bytes} returned the argument. */
  public static Layout ofBytes(byte[] encoded) {
    return encoded.length == 0 ? NONE : new Layout(encoded);
  }

  /** Returns the layout of which {@link #text} returned the argument. */
  public static Layout ofText(String encoded) {
    return ofBytes(Base64.getDecoder().decode(encoded));
  }

  /** Returns the encoded form, for stores. It must not be changed. */
  public byte[] bytes() {
    return encoded;
  }

  /** Returns the encoded form for stores that take only text; empty when there are no lines. */
  public String text() {
    return Base64.getEncoder().encodeToString(encoded);
  }

  /**
   * Returns the pages in the order of the text.
   *
   * @throws IllegalArgumentException when the encoded form is cut off
   */
  public List<PageLayout> pages() {
    if (encoded.length == 0) {
      return List.of();
    }
    ByteArrayInputStream in = new ByteArrayInputStream(encoded);
    List<PageLayout> pages = new ArrayList<>();
    int start = 0;
    for (int left = read(in); left > 0; left--) {
      int page = read(in);
      float width = points(read(in));
      float height = points(read(in));
      List<PageLayout.Line> lines = new ArrayList<>();
      for (int more = read(in); more > 0; more--) {
        start += read(in);
        lines.add(
            new PageLayout.Line(
                start,
                start + read(in),
                points(read(in)),
                points(read(in)),
                points(read(in)),
                points(read(in))));
      }
      pages.add(new PageLayout(page, width, height, lines));
    }
    return List.copyOf(pages);
  }

  /** Returns the layout of a range of the document's text. Lines that are partly in it stay. */
  public Layout within(int from, int to) {
    List<PageLayout> parts = new ArrayList<>();
    for (PageLayout page : pages()) {
      List<PageLayout.Line> lines =
          page.lines().stream().filter(line -> line.isIn(from, to)).toList();
      if (!lines.isEmpty()) {
        parts.add(new PageLayout(page.page(), page.width(), page.height(), lines));
      }
    }
    return of(parts);
  }

  private static int units(float points) {
    return Math.round(points * UNITS_PER_POINT);
  }

  private static float points(int units) {
    return units / UNITS_PER_POINT;
  }

  /** Writes a number in as few bytes as it needs, the sign in the lowest bit. */
  private static void write(ByteArrayOutputStream out, int number) {
    int rest = (number << 1) ^ (number >> (Integer.SIZE - 1));
    while ((rest & -MORE) != 0) {
      out.write((rest & (MORE - 1)) | MORE);
      rest >>>= PAYLOAD_BITS;
    }
    out.write(rest);
  }

  private static int read(ByteArrayInputStream in) {
    int number = 0;
    for (int shift = 0; shift < Integer.SIZE; shift += PAYLOAD_BITS) {
      int next = in.read();
      if (next < 0) {
        break;
      }
      number |= (next & (MORE - 1)) << shift;
      if ((next & MORE) == 0) {
        return (number >>> 1) ^ -(number & 1);
      }
    }
    throw new IllegalArgumentException("a stored layout is cut off");
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Layout layout && Arrays.equals(encoded, layout.encoded);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(encoded);
  }

  @Override
  public String toString() {
    return pages().toString();
  }
}
