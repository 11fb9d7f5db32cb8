package dev.throng.redis.wire;

import dev.throng.core.Hash;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads the parts of a value in the order in which {@link FrameWriter} wrote them. Every method
 * throws BufferUnderflowException when no part is left.
 */
final class FrameReader {
  private final ByteBuffer in;

  FrameReader(ByteBuffer in) {
    this.in = in;
  }

  String text() {
    int length = in.getInt();
    if (length < 0 || length > in.remaining()) {
      throw new BufferUnderflowException();
    }
    String text =
        new String(in.array(), in.arrayOffset() + in.position(), length, StandardCharsets.UTF_8);
    in.position(in.position() + length);
    return text;
  }

  long number() {
    return in.getLong();
  }

  int integer() {
    return in.getInt();
  }

  double real() {
    return in.getDouble();
  }

  boolean flag() {
    return in.get() != 0;
  }

  Hash hash() {
    return new Hash(number(), number(), number(), number());
  }

  <T> List<T> list(Function<FrameReader, T> item) {
    int size = in.getInt();
    if (size < 0 || size > in.remaining()) {
      throw new BufferUnderflowException();
    }
    List<T> items = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      items.add(item.apply(this));
    }
    return List.copyOf(items);
  }

  /** Reads a part that may be absent. */
  <T> @Nullable T optional(Supplier<T> present) {
    return flag() ? present.get() : null;
  }
}
