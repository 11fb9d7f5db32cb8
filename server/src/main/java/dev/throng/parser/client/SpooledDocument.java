package dev.throng.parser.client;

import dev.throng.core.ErrorCode;
import dev.throng.core.ThrongException;
import dev.throng.parser.api.BlockFile;
import dev.throng.parser.api.ParsedBlock;
import dev.throng.parser.api.ParsedPage;
import dev.throng.parser.api.ParserProtocol.Summary;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A document whose blocks the worker has stored in a file, which {@link BlockFile} reads. */
final class SpooledDocument implements ParsedDocument {
  private final Path file;
  private final Summary summary;
  private final List<BlockStream> open = new ArrayList<>();

  SpooledDocument(Path file, Summary summary) {
    this.file = file;
    this.summary = summary;
  }

  @Override
  public @Nullable String title() {
    return summary.title().isEmpty() ? null : summary.title();
  }

  @Override
  public int pages() {
    return summary.pages();
  }

  @Override
  public long chars() {
    return summary.chars();
  }

  @Override
  public String format() {
    return summary.format();
  }

  @Override
  public List<String> warnings() {
    return summary.warnings();
  }

  @Override
  public BlockReader blocks() {
    try {
      BlockStream stream = new BlockStream(file);
      open.add(stream);
      return stream;
    } catch (IOException e) {
      throw new ThrongException(ErrorCode.PARSER_CRASHED, file + ": " + e, e);
    }
  }

  @Override
  public void close() {
    try {
      for (BlockStream stream : open) {
        stream.in.close();
      }
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static final class BlockStream implements BlockReader {
    private final DataInputStream in;
    private final Map<Integer, ParsedPage> pages = new HashMap<>();

    BlockStream(Path file) throws IOException {
      this.in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file)));
    }

    @Override
    public @Nullable ParsedBlock next() {
      try {
        return BlockFile.read(in, page -> pages.put(page.number(), page));
      } catch (IOException e) {
        throw new ThrongException(
            ErrorCode.PARSER_CRASHED, "the parser's output cannot be read: " + e, e);
      }
    }

    @Override
    public ParsedPage page(int number) {
      return pages.getOrDefault(number, ParsedPage.of(number));
    }
  }
}
