package dev.throng.parser.worker;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.cos.COSBase;
import org.apache.pdfbox.cos.COSDictionary;
import org.apache.pdfbox.cos.COSName;
import org.apache.pdfbox.io.IOUtils;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDResources;
import org.jspecify.annotations.Nullable;

/** Finds pages of a PDF that are images, whose text is lost without OCR. */
final class PdfImages {
  /** A page scanned at 72 dots per inch has half a million pixels. Logos have fewer. */
  private static final long MIN_PIXELS = 250_000;

  /** Maximum number of pages examined, because the others are usually of the same kind. */
  private static final int MAX_PAGES = 2_000;

  private static final int MAX_FORM_DEPTH = 5;

  private PdfImages() {}

  /**
   * Returns those of the given pages that contain a large image.
   *
   * @param pages numbers from 1, in order
   */
  static List<Integer> among(List<Integer> pages, Path file) throws IOException {
    List<Integer> found = new ArrayList<>();
    try (PDDocument document =
        Loader.loadPDF(file.toFile(), "", IOUtils.createTempFileOnlyStreamCache())) {
      int last = document.getNumberOfPages();
      for (int page : pages.subList(0, Math.min(MAX_PAGES, pages.size()))) {
        Set<COSBase> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        if (page <= last && hasPicture(document.getPage(page - 1).getResources(), seen)) {
          found.add(page);
        }
      }
    }
    return found;
  }

  private static boolean hasPicture(@Nullable PDResources resources, Set<COSBase> seen) {
    return resources != null && hasPicture(resources.getCOSObject(), seen, 0);
  }

  private static boolean hasPicture(COSDictionary resources, Set<COSBase> seen, int depth) {
    COSDictionary objects = resources.getCOSDictionary(COSName.XOBJECT);
    if (objects == null || depth > MAX_FORM_DEPTH || !seen.add(objects)) {
      return false;
    }
    for (COSName name : objects.keySet()) {
      COSDictionary object = objects.getCOSDictionary(name);
      if (object == null) {
        continue;
      }
      boolean isImage = COSName.IMAGE.equals(object.getCOSName(COSName.SUBTYPE));
      long pixels = (long) object.getInt(COSName.WIDTH) * object.getInt(COSName.HEIGHT);
      COSDictionary inner = object.getCOSDictionary(COSName.RESOURCES);
      if ((isImage && pixels >= MIN_PIXELS)
          || (inner != null && hasPicture(inner, seen, depth + 1))) {
        return true;
      }
    }
    return false;
  }
}
