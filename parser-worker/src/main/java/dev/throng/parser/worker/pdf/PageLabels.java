package dev.throng.parser.worker.pdf;

import java.io.IOException;
import java.util.List;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.common.PDPageLabels;

/** The printed numbers of pages, such as {@code iv}. */
final class PageLabels {
  private static final int MAX_CHARS = 50;

  private PageLabels() {}

  /** Returns the label of each page; an empty list when there are none, or they are broken. */
  static List<String> of(PDDocument document) {
    try {
      PDPageLabels labels = document.getDocumentCatalog().getPageLabels();
      if (labels == null) {
        return List.of();
      }
      String[] all = labels.getLabelsByPageIndices();
      for (int i = 0; i < all.length; i++) {
        String label = all[i] == null ? "" : all[i].strip();
        all[i] =
            label.isEmpty()
                ? Integer.toString(i + 1)
                : label.substring(0, Math.min(MAX_CHARS, label.length()));
      }
      return List.of(all);
    } catch (IOException | RuntimeException e) {
      return List.of(); // the pages are numbered then
    }
  }
}
