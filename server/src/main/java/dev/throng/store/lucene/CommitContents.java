package dev.throng.store.lucene;

import dev.throng.core.Chunk;
import dev.throng.store.ChunkIndex.TextListener;
import dev.throng.store.Hit;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.lucene.index.DocValues;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.index.PostingsEnum;
import org.apache.lucene.index.StoredFields;
import org.apache.lucene.index.Term;
import org.apache.lucene.index.Terms;
import org.apache.lucene.index.TermsEnum;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.util.Bits;
import org.apache.lucene.util.BytesRef;

/** What a commit contains, by version. */
final class CommitContents {
  private final IndexReader reader;

  CommitContents(IndexReader reader) {
    this.reader = reader;
  }

  /** Returns how many chunks some versions have. */
  long chunkCount(Collection<Long> versions) throws IOException {
    long chunks = 0;
    for (LeafReaderContext leaf : reader.leaves()) {
      Terms terms = leaf.reader().terms(ChunkFields.VERSION);
      TermsEnum each = terms == null ? TermsEnum.EMPTY : terms.iterator();
      for (Long version : versions) {
        if (each.seekExact(ChunkFields.versionTerm(version))) {
          chunks += liveChunks(leaf, each);
        }
      }
    }
    return chunks;
  }

  private static int liveChunks(LeafReaderContext leaf, TermsEnum term) throws IOException {
    Bits live = leaf.reader().getLiveDocs();
    if (live == null) {
      return term.docFreq();
    }
    int chunks = 0;
    PostingsEnum documents = term.postings(null, PostingsEnum.NONE);
    for (int document = documents.nextDoc();
        document != DocIdSetIterator.NO_MORE_DOCS;
        document = documents.nextDoc()) {
      chunks += live.get(document) ? 1 : 0;
    }
    return chunks;
  }

  /** Returns every version with a chunk. */
  Set<Long> versions() throws IOException {
    Set<Long> versions = new HashSet<>();
    for (LeafReaderContext leaf : reader.leaves()) {
      Terms terms = leaf.reader().terms(ChunkFields.VERSION);
      TermsEnum each = terms == null ? TermsEnum.EMPTY : terms.iterator();
      for (BytesRef term = each.next(); term != null; term = each.next()) {
        if (liveChunks(leaf, each) > 0) {
          versions.add(ChunkFields.version(term));
        }
      }
    }
    return versions;
  }

  /**
   * Returns the chunks of one version, by ordinal.
   *
   * @param from the first ordinal
   * @param to the ordinal after the last one
   */
  List<Hit> chunks(long version, int from, int to) throws IOException {
    List<Hit> found = new ArrayList<>();
    for (LeafReaderContext leaf : reader.leaves()) {
      addChunks(leaf, version, from, to, found);
    }
    found.sort(Comparator.comparingInt(Hit::ordinal));
    return found;
  }

  private static void addChunks(
      LeafReaderContext leaf, long version, int from, int to, List<Hit> found) throws IOException {
    Term term = new Term(ChunkFields.VERSION, ChunkFields.versionTerm(version));
    PostingsEnum documents = leaf.reader().postings(term, PostingsEnum.NONE);
    if (documents == null) {
      return;
    }
    Bits live = leaf.reader().getLiveDocs();
    NumericDocValues ordinals = DocValues.getNumeric(leaf.reader(), ChunkFields.ORDINAL);
    for (int document = documents.nextDoc();
        document != DocIdSetIterator.NO_MORE_DOCS;
        document = documents.nextDoc()) {
      boolean isLive = live == null || live.get(document);
      if (isLive && ordinals.advanceExact(document)) {
        int ordinal = (int) ordinals.longValue();
        if (ordinal >= from && ordinal < to) {
          found.add(new Hit(version, ordinal, 0, leaf.docBase + document));
        }
      }
    }
  }

  /** Like {@link dev.throng.store.ChunkIndex#forEachText}, including deleted chunks. */
  long forEachText(TextListener listener) throws IOException {
    long chunks = 0;
    for (LeafReaderContext leaf : reader.leaves()) {
      StoredFields stored = leaf.reader().storedFields();
      for (int document = 0; document < leaf.reader().maxDoc(); document++) {
        Chunk chunk =
            ChunkFields.decode(stored.document(document).getBinaryValue(ChunkFields.CHUNK));
        listener.text(chunk.documentId());
        listener.text(chunk.headings());
        listener.text(chunk.text());
        chunks++;
      }
      for (String field : List.of(ChunkFields.BODY, ChunkFields.VERSION)) {
        Terms terms = leaf.reader().terms(field);
        TermsEnum each = terms == null ? TermsEnum.EMPTY : terms.iterator();
        for (BytesRef word = each.next(); word != null; word = each.next()) {
          listener.word(word.utf8ToString());
        }
      }
    }
    return chunks;
  }
}
