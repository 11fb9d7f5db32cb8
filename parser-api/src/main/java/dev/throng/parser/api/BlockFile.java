package dev.throng.parser.api;

import dev.throng.parser.api.ParsedBlock.Kind;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The file in which the worker stores a document's pages and blocks. Each begins with a byte: for a
 * block its kind, for a page {@link #PAGE}. Then follow the components of {@link ParsedBlock} and
 * {@link ParsedPage}, in their order. Texts are as {@link ParserProtocol#write} writes them.
 */
public final class BlockFile implements BlockSink, AutoCloseable {
  /** A kind is stored as its index in this list. */
  private static final List<Kind> KINDS = List.of(Kind.values());

  private static final int PAGE = 100;

  /** More lines than the longest block has characters are invalid. */
  private static final int MAX_LINES = 1 << 20;

  private final DataOutputStream out;

  public BlockFile(Path file) throws IOException {
    this.out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file), 1 << 16));
  }

  @Override
  public void page(ParsedPage page) {
    try {
      out.writeByte(PAGE);
      out.writeInt(page.number());
      ParserProtocol.write(out, page.label());
      out.writeFloat(page.width());
      out.writeFloat(page.height());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void add(ParsedBlock block) {
    try {
      out.writeByte(KINDS.indexOf(block.kind()));
      out.writeByte(block.level());
      out.writeInt(block.page());
      ParserProtocol.write(out, block.text());
      out.writeInt(block.lines().size());
      for (TextLine line : block.lines()) {
        write(line);
      }
      out.writeBoolean(block.isQuoted());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void write(TextLine line) throws IOException {
    out.writeInt(line.start());
    out.writeInt(line.page());
    out.writeFloat(line.left());
    out.writeFloat(line.top());
    out.writeFloat(line.width());
    out.writeFloat(line.height());
  }

  @Override
  public void close() throws IOException {
    out.close();
  }

  /**
   * Reads up to the end of the next block.
   *
   * @param pages receives the pages before it
   * @return the block, or null at the end
   * @throws IOException also when the file is not in the format of {@link #add}
   */
  public static @Nullable ParsedBlock read(DataInputStream in, Consumer<ParsedPage> pages)
      throws IOException {
    int kind = in.read();
    while (kind == PAGE) {
      pages.accept(
          new ParsedPage(in.readInt(), ParserProtocol.read(in), in.readFloat(), in.readFloat()));
      kind = in.read();
    }
    if (kind < 0) {
      return null;
    }
    int level = in.readUnsignedByte();
    int page = in.readInt();
    String text = ParserProtocol.read(in);
    int lines = in.readInt();
    if (kind >= KINDS.size() || level > 6 || page < 0 || lines < 0 || lines > MAX_LINES) {
      throw new IOException(
          "invalid block: kind %d, level %d, page %d, %d lines"
              .formatted(kind, level, page, lines));
    }
    return new ParsedBlock(
        KINDS.get(kind), level, page, text, readLines(in, lines), in.readBoolean());
  }

  private static List<TextLine> readLines(DataInputStream in, int count) throws IOException {
    List<TextLine> lines = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      lines.add(
          new TextLine(
              in.readInt(),
              in.readInt(),
              in.readFloat(),
              in.readFloat(),
              in.readFloat(),
              in.readFloat()));
    }
    return List.copyOf(lines);
  }
}
