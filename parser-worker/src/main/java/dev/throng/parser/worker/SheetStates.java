package dev.throng.parser.worker;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.apache.poi.hssf.eventusermodel.AbortableHSSFListener;
import org.apache.poi.hssf.eventusermodel.HSSFEventFactory;
import org.apache.poi.hssf.eventusermodel.HSSFRequest;
import org.apache.poi.hssf.eventusermodel.HSSFUserException;
import org.apache.poi.hssf.record.BoundSheetRecord;
import org.apache.poi.hssf.record.EOFRecord;
import org.apache.poi.hssf.record.Record;
import org.apache.poi.openxml4j.opc.OPCPackage;
import org.apache.poi.openxml4j.opc.PackagePart;
import org.apache.poi.openxml4j.opc.PackageRelationshipTypes;
import org.apache.poi.poifs.filesystem.POIFSFileSystem;
import org.apache.tika.exception.TikaException;
import org.apache.tika.parser.ParseContext;
import org.apache.tika.utils.XMLReaderUtils;
import org.xml.sax.Attributes;
import org.xml.sax.SAXException;
import org.xml.sax.helpers.DefaultHandler;

/** Finds the names of the hidden sheets of workbooks. */
final class SheetStates {
  private static final short STOP = 1;

  private SheetStates() {}

  /** Returns the names of hidden sheets of a workbook since 2007. */
  static Set<String> hidden(OPCPackage container, ParseContext context)
      throws IOException, TikaException, SAXException {
    Set<String> hidden = new HashSet<>();
    for (PackagePart part :
        container.getPartsByRelationshipType(PackageRelationshipTypes.CORE_DOCUMENT)) {
      try (InputStream in = part.getInputStream()) {
        XMLReaderUtils.parseSAX(in, new States(hidden), context);
      }
    }
    return hidden;
  }

  private static final class States extends DefaultHandler {
    private final Set<String> hidden;

    States(Set<String> hidden) {
      this.hidden = hidden;
    }

    @Override
    public void startElement(String uri, String localName, String qName, Attributes attributes) {
      String state = attributes.getValue("state");
      String name = attributes.getValue("name");
      boolean isHidden = "hidden".equals(state) || "veryHidden".equals(state);
      if (localName.equals("sheet") && isHidden && name != null) {
        hidden.add(name);
      }
    }
  }

  /** Returns the names of hidden sheets of a workbook before 2007. */
  static Set<String> hidden(Path file) throws IOException {
    Set<String> hidden = new HashSet<>();
    AbortableHSSFListener states =
        new AbortableHSSFListener() {
          @Override
          public short abortableProcessRecord(Record each) {
            if (each instanceof BoundSheetRecord sheet) {
              if (sheet.isHidden() || sheet.isVeryHidden()) {
                hidden.add(sheet.getSheetname());
              }
              return 0;
            }
            return STOP; // the sheets themselves follow
          }
        };
    HSSFRequest request = new HSSFRequest();
    request.addListener(states, BoundSheetRecord.sid);
    request.addListener(states, EOFRecord.sid);
    try (POIFSFileSystem container = new POIFSFileSystem(file.toFile(), true)) {
      new HSSFEventFactory().abortableProcessWorkbookEvents(request, container);
    } catch (HSSFUserException e) {
      throw new IOException(e);
    }
    return hidden;
  }
}
