package dev.throng.parser.worker;

import dev.throng.parser.api.ParseRules;
import java.io.IOException;
import java.io.InputStream;
import org.apache.tika.exception.TikaException;
import org.apache.tika.metadata.Metadata;
import org.apache.tika.parser.ParseContext;
import org.apache.tika.parser.microsoft.rtf.RTFParser;
import org.xml.sax.ContentHandler;
import org.xml.sax.SAXException;

/** Tika's RTF reader, with support for tables. {@code tika-config.xml} registers it. */
public final class RtfParser extends RTFParser {
  private static final long serialVersionUID = 1;

  /** Also called by {@link #parse}. */
  @Override
  public void parseInline(
      InputStream in, ContentHandler handler, Metadata metadata, ParseContext context)
      throws IOException, SAXException, TikaException {
    int maxGroups = context.get(ParseRules.class).maxNestingDepth();
    RtfInput input = new RtfInput(in, maxGroups);
    RtfRows rows = new RtfRows(handler);
    try {
      super.parseInline(input, rows, metadata, context);
    } finally {
      rows.finish(); // an outer document may continue after it
    }
    if (input.isUnended()) {
      context.get(Embedded.class).warn("an RTF has no end and may be truncated");
    }
  }
}
