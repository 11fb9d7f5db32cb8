package dev.throng.store;

import dev.throng.core.Chunk;
import dev.throng.core.Layout;
import dev.throng.core.Span;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Chunks as bytes, for files. The embedded index keeps them, so earlier forms can be read. */
public final class ChunkCodec {
  /** Begins a stored chunk. In its place, the former form has the length of an id. */
  private static final int WITH_SPANS = -2;

  // The properties that are true, in one byte.
  private static final int QUOTED = 1;
  private static final int SUPERSEDED = 2;

  private ChunkCodec() {}

  /** Returns a chunk as bytes. */
  public static byte[] encode(Chunk chunk) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(chunk.text().length() + 128);
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeInt(WITH_SPANS);
      writeText(out, chunk.documentId());
      out.writeLong(chunk.version());
      out.writeInt(chunk.ordinal());
      writeText(out, chunk.headings());
      out.writeInt(chunk.start());
      out.writeInt(chunk.end());
      writeText(out, chunk.text());
      writeText(out, Span.encode(chunk.spans()));
      out.writeByte((chunk.isQuoted() ? QUOTED : 0) | (chunk.isSuperseded() ? SUPERSEDED : 0));
      out.write(chunk.layout().bytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e); // writing to memory does not fail
    }
    return bytes.toByteArray();
  }

  /** Returns the chunk that {@code length} bytes stand for. */
  public static Chunk decode(byte[] bytes, int offset, int length) {
    try (DataInputStream in =
        new DataInputStream(new ByteArrayInputStream(bytes, offset, length))) {
      int form = in.readInt();
      return form == WITH_SPANS ? readChunk(in) : readFormerChunk(in, form);
    } catch (IOException e) {
      throw new UncheckedIOException("a stored chunk is cut off", e);
    }
  }

  private static Chunk readChunk(DataInputStream in) throws IOException {
    String documentId = readText(in);
    long version = in.readLong();
    int ordinal = in.readInt();
    String headings = readText(in);
    int start = in.readInt();
    int end = in.readInt();
    String text = readText(in);
    List<Span> spans = Span.decode(readText(in));
    int flags = in.readByte();
    return new Chunk(
        documentId,
        version,
        ordinal,
        headings,
        start,
        end,
        text,
        spans,
        (flags & QUOTED) != 0,
        (flags & SUPERSEDED) != 0,
        Layout.ofBytes(in.readAllBytes()));
  }

  /** Reads a chunk of an index from before there were spans. It is used until it is rebuilt. */
  private static Chunk readFormerChunk(DataInputStream in, int idBytes) throws IOException {
    return new Chunk(
        new String(in.readNBytes(idBytes), StandardCharsets.UTF_8),
        in.readLong(),
        in.readInt(),
        readText(in),
        in.readInt(),
        in.readInt(),
        in.readInt(),
        readText(in));
  }

  private static void writeText(DataOutputStream out, String text) throws IOException {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8); // writeUTF is limited to 64 KiB
    out.writeInt(utf8.length);
    out.write(utf8);
  }

  private static String readText(DataInputStream in) throws IOException {
    return new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8);
  }
}
