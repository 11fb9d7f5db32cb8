package dev.throng.parser.worker;

import dev.throng.parser.worker.Growth.Case;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A document of twice the length takes at most 2.5 times the CPU time, whatever its content. Each
 * case repeats something that a parser or a regular expression may examine more than once.
 */
@Timeout(180)
final class GrowthTest {
  @TempDir private static Path folder = Path.of("");
  private static Growth growth;

  @BeforeAll
  static void loadParsers() throws Exception {
    growth = new Growth(folder);
  }

  static Stream<Case> plainTexts() {
    return Stream.of(
            Growth.of(
                "a.txt", "\0", " ", "\n", "\n \t", "\r\n\r", "1 1", "1", "a:", "From ", "\u00e4 ",
                "x"),
            Growth.of("a.csv", "\"", ",", ";", "\"a\",", "a,b\n", "\"\"", "\t", "\r"),
            Growth.of(
                "a.eml",
                "a: b\n",
                "a: b\n c\n",
                "=?utf-8?q?a?=",
                "--b\n",
                "=\n",
                " ",
                "Received: x\n",
                "a@b, "))
        .flatMap(cases -> cases);
  }

  static Stream<Case> framed() {
    String mail = "From: a@b.example\nContent-Type: multipart/mixed; boundary=b\n\n";
    String pageInMail = "From: a@b.example\nContent-Type: text/html\n\n";
    return Stream.of(
        new Case("a.md", "---\ntitle: a", " ", "b\n---\n# x\n"),
        new Case("a.md", "---\n", "a: b\n", "---\n# x\n"),
        new Case("a.md", "---\n", "---  x\n", "text"),
        new Case("a.csv", "", "\"a;b\";c,d\n", ""),
        new Case("a.csv", "", "a name;", "\n1;2;3\n"),
        new Case("a.json", "[", "1,", "1]"),
        new Case("a.json", "[", "{\"a\":\"b\"},", "1]"),
        new Case("a.json", "{\"a\":\"", "x ", "\"}"),
        new Case("a.json", "", "{\"a\": 1}\n", ""),
        new Case("a.xml", "<a>", "<b>x</b>", "</a>"),
        new Case("a.xml", "<a>", "<!-- x -->", "</a>"),
        new Case("a.xml", "<a>", "x &lt; ", "</a>"),
        new Case("a.xml", "", "\n", "<?xml version='1.0'?><a>x</a>"),
        new Case("a.eml", mail, "--b\n\nx\n", "--b--\n"),
        new Case("a.eml", mail, "--b--\n", "x"),
        new Case("a.eml", "From: a@b.example\nSubject: ", "=?utf-8?q?a?= ", "\n\nx"),
        new Case("a.eml", "From: a@b.example\n\nx\n", "> > a\n", ""),
        new Case("a.eml", "From: a@b.example\n\nx\n", "From: a\n", ""),
        new Case("a.eml", pageInMail, "<div id=appendonsend>a</div>\n", ""),
        new Case("a.eml", pageInMail, "<div class=gmail_quote>a\n", ""),
        new Case("a.rtf", "{\\rtf1 ", "{", "x}"),
        new Case("a.rtf", "{\\rtf1 ", "\\par x", "}"),
        new Case("a.rtf", "{\\rtf1 ", "\\'e4", "}"),
        new Case("a.rtf", "{\\rtf1 ", "\\trowd x\\cell\\row ", "}"));
  }

  static Stream<Case> pages() {
    String page = "<html><body>";
    return Stream.of(
        new Case("a.html", "<meta charset=", " ", "?"),
        new Case("a.html", "", "<meta charset=", "?"),
        new Case("a.html", "", "<!--", ""),
        new Case("a.html", page, "<b>", "x"),
        new Case("a.html", page, "<p>a", "x"),
        new Case("a.html", page, "&amp;", "x"),
        new Case("a.html", page, "<a ", "x"),
        new Case("a.html", page + "<table>", "<tr><td>a<td>b", "</table>"),
        new Case("a.html", page + "<pre>", "a\n", "</pre>"),
        new Case("a.html", page, "<li>a", ""),
        new Case("a.html", page, "<button>a", ""),
        new Case("a.html", page, "<button class=faq>a</button><div>b</div>", ""),
        new Case("a.html", page, "<div class=faq>a", ""),
        new Case("a.html", page, "<div hidden>", "a"),
        new Case("a.html", page, "<!-- --><p style='display:none'>a</p>", ""),
        new Case("a.html", page, "<details><summary>a", ""),
        new Case("a.html", page, "<div>a</div><div style='display:none'>", ""),
        new Case("a.html", page, "<div style='display:none'><div>a</div>", ""),
        new Case("a.html", page + "<table class=collapsed>", "<tr style='display:none'><td>a", ""),
        new Case("a.html", page, "<span class=abc>ab</span><span class=abc>", ""),
        new Case("a.html", page, "<h1><div>", "a"),
        new Case("a.html", page, "<div>cookies<button>OK</button>", ""),
        new Case("a.html", page, "<div><button>OK</button></div>", "cookies"),
        new Case("a.html", page, "<a href=/p>Privacy", ""),
        new Case("a.html", page, "<svg role=img aria-label=a>", ""),
        new Case("a.html", page + "<table><tr><td>", "<img alt=a>", ""),
        new Case(
            "a.html", page + "<h1>a</h1><p>" + "a ".repeat(120) + "</p>", "<div><h2>a</h2>", "b"),
        new Case("a.html", page + "<h1>a</h1>", "<div class=a><p>" + "a ".repeat(120) + "</p>", ""),
        new Case("a.html", page + "<ol reversed>", "<li value=1><a href=http://x.y/>a</a>", ""),
        new Case("a.html", page, "<ol><li>", "a"),
        new Case("a.html", page, "<a href=#a>b</a>", ""),
        new Case("a.html", page + "<select>", "<option>a", ""),
        new Case("a.html", "<style>", ".a{display:none}", "</style><p class=a>x"),
        new Case("a.html", "<style>", ".a,", "{display:none}</style><p class=a>x"),
        new Case("a.html", "<style>", "{", "</style><p class=a>x"),
        new Case("a.html", page, "<table><tr><td rowspan=9>a", ""),
        new Case("a.html", page + "<table>", "<tr><td rowspan=99 colspan=9>a", ""),
        new Case("a.html", page + "<table><tr>", "<th>a b c<th colspan=3>d", "<tr><td>x"));
  }

  static Stream<Case> slides() {
    return Stream.of(
        new Case("p.xml", "<p:sldId ", "w", ""),
        new Case("p.xml", "", "<p:sldId ", ""),
        new Case("p.xml", "", "<p:sldId r:id='a'/>", ""),
        new Case("p.xml", "", ">", ""),
        new Case("p.xml", "", "<a", ">"),
        new Case("p.xml", "<p:sldId r:id", " ", ">"));
  }

  static Stream<Case> parts() {
    String word = "<w:document xmlns:w='urn:w'><w:body>";
    String chart = "<c:chartSpace xmlns:c='urn:c'>";
    String slide = "<p:sld xmlns:p='urn:p'><p:cSld><p:spTree>";
    return Stream.of(
        new Case("word/document.xml", word, "<w:tbl><w:tr><w:tc><w:tcPr/>", ""),
        new Case(
            "word/document.xml",
            word + "<w:tbl>",
            "<w:tr><w:trPr><w:gridBefore w:val='9'/></w:trPr></w:tr>",
            "</w:tbl></w:body></w:document>"),
        new Case("word/charts/chart1.xml", chart, "<c:ser><c:v>1</c:v>", ""),
        new Case("word/charts/chart1.xml", chart, "<c:title><c:t>a</c:t></c:title>", ""),
        new Case(
            "ppt/slides/slide1.xml", slide, "<p:sp><a/></p:sp>", "</p:spTree></p:cSld></p:sld>"));
  }

  @ParameterizedTest
  @MethodSource("parts")
  void markedPartsGrowSteadily(Case part) throws Exception {
    Growth.assertSteady(
        part,
        (name, content) -> {
          byte[] xml = content.getBytes(StandardCharsets.UTF_8);
          Path file = Files.write(folder.resolve("marked.zip"), zip(Map.of(name, xml)));
          Files.delete(
              MarkedCopy.of(
                  file,
                  member ->
                      member.startsWith("ppt")
                          ? Slide::rewrite
                          : member.contains("chart") ? Chart::rewrite : WordCells::mark));
        });
  }

  @ParameterizedTest
  @MethodSource("plainTexts")
  void textGrowsSteadily(Case document) throws Exception {
    growth.assertParsedSteadily(document);
  }

  @ParameterizedTest
  @MethodSource({"framed", "pages"})
  void markupGrowsSteadily(Case document) throws Exception {
    growth.assertParsedSteadily(document);
  }

  private static byte[] zip(Map<String, byte[]> members) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (Map.Entry<String, byte[]> member : members.entrySet()) {
        zip.putNextEntry(new ZipEntry(member.getKey()));
        zip.write(member.getValue());
        zip.closeEntry();
      }
    }
    return bytes.toByteArray();
  }

  @ParameterizedTest
  @MethodSource("slides")
  void orderOfSlidesGrowsSteadily(Case part) throws Exception {
    Growth.assertSteady(
        part,
        (name, content) -> {
          byte[] xml = content.getBytes(StandardCharsets.UTF_8);
          Map<String, byte[]> parts = new LinkedHashMap<>();
          parts.put("ppt/presentation.xml", xml);
          parts.put(
              "ppt/_rels/presentation.xml.rels",
              content.replace("sldId", "Relationship").getBytes(StandardCharsets.UTF_8));
          Path file = Files.write(folder.resolve("a.pptx"), zip(parts));
          Path ordered = SlideOrder.inOrder(file);
          if (!ordered.equals(file)) {
            Files.delete(ordered);
          }
        });
  }
}
