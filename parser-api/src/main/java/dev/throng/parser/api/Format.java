package dev.throng.parser.api;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The formats that are distinguished, each with its file extensions, the usual one first. */
public enum Format {
  PDF("pdf"),
  DOCX("docx docm dotx dotm"),
  PPTX("pptx pptm ppsx potx"),
  XLSX("xlsx xlsm xltx xlsb"),
  DOC("doc dot"),
  PPT("ppt pps"),
  XLS("xls xlt"),
  ODT("odt ods odp ott"),
  RTF("rtf"),
  EPUB("epub"),
  MSG("msg"),
  EML("eml mbox"),
  HTML("html htm xhtml"),
  MARKDOWN("md markdown"),
  RST("rst"),
  ORG("org"),
  TEXT("txt text log"),
  /** Settings and programs, whose line ends and indents mean something. */
  SOURCE(
      "ini cfg conf properties env yaml yml toml sql sh bash ps1 bat java kt py js mjs ts tsx jsx go rs c h cpp hpp cs"
          + " rb php swift scala css tf"),
  CSV("csv tsv"),
  JSON("json jsonl ndjson"),
  XML("xml"),
  IMAGE("png jpg jpeg tif tiff bmp gif"),
  ARCHIVE("zip tar gz tgz bz2");

  private final String endings;

  /**
   * Creates a format.
   *
   * @param endings separated by blanks
   */
  Format(String endings) {
    this.endings = endings;
  }

  /** Returns the usual extension, without a dot. */
  public String ending() {
    return endings().getFirst();
  }

  private List<String> endings() {
    return List.of(endings.split(" "));
  }

  /** Returns whether its content is text. */
  public boolean isText() {
    return switch (this) {
      case EML, HTML, MARKDOWN, RST, ORG, TEXT, SOURCE, CSV, JSON, XML -> true;
      default -> false;
    };
  }

  /** Returns the format of a name's extension, or null when it is none of these. */
  public static @Nullable Format ofName(String name) {
    String ending = ending(name);
    for (Format format : values()) {
      if (format.endings().contains(ending)) {
        return format;
      }
    }
    return null;
  }

  /**
   * Returns the text after a name's last dot, in lower case, or the whole name when there is none.
   */
  public static String ending(String name) {
    return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
  }
}
