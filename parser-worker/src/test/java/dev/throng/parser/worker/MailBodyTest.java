package dev.throng.parser.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.throng.parser.api.ParsedBlock;
import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a mail repeats from an earlier one is marked as quoted. */
final class MailBodyTest {
  private static List<String> texts(List<ParsedBlock> blocks, boolean isQuoted) {
    return blocks.stream()
        .filter(block -> block.isQuoted() == isQuoted)
        .map(ParsedBlock::text)
        .toList();
  }

  private static List<ParsedBlock> plain(String body) throws IOException {
    List<ParsedBlock> blocks = new ArrayList<>();
    MailBody.plain(new StringReader(body), new TextBuilder(100_000, blocks::add));
    return blocks;
  }

  private static List<ParsedBlock> html(String body) {
    List<ParsedBlock> blocks = new ArrayList<>();
    MailBody.html(body, new TextBuilder(100_000, blocks::add));
    return blocks;
  }

  @Test
  void markedLinesAreQuotedWithoutTheirMarks() throws IOException {
    List<ParsedBlock> blocks =
        plain(
            "The key is with Orla.\n\nOn Monday, Bo wrote:\n> Where is it?\n> > It was in drawer 3.\n\nBest\n");
    assertEquals(List.of("The key is with Orla.", "Best"), texts(blocks, false));
    assertEquals(
        List.of("On Monday, Bo wrote:", "Where is it?", "It was in drawer 3."),
        texts(blocks, true));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-----Original Message-----\nFrom: Bo\nSent: Monday",
        "Von: Bo\nGesendet: Montag",
        "De : Bo\nEnvoyé : lundi",
        "From: Bo\nSent: Monday"
      })
  void everythingBelowTheHeaderOfAnEarlierMailIsQuoted(String header) throws IOException {
    List<ParsedBlock> blocks = plain("New words.\n\n" + header + "\n\nOld words.\n\nMore.\n");
    assertEquals(List.of("New words."), texts(blocks, false));
    List<String> quoted = texts(blocks, true);
    assertEquals(List.of("Old words.", "More."), quoted.subList(quoted.size() - 2, quoted.size()));
  }

  @Test
  void lineThatOnlyLooksLikeASenderIsOwn() throws IOException {
    assertEquals(
        List.of(), texts(plain("From: the depot to the quay.\n\nIt takes an hour.\n"), true));
  }

  @Test
  void forwardedMailIsContent() throws IOException {
    assertEquals(
        List.of(),
        texts(plain("---------- Forwarded message ---------\nFrom: Bo\n\nWords.\n"), true));
  }

  @Test
  void quotedPartsOfHtmlFollowItsOwnText() {
    List<ParsedBlock> blocks =
        html(
            "<p>New words.</p><div class=gmail_quote><div>On Monday, Bo wrote:</div>"
                + "<blockquote type=cite><p>Old words.</p></blockquote></div><p>Best</p>");
    assertEquals(List.of("New words.", "Best"), texts(blocks, false));
    assertEquals(List.of("On Monday, Bo wrote:", "Old words."), texts(blocks, true));
  }

  @Test
  void outlookQuotesEverythingBelowItsLine() {
    List<ParsedBlock> blocks =
        html(
            "<div><p>New words.</p><div style='border:none;border-top:solid #E1E1E1 1.0pt'><p>From: Bo</p></div>"
                + "<p>Old words.</p></div>");
    assertEquals(List.of("New words."), texts(blocks, false));
    assertEquals(List.of("From: Bo", "Old words."), texts(blocks, true));
  }
}
