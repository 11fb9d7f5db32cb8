package dev.throng.parser.api;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The formats that are told apart, each with the endings of its files, the usual one first. */
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
  EML("eml"),
  HTML("html htm xhtml"),
  MARKDOWN("md markdown"),
  RST("rst"),
  ORG("org"),
  TEXT("txt text log"),
  CSV("csv tsv"),
  JSON("json jsonl ndjson"),
  XML("xml"),
  IMAGE("png jpg jpeg tif tiff bmp gif"),
  ARCHIVE("zip tar gz tgz bz2");

  private final String endings;

  /**
   * @param endings parted by blanks
   */
  Format(String endings) {
    this.endings = endings;
  }

  /** The usual ending, without a dot. */
  public String ending() {
    return endings().getFirst();
  }

  private List<String> endings() {
    return List.of(endings.split(" "));
  }

  /** Whether its content is characters. */
  public boolean isText() {
    return switch (this) {
      case EML, HTML, MARKDOWN, RST, ORG, TEXT, CSV, JSON, XML -> true;
      default -> false;
    };
  }

  /** The format that a name's ending declares; null when it declares none of these. */
  public static @Nullable Format ofName(String name) {
    String ending = ending(name);
    for (Format format : values()) {
      if (format.endings().contains(ending)) {
        return format;
      }
    }
    return null;
  }

  /** What stands behind a name's last dot, in lower case; the whole name when there is none. */
  public static String ending(String name) {
    return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
  }
}
