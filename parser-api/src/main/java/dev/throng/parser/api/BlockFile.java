package dev.throng.parser.api;

import dev.throng.parser.api.ParsedBlock.Kind;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The file in which the worker stores a document's blocks: for each the kind and the level (a byte
 * each), the page (4 bytes) and the text ({@link ParserProtocol#write}).
 */
public final class BlockFile implements BlockSink, AutoCloseable {
  /** A kind is stored as its index in this list. */
  private static final List<Kind> KINDS = List.of(Kind.values());

  private final DataOutputStream out;

  public BlockFile(Path file) throws IOException {
    this.out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file), 1 << 16));
  }

  @Override
  public void add(ParsedBlock block) {
    try {
      out.writeByte(KINDS.indexOf(block.kind()));
      out.writeByte(block.level());
      out.writeInt(block.page());
      ParserProtocol.write(out, block.text());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    out.close();
  }

  /**
   * Reads a block.
   *
   * @return the next block, or null at the end
   * @throws IOException also when the file is not in the format of {@link #add}
   */
  public static @Nullable ParsedBlock read(DataInputStream in) throws IOException {
    int kind = in.read();
    if (kind < 0) {
      return null;
    }
    int level = in.readUnsignedByte();
    int page = in.readInt();
    String text = ParserProtocol.read(in);
    if (kind >= KINDS.size() || level > 6 || page < 0) {
      throw new IOException(
          "invalid block: kind %d, level %d, page %d".formatted(kind, level, page));
    }
    return new ParsedBlock(KINDS.get(kind), level, page, text);
  }
}
