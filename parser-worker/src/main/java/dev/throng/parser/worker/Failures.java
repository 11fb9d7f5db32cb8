package dev.throng.parser.worker;

import dev.throng.parser.api.DocumentException;
import dev.throng.parser.api.DocumentException.Reason;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.tika.exception.EncryptedDocumentException;
import org.apache.tika.exception.ZeroByteFileException;
import org.jspecify.annotations.Nullable;

/** Classifies exceptions of parsers by their root causes. */
final class Failures {
  private static final int MAX_MESSAGE_CHARS = 300;

  private static final Pattern DISK_FAULT =
      Pattern.compile(
          "(?:(No space left on device|Disk quota exceeded)"
              + "|Read-only file system|Input/output error|Too many open files)\\)?$");

  private Failures() {}

  static DocumentException classify(Throwable failure) {
    DocumentException limit = limit(failure);
    if (limit != null) {
      return limit;
    }
    Reason ofDisk = reasonOfDisk(failure);
    if (ofDisk != null) {
      return new DocumentException(ofDisk, rootMessage(failure), failure);
    }
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof EncryptedDocumentException
          || cause instanceof org.apache.poi.EncryptedDocumentException) {
        return new DocumentException(
            Reason.DOCUMENT_ENCRYPTED, "it needs a password, or a key", failure);
      }
      if (cause instanceof ZeroByteFileException) {
        return new DocumentException(Reason.DOCUMENT_EMPTY, "the file is empty", failure);
      }
      if (cause instanceof EOFException || isTruncated(cause)) {
        return new DocumentException(Reason.DOCUMENT_TRUNCATED, rootMessage(failure), failure);
      }
    }
    return new DocumentException(Reason.DOCUMENT_UNREADABLE, rootMessage(failure), failure);
  }

  /**
   * Returns the code of a fault of this machine's disk, which is not the fault of a document; null
   * when it is none. The message must be the system's own and at the end: a parser's message may
   * quote the document, which could otherwise make all jobs wait.
   */
  private static @Nullable Reason reasonOfDisk(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      boolean isOfSystem =
          cause.getClass() == IOException.class
              || cause instanceof FileSystemException
              || cause instanceof FileNotFoundException;
      Matcher words = DISK_FAULT.matcher(String.valueOf(cause.getMessage()));
      if (isOfSystem && words.find()) {
        return words.group(1) == null ? Reason.STORAGE_FAILED : Reason.STORAGE_FULL;
      }
    }
    return null;
  }

  /** Returns whether this machine's disk caused a failure. */
  static boolean isOfDisk(Throwable failure) {
    return reasonOfDisk(failure) != null;
  }

  /** Returns the exceeded limit that caused a failure; null when it is of another kind. */
  static @Nullable DocumentException limit(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof DocumentException ours) {
        return ours;
      }
      if (cause instanceof StackOverflowError) {
        return new DocumentException(
            Reason.DOCUMENT_TOO_DEEP, "its parts are nested too deeply", failure);
      }
      if (isTooDeep(cause)) {
        return new DocumentException(Reason.DOCUMENT_TOO_DEEP, rootMessage(failure), failure);
      }
      if (isBomb(cause)) {
        return new DocumentException(Reason.DOCUMENT_BOMB, rootMessage(failure), failure);
      }
    }
    return null;
  }

  static String rootMessage(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    if (root instanceof EOFException && root.getMessage() == null) {
      return "it ends in the middle of its content";
    }
    String message = "%s: %s".formatted(root.getClass().getSimpleName(), root.getMessage());
    String line = message.replaceAll("\\s+", " ");
    return line.length() <= MAX_MESSAGE_CHARS ? line : line.substring(0, MAX_MESSAGE_CHARS);
  }

  private static boolean isTooDeep(Throwable cause) {
    String message = String.valueOf(cause.getMessage());
    return message.contains("jdk.xml.maxElementDepth")
        || (message.startsWith("Suspected zip bomb") && message.contains("levels of"));
  }

  private static boolean isBomb(Throwable cause) {
    String message = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
    return message.contains("zip bomb")
        || message.contains("entity expansions")
        || message.contains("jaxp0001");
  }

  private static boolean isTruncated(Throwable cause) {
    String message = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
    return message.contains("truncated")
        || message.contains("unexpected end")
        || message.contains("must start and end within the same entity")
        || message.contains("unexpected eof")
        || message.contains("premature end of file")
        || message.contains("past the end of the file");
  }
}
