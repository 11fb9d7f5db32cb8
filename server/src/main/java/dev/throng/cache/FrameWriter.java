package dev.throng.cache;

import dev.throng.core.Hash;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes the parts of a value one after the other; {@link FrameReader} reads them in that order.
 */
final class FrameWriter {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final DataOutputStream out = new DataOutputStream(bytes);

  private interface Writing {
    void write() throws IOException;
  }

  FrameWriter text(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8); // writeUTF stops at 64 KiB
    return writing(() -> {
      out.writeInt(utf8.length);
      out.write(utf8);
    });
  }

  FrameWriter number(long number) {
    return writing(() -> out.writeLong(number));
  }

  FrameWriter integer(int number) {
    return writing(() -> out.writeInt(number));
  }

  FrameWriter real(double number) {
    return writing(() -> out.writeDouble(number));
  }

  FrameWriter flag(boolean flag) {
    return writing(() -> out.writeBoolean(flag));
  }

  FrameWriter hash(Hash hash) {
    return number(hash.a()).number(hash.b()).number(hash.c()).number(hash.d());
  }

  <T> FrameWriter list(Collection<T> items, BiConsumer<FrameWriter, T> item) {
    integer(items.size());
    items.forEach(each -> item.accept(this, each));
    return this;
  }

  /** What may be missing. */
  <T> FrameWriter optional(@Nullable T value, Consumer<T> present) {
    flag(value != null);
    if (value != null) {
      present.accept(value);
    }
    return this;
  }

  byte[] bytes() {
    return bytes.toByteArray();
  }

  private FrameWriter writing(Writing body) {
    try {
      body.write();
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory does not fail
    }
    return this;
  }
}
