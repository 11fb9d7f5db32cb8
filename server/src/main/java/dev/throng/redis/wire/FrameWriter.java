package dev.throng.redis.wire;

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

/** Writes the parts of a value in sequence. {@link FrameReader} reads them in the same order. */
final class FrameWriter {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final DataOutputStream out = new DataOutputStream(bytes);

  private interface IoAction {
    void write() throws IOException;
  }

  FrameWriter text(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8); // writeUTF is limited to 64 KiB
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

  /** Writes a part that may be absent. */
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

  private FrameWriter writing(IoAction body) {
    try {
      body.write();
    } catch (IOException e) {
      throw new UncheckedIOException(e); // writing to memory does not fail
    }
    return this;
  }
}
