package dev.throng.parser.worker.pdf;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.interactive.action.PDActionURI;
import org.apache.pdfbox.pdmodel.interactive.annotation.PDAnnotation;
import org.apache.pdfbox.pdmodel.interactive.annotation.PDAnnotationLink;
import org.apache.pdfbox.pdmodel.interactive.annotation.PDAnnotationMarkup;
import org.apache.pdfbox.pdmodel.interactive.annotation.PDAnnotationWidget;
import org.jspecify.annotations.Nullable;

/**
 * The comments of a page, and the addresses of its links.
 *
 * @param hasFiles whether it may have attachments
 */
record Annotations(List<String> texts, boolean hasFiles) {
  private static final int MAX_TEXTS = 10_000;

  /** Returns those of a page. Broken ones are left out. */
  static Annotations of(PDPage page) {
    Set<String> texts = new LinkedHashSet<>();
    boolean hasFiles = false;
    try {
      for (PDAnnotation annotation : page.getAnnotations()) {
        boolean isPlain =
            annotation instanceof PDAnnotationLink || annotation instanceof PDAnnotationWidget;
        hasFiles |= !isPlain;
        if (texts.size() < MAX_TEXTS) {
          texts.addAll(texts(annotation));
        }
      }
    } catch (IOException | RuntimeException e) {
      return new Annotations(List.copyOf(texts), hasFiles);
    }
    return new Annotations(List.copyOf(texts), hasFiles);
  }

  private static List<String> texts(PDAnnotation annotation) {
    List<String> texts = new ArrayList<>();
    if (annotation instanceof PDAnnotationLink link
        && link.getAction() instanceof PDActionURI address) {
      add(address.getURI(), texts);
    }
    if (annotation instanceof PDAnnotationMarkup comment) {
      add(comment.getTitlePopup(), texts);
      add(comment.getSubject(), texts);
      add(comment.getContents(), texts);
    }
    return texts;
  }

  private static void add(@Nullable String text, List<String> texts) {
    if (text != null && !text.isBlank()) {
      texts.add(text);
    }
  }
}
