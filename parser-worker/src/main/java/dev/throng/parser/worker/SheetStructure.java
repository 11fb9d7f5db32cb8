package dev.throng.parser.worker;

import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Map;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.apache.poi.ss.util.CellAddress;
import org.apache.poi.ss.util.CellRangeAddress;
import org.apache.tika.utils.XMLReaderUtils;

/**
 * What a sheet's XML says after its cells: which of them are merged, and their links (ECMA-376,
 * 18.3.1.55 and 18.3.1.47).
 *
 * @param merged the extents of merged cells by the first place that they cover
 * @param links the identifiers of relations by cell
 */
record SheetStructure(Map<CellAddress, CellSpan> merged, Map<CellAddress, String> links) {
  /** A sheet with more is read without the further ones. */
  private static final int MAX_ENTRIES = 200_000;

  private static final String RELATIONS =
      "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

  static SheetStructure read(InputStream in) throws IOException {
    SheetStructure found = new SheetStructure(new HashMap<>(), new HashMap<>());
    try {
      XMLStreamReader xml = XMLReaderUtils.getXMLInputFactory().createXMLStreamReader(in);
      while (xml.hasNext()) {
        if (xml.next() == XMLStreamConstants.START_ELEMENT) {
          found.add(xml);
        }
      }
    } catch (XMLStreamException e) {
      return found; // the reader of the cells reports it
    }
    return found;
  }

  private void add(XMLStreamReader xml) {
    boolean isMerge = xml.getLocalName().equals("mergeCell");
    boolean isLink = xml.getLocalName().equals("hyperlink");
    String reference = isMerge || isLink ? xml.getAttributeValue(null, "ref") : null;
    if (reference == null) {
      return;
    }
    CellRangeAddress range;
    try {
      range = CellRangeAddress.valueOf(reference);
    } catch (IllegalArgumentException e) {
      return; // not a reference
    }
    CellAddress first = new CellAddress(range.getFirstRow(), range.getFirstColumn());
    String relation = xml.getAttributeValue(RELATIONS, "id");
    if (isMerge && merged.size() < MAX_ENTRIES) {
      int columns = range.getLastColumn() - range.getFirstColumn() + 1;
      int rows = range.getLastRow() - range.getFirstRow() + 1;
      merged.put(first, CellSpan.of(columns, rows));
    } else if (isLink && relation != null && links.size() < MAX_ENTRIES) {
      links.put(first, relation);
    }
  }
}
