package dev.throng.parser.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.throng.parser.api.ParsedBlock.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a reader of a page reaches is text, in the order and with the numbers that it has. */
final class HtmlTest {
  @TempDir private Path folder = Path.of("");

  private ParsedFile html(String body) throws Exception {
    return ParsedFile.of(Files.writeString(folder.resolve("a.html"), "<html><body>" + body));
  }

  private ParsedFile markdown(String content) throws Exception {
    return ParsedFile.of(Files.writeString(folder.resolve("a.md"), content));
  }

  @Test
  void questionsThatOpenTheirAnswersAreHeadings() throws Exception {
    ParsedFile page =
        html(
            """
            <h1>Ferry help</h1>
            <div class=faq><button aria-expanded=false aria-controls=a1>May I bring a dog?</button>
            <div id=a1 hidden><p>Yes, on a lead.</p></div></div>
            <h2><button class=accordion-button>How early do I check in?</button></h2>
            <div class=collapse><p>Forty minutes before.</p></div>
            <details><summary>Is there a night boat?</summary>Only in July.</details>
            <div class=panel-heading><div class=panel-title><a href=#c>Where do I park?</a></div></div>
            <div class=panel-body id=c style="display: none">At quay 7.</div>
            <p>Press <button>Save</button> to end.</p>
            """);
    assertEquals(
        List.of(
            "Ferry help",
            "May I bring a dog?",
            "How early do I check in?",
            "Is there a night boat?",
            "Where do I park?"),
        page.texts(Kind.HEADING));
    assertEquals(
        List.of(
            "Yes, on a lead.",
            "Forty minutes before.",
            "Only in July.",
            "At quay 7.",
            "Press Save to end."),
        page.texts(Kind.PARAGRAPH));
    assertEquals(List.of(), page.warnings());
  }

  @Test
  void tabsNotesAndFormsAreText() throws Exception {
    ParsedFile page =
        html(
            """
            <style>.pane { display: none } .pane.active { display: block }
              #beacon, .x { display:none }</style>
            <main><h1>Install</h1><div role=tablist><a href=#l>Linux</a><a href=#w>Windows</a></div>
            <div class=pane id=l>Run setup.sh.</div><div class=pane id=w>Run setup.exe.</div>
            <aside><p>Never run both.</p></aside>
            <form><label>Size</label><select><option>small<option>large</select></form>
            <span aria-hidden=true>expand_more</span><template>t</template>
            <div id=beacon>pixel</div><p class=x>unseen</p><p style="display:none">gone</p></main>
            """);
    String text = page.text();
    for (String words :
        List.of("Linux Windows", "setup.sh", "setup.exe", "Never run both", "small large")) {
      assertTrue(text.contains(words), words);
    }
    for (String words : List.of("expand_more", "pixel", "unseen", "gone")) {
      assertFalse(text.contains(words), words);
    }
  }

  @Test
  void textThatIsNotDisplayedNamesNoPanel() throws Exception {
    ParsedFile page =
        html(
            """
            <style>.away { display: none }</style>
            <p>The tenant pays 11 euros for the seal.</p>
            <div class=d-none>Hidden alpha.</div><div style="display:none">Hidden beta.</div>
            <p>The operator repairs the meter.</p>
            <div class=away>Hidden gamma.</div><ul class=away><li>Hidden delta.</li></ul>
            """);
    assertEquals(
        "The tenant pays 11 euros for the seal.\nThe operator repairs the meter.", page.text());
  }

  @Test
  void menusAndBannersAreLeftOutWhateverTheirElements() throws Exception {
    StringBuilder links = new StringBuilder();
    for (int i = 0; i < 8; i++) {
      links.append("<li><a href='/p%d'>Product %1$d</a></li>".formatted(i));
    }
    ParsedFile page =
        html(
            "<div id=cookie-bar><p>We use cookies to improve this site.</p><a>Accept</a></div>"
                + "<div><ul>"
                + links
                + "</ul></div>"
                + "<div><h1>Leave</h1><p>Everyone has thirty days of paid leave in a year, and"
                + " unused days lapse at the end of March of the year that follows.</p></div>"
                + "<div class=related><h3>Read next</h3><ul>"
                + links
                + "</ul></div>"
                + "<div class=site-footer>Terms and privacy</div>");
    assertEquals(List.of("Leave"), page.texts(Kind.HEADING));
    assertEquals(1, page.blocks().size() - 1, page::text);
    assertEquals(List.of("45 words of menus and other boilerplate were left out"), page.warnings());
  }

  @Test
  void directoryOfLinksIsContent() throws Exception {
    StringBuilder links = new StringBuilder();
    for (int i = 0; i < 30; i++) {
      links.append("<li><a href='/form%d'>Form %1$d</a></li>".formatted(i));
    }
    ParsedFile page =
        html("<h1>Forms</h1><p>All forms of the town hall.</p><ul>" + links + "</ul>");
    assertEquals(30, page.texts(Kind.LIST_ITEM).size());
    assertEquals(List.of(), page.warnings());
  }

  @Test
  void numbersOfListsAreText() throws Exception {
    ParsedFile page =
        html(
            """
            <ol start=4><li>four<ol type=a><li>first<li>second</ol><li value=9>nine<li>ten</ol>
            <ol reversed><li>two<li>one</ol><ol type=I start=3><li>three</ol><ul><li>dash</ul>
            <table><tr><td>x<td><ol><li>in a cell<li>twice</ol></table>
            """);
    assertEquals(
        List.of(
            "4. four",
            "a. first",
            "b. second",
            "9. nine",
            "10. ten",
            "2. two",
            "1. one",
            "III. three",
            "- dash"),
        page.texts(Kind.LIST_ITEM));
    assertTrue(page.text().contains("1. in a cell 2. twice"), page::text);
  }

  @Test
  void addressesOfLinksStandBehindTheirWords() throws Exception {
    ParsedFile page =
        html(
            """
            <p>See <a href="https://kiln.example.org/faq">the FAQ</a>, mail <a
            href="mailto:kiln@example.org?subject=x">the desk</a> or call <a
            href="tel:+431234">+43 1234</a>.</p>
            <p>Also <a href="https://www.example.org/">www.example.org</a> and <a
            href="#top">the top</a>.</p>
            <div><a href="https://a.example.org">One</a><a href="https://b.example.org">Two</a></div>
            """);
    assertEquals(
        List.of(
            "See the FAQ (https://kiln.example.org/faq), mail the desk (kiln@example.org) or call"
                + " +43 1234.",
            "Also www.example.org and the top.",
            "One Two"),
        page.texts(Kind.PARAGRAPH));
  }

  @Test
  void markdownKeepsNumbersAndAddresses() throws Exception {
    ParsedFile page =
        markdown(
            """
            3. Stop the *queue*
               - on blue
            4. Ask [the wiki](https://wiki.example.org/a) first

            [One](https://a.example.org) [Two](https://b.example.org)
            """);
    assertEquals(
        List.of(
            "3. Stop the queue", "- on blue", "4. Ask the wiki (https://wiki.example.org/a) first"),
        page.texts(Kind.LIST_ITEM));
    assertEquals(List.of("One Two"), page.texts(Kind.PARAGRAPH));
  }

  @Test
  void detailsInMarkdownStayBelowTheirHeading() throws Exception {
    ParsedFile page =
        markdown(
            """
            ## Night boat

            <details><summary>When?</summary>In July.</details>

            <details><summary>Where?</summary>

            At quay 7.

            </details>
            """);
    assertEquals(List.of("Night boat", "When?"), page.texts(Kind.HEADING));
    assertEquals(6, page.blocks().get(1).level());
    assertEquals(List.of("In July.", "Where?", "At quay 7."), page.texts(Kind.PARAGRAPH));
  }

  @Test
  void choiceOfAllCountriesIsLeftOut() throws Exception {
    ParsedFile page = html("<p>Order here.</p><select>" + "<option>Land".repeat(200) + "</select>");
    assertEquals("Order here.", page.text());
    assertEquals(
        List.of("200 words of menus and other boilerplate were left out"), page.warnings());
  }
}
