package dev.throng.store.lucene;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.throng.core.Chunk;
import dev.throng.core.Layout;
import dev.throng.core.Span;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.lucene.util.BytesRef;
import org.junit.jupiter.api.Test;

/** Chunks that earlier releases have stored. They are read until their collection is rebuilt. */
final class ChunkFieldsTest {
  private static final String ID = "d0123456789";

  private static void write(DataOutputStream out, String text) throws IOException {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(utf8.length);
    out.write(utf8);
  }

  @Test
  void chunkWithAPageInPlaceOfSpansIsRead() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    write(out, ID);
    out.writeLong(77);
    out.writeInt(3);
    write(out, "Rules > Parking");
    out.writeInt(12); // the page
    out.writeInt(100);
    out.writeInt(106);
    write(out, "größer");
    Chunk chunk = ChunkFields.decode(new BytesRef(bytes.toByteArray()));
    assertEquals(new Chunk(ID, 77, 3, "Rules > Parking", 12, 100, 106, "größer"), chunk);
    assertEquals(List.of(new Span(100, 106, 12, "12", "Rules > Parking")), chunk.spans());
  }

  @Test
  void chunkWithoutALayoutIsRead() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeInt(-2); // with spans
    write(out, ID);
    out.writeLong(77);
    out.writeInt(3);
    write(out, "");
    out.writeInt(100);
    out.writeInt(104);
    write(out, "text");
    write(out, Span.encode(List.of(new Span(100, 104, 2, "ii", "A"))));
    out.writeBoolean(true);
    Chunk chunk = ChunkFields.decode(new BytesRef(bytes.toByteArray()));
    assertEquals(List.of(new Span(100, 104, 2, "ii", "A")), chunk.spans());
    assertSame(Layout.NONE, chunk.layout());
  }
}
