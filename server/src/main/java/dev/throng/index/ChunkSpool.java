package dev.throng.index;

import dev.throng.core.Chunk;
import dev.throng.core.ThrongException;
import dev.throng.store.ChunkCodec;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A file with the chunks of one version between cutting and embedding. With it the number of chunks
 * is known before the slow part begins, and memory does not grow with the document.
 */
final class ChunkSpool implements AutoCloseable {
  private final Path file;
  private final DataOutputStream out;
  private final DataInputStream in;
  private int size;

  /**
   * Creates the file.
   *
   * @param folder for the file, which is deleted on close
   */
  ChunkSpool(Path folder) {
    try {
      Files.createDirectories(folder);
      file = Files.createTempFile(folder, "chunks-", "");
      out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file)));
      in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file)));
    } catch (IOException e) {
      throw failed(e);
    }
  }

  void add(Chunk chunk) {
    try {
      byte[] bytes = ChunkCodec.encode(chunk);
      out.writeInt(bytes.length);
      out.write(bytes);
      size++;
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /** Returns how many chunks were added. */
  int size() {
    return size;
  }

  /** Ends adding chunks and starts reading them. */
  void finish() {
    try {
      out.close();
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /**
   * Returns the next chunks in order; none at the end.
   *
   * @param from ordinal of the first
   */
  List<Chunk> next(int from, int limit, String documentId, long version) {
    List<Chunk> chunks = new ArrayList<>();
    try {
      while (chunks.size() < limit && from + chunks.size() < size) {
        byte[] bytes = readBytes();
        Chunk chunk = ChunkCodec.decode(bytes, 0, bytes.length);
        chunks.add(chunk.as(documentId, version, from + chunks.size()));
      }
      return chunks;
    } catch (IOException e) {
      throw failed(e);
    }
  }

  @Override
  public void close() {
    try (out;
        in) {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private byte[] readBytes() throws IOException {
    int length = in.readInt();
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException("the spool is truncated");
    }
    return bytes;
  }

  private static ThrongException failed(IOException cause) {
    return ThrongException.ofDisk("chunks could not be stored", cause);
  }
}
