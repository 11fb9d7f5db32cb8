package dev.throng.store.lucene;

import dev.throng.core.Chunk;
import dev.throng.core.Layout;
import dev.throng.core.Span;
import dev.throng.store.EmbeddedChunk;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.util.BytesRef;

/** The layout of a chunk as a Lucene document. */
final class ChunkFields {
  static final String BODY = "body";
  static final String VECTOR = "vector";
  static final String VERSION = "version";
  static final String ORDINAL = "ordinal";
  static final String CHUNK = "chunk";

  /** Begins a stored chunk. In its place, the former form has the length of an id. */
  private static final int WITH_SPANS = -2;

  private ChunkFields() {}

  static Document document(EmbeddedChunk embedded) {
    Chunk chunk = embedded.chunk();
    Document document = new Document();
    document.add(new TextField(BODY, chunk.searchText(), Field.Store.NO));
    document.add(
        new KnnFloatVectorField(
            VECTOR, embedded.embedding().sharedValues(), VectorSimilarityFunction.DOT_PRODUCT));
    document.add(new StringField(VERSION, versionTerm(chunk.version()), Field.Store.NO));
    document.add(new NumericDocValuesField(VERSION, chunk.version()));
    document.add(new NumericDocValuesField(ORDINAL, chunk.ordinal()));
    document.add(new StoredField(CHUNK, encode(chunk)));
    return document;
  }

  static BytesRef versionTerm(long version) {
    return new BytesRef(Long.toString(version, Character.MAX_RADIX));
  }

  static long version(BytesRef term) {
    return Long.parseLong(term.utf8ToString(), Character.MAX_RADIX);
  }

  private static byte[] encode(Chunk chunk) {
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
      out.writeByte(chunk.flags());
      out.write(chunk.layout().bytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e); // writing to memory does not fail
    }
    return bytes.toByteArray();
  }

  static Chunk decode(BytesRef stored) {
    try (DataInputStream in =
        new DataInputStream(new ByteArrayInputStream(stored.bytes, stored.offset, stored.length))) {
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
        Chunk.isQuoted(flags),
        Chunk.isSuperseded(flags),
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
