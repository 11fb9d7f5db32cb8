package dev.throng.redis;

import dev.throng.flight.FlightEnd;
import dev.throng.flight.FlightHead;
import dev.throng.redis.wire.FlightCodec;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * One entry of a flight's stream.
 *
 * @param id its position in the stream
 * @param to number of characters of text up to its end
 */
record FlightEntry(String id, int to, Content content) {
  static final String HEAD = "head";
  static final String TEXT = "text";
  static final String END = "end";

  /** The content of an entry. */
  sealed interface Content {
    record Head(FlightHead head) implements Content {}

    record Text(String piece) implements Content {}

    record End(FlightEnd end) implements Content {}

    /** Damaged, or of another release. */
    record Unreadable() implements Content {}
  }

  /**
   * Returns the entries that a script returned: for each its id, and the list of its fields and
   * values.
   */
  static List<FlightEntry> of(Object reply) {
    List<FlightEntry> entries = new ArrayList<>();
    for (Object entry : (List<?>) reply) {
      List<?> parts = (List<?>) entry;
      List<?> fields = (List<?>) parts.get(1);
      entries.add(
          new FlightEntry(
              text(parts.get(0)),
              Integer.parseInt(text(fields.get(1))),
              content(text(fields.get(2)), (byte[]) fields.get(3))));
    }
    return entries;
  }

  private static Content content(String field, byte[] value) {
    Content unreadable = new Content.Unreadable();
    return switch (field) {
      case HEAD -> FlightCodec.head(value).<Content>map(Content.Head::new).orElse(unreadable);
      case TEXT -> new Content.Text(text(value));
      case END -> FlightCodec.end(value).<Content>map(Content.End::new).orElse(unreadable);
      default -> unreadable;
    };
  }

  private static String text(Object bytes) {
    return new String((byte[]) bytes, StandardCharsets.UTF_8);
  }
}
