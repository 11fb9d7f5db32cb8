package dev.throng.store.lucene;

import dev.throng.core.Chunk;
import dev.throng.store.ChunkCodec;
import dev.throng.store.EmbeddedChunk;
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
    document.add(new StoredField(CHUNK, ChunkCodec.encode(chunk)));
    return document;
  }

  static BytesRef versionTerm(long version) {
    return new BytesRef(Long.toString(version, Character.MAX_RADIX));
  }

  static long version(BytesRef term) {
    return Long.parseLong(term.utf8ToString(), Character.MAX_RADIX);
  }

  static Chunk decode(BytesRef stored) {
    return ChunkCodec.decode(stored.bytes, stored.offset, stored.length);
  }
}
