package dev.throng.parser.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.throng.parser.api.ParsedBlock.Kind;
import dev.throng.parser.api.ParsedPage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Texts, sheets and slides in OpenDocument files. */
final class OdfTest {
  @TempDir private static Path folder = Path.of("");

  private static final String NAMESPACES =
      " xmlns:office='urn:oasis:names:tc:opendocument:xmlns:office:1.0'"
          + " xmlns:text='urn:oasis:names:tc:opendocument:xmlns:text:1.0'"
          + " xmlns:table='urn:oasis:names:tc:opendocument:xmlns:table:1.0'"
          + " xmlns:style='urn:oasis:names:tc:opendocument:xmlns:style:1.0'"
          + " xmlns:draw='urn:oasis:names:tc:opendocument:xmlns:drawing:1.0'"
          + " xmlns:presentation='urn:oasis:names:tc:opendocument:xmlns:presentation:1.0'"
          + " xmlns:dc='http://purl.org/dc/elements/1.1/'"
          + " xmlns:xlink='http://www.w3.org/1999/xlink'";

  private static ParsedFile parse(String name, String type, String content, String masters)
      throws Exception {
    Map<String, String> parts = new LinkedHashMap<>();
    parts.put("mimetype", "application/vnd.oasis.opendocument." + type);
    parts.put(
        "styles.xml",
        "<office:document-styles%s><office:master-styles><style:master-page>%s</style:master-page></office:master-styles></office:document-styles>"
            .formatted(NAMESPACES, masters));
    parts.put(
        "content.xml",
        "<office:document-content%s>%s</office:document-content>".formatted(NAMESPACES, content));
    Path file = folder.resolve(name);
    try (OutputStream out = Files.newOutputStream(file);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      for (Map.Entry<String, String> part : parts.entrySet()) {
        zip.putNextEntry(new ZipEntry(part.getKey()));
        zip.write(part.getValue().getBytes(StandardCharsets.UTF_8));
        zip.closeEntry();
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return ParsedFile.of(file);
  }

  private static String cells(String... texts) {
    StringBuilder cells = new StringBuilder("<table:table-row>");
    for (String text : texts) {
      cells.append(
          text.startsWith("<")
              ? text
              : "<table:table-cell><text:p>" + text + "</text:p></table:table-cell>");
    }
    return cells.append("</table:table-row>").toString();
  }

  @Test
  void hiddenSheetsAreLeftOutAndNamed() throws Exception {
    String table = "<table:table table:name='%s' table:style-name='%s'>%s</table:table>";
    ParsedFile parsed =
        parse(
            "hidden.ods",
            "spreadsheet",
            """
            <office:automatic-styles>
            <style:style style:name='ta1' style:family='table'><style:table-properties table:display='true'/></style:style>
            <style:style style:name='ta2' style:family='table'><style:table-properties table:display='false'/></style:style>
            </office:automatic-styles><office:body><office:spreadsheet>\
            """
                + table.formatted("Crews", "ta1", cells("Boat", "Seats") + cells("Tern", "4"))
                + table.formatted("Lists", "ta2", cells("Code") + cells("Zulu"))
                + "</office:spreadsheet></office:body>",
            "");
    assertEquals(List.of("1 hidden sheet was left out: \"Lists\""), parsed.warnings());
    assertEquals(List.of("Crews"), parsed.pages().stream().map(ParsedPage::label).toList());
    assertEquals(List.of("| Tern | 4 |"), parsed.texts(Kind.TABLE_ROW));
  }

  @Test
  void sheetsHaveNamesTablesAndMergedCells() throws Exception {
    String wide =
        "<table:table-cell table:number-columns-spanned='2'><text:p>Seats</text:p></table:table-cell><table:covered-table-cell/>";
    String high =
        "<table:table-cell table:number-rows-spanned='2'><text:p>North</text:p></table:table-cell>";
    String blank =
        "<table:table-row table:number-rows-repeated='1048000'><table:table-cell table:number-columns-repeated='16384'/></table:table-row>";
    ParsedFile parsed =
        parse(
            "a.ods",
            "spreadsheet",
            "<office:body><office:spreadsheet><table:table table:name='Crews'>"
                + cells("<table:table-cell table:number-columns-repeated='2'/>", wide)
                + cells("Pier", "Boat", "In", "Out")
                + cells(high, "Tern", "4", "2")
                + cells("<table:covered-table-cell/>", "Gull", "6", "3")
                + blank
                + cells("Shed", "Area", "Owner")
                + cells("S1", "<table:table-cell office:value='20'/>", "Ole")
                + "</table:table></office:spreadsheet></office:body>",
            "<style:header><text:p><text:sheet-name>???</text:sheet-name></text:p></style:header>"
                + "<style:footer><text:p>Page <text:page-number>1</text:page-number> / </text:p>"
                + "<text:p>Depot of Holm</text:p></style:footer>");
    assertEquals(List.of("Crews"), parsed.pages().stream().map(ParsedPage::label).toList());
    assertEquals(
        List.of("| Pier | Boat | Seats In | Seats Out |", "| Shed | Area | Owner |"),
        parsed.texts(Kind.TABLE_HEADER));
    assertEquals(
        List.of("| North | Tern | 4 | 2 |", "| North | Gull | 6 | 3 |", "| S1 | 20 | Ole |"),
        parsed.texts(Kind.TABLE_ROW));
    assertEquals(List.of("Depot of Holm"), parsed.texts(Kind.PARAGRAPH));
  }

  @Test
  void textsHaveNumbersNotesAndLinks() throws Exception {
    ParsedFile parsed =
        parse(
            "a.odt",
            "text",
            "<office:automatic-styles><text:list-style style:name='L1'>"
                + "<text:list-level-style-number text:level='1' style:num-suffix='.' style:num-format='1'/>"
                + "<text:list-level-style-number text:level='2' style:num-suffix=')' style:num-format='a'/>"
                + "</text:list-style></office:automatic-styles>"
                + "<office:body><office:text>"
                + "<text:tracked-changes><text:p>deleted</text:p></text:tracked-changes>"
                + "<text:h text:outline-level='2'>Rules</text:h>"
                + "<text:p>Fuel is kept<text:note><text:note-citation>1</text:note-citation><text:note-body>"
                + "<text:p>At jetty 3.</text:p></text:note-body></text:note> in<text:s text:c='2'/>cans"
                + "<office:annotation><dc:creator>Ida</dc:creator><dc:date>2026</dc:date><text:p>Ask Ole.</text:p></office:annotation>.</text:p>"
                + "<text:list text:style-name='L1'><text:list-item><text:p>Stop</text:p>"
                + "<text:list><text:list-item><text:p>now</text:p></text:list-item></text:list></text:list-item>"
                + "<text:list-item><text:p>Wait</text:p></text:list-item></text:list>"
                + "<text:p>See <text:a xlink:href='https://x.example/r'>the rules</text:a>.</text:p>"
                + "<table:table><table:table-header-rows>"
                + cells("2023", "2024")
                + "</table:table-header-rows>"
                + cells("1", "2")
                + "</table:table></office:text></office:body>",
            "<style:header><text:p>Harbour office</text:p></style:header>");
    assertEquals(List.of("Rules"), parsed.texts(Kind.HEADING));
    assertEquals(
        List.of(
            "Harbour office",
            "Fuel is kept[1] in cans.",
            "[1] At jetty 3.",
            "Ida: Ask Ole.",
            "See the rules (https://x.example/r)."),
        parsed.texts(Kind.PARAGRAPH));
    assertEquals(List.of("- 1. Stop", "- a) now", "- 2. Wait"), parsed.texts(Kind.LIST_ITEM));
    assertEquals(List.of("| 2023 | 2024 |"), parsed.texts(Kind.TABLE_HEADER));
  }

  @Test
  void slidesAreNumberedAndMastersAreNoText() throws Exception {
    String frame =
        "<draw:frame presentation:class='title'><draw:text-box><text:p>%s</text:p></draw:text-box></draw:frame>";
    ParsedFile parsed =
        parse(
            "a.odp",
            "presentation",
            "<office:body><office:presentation><draw:page draw:name='page1'>"
                + frame.formatted("Fleet")
                + "<draw:custom-shape><text:p>Tern retires.</text:p></draw:custom-shape></draw:page>"
                + "<draw:page draw:name='page2'>"
                + frame.formatted("Crew")
                + "<presentation:notes><draw:frame><draw:text-box><text:p>Thank Ole.</text:p></draw:text-box></draw:frame></presentation:notes>"
                + "</draw:page></office:presentation></office:body>",
            frame.formatted("Click to edit")
                + "<draw:frame><draw:text-box><text:p>Port of Holm</text:p></draw:text-box></draw:frame>");
    assertEquals(List.of("Fleet", "Crew"), parsed.texts(Kind.HEADING));
    assertEquals("Port of Holm\nFleet\nTern retires.\nCrew\nThank Ole.", parsed.text());
    assertEquals(2, parsed.blocks().getLast().page());
  }
}
