package dev.throng.ingest.parse;

import dev.throng.core.ErrorCode;
import dev.throng.core.ThrongException;
import java.io.EOFException;
import java.util.Locale;
import org.apache.tika.exception.EncryptedDocumentException;
import org.apache.tika.exception.ZeroByteFileException;
import org.jspecify.annotations.Nullable;

/** Classifies what parsers throw, by what lies behind their wrappers. */
final class Failures {
  private static final int MAX_MESSAGE_CHARS = 300;

  private Failures() {}

  static ThrongException classify(Throwable failure) {
    ThrongException limit = limit(failure);
    if (limit != null) {
      return limit;
    }
    if (ThrongException.isDiskFull(failure)) {
      return new ThrongException(ErrorCode.STORAGE_FULL, rootMessage(failure), failure);
    }
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof EncryptedDocumentException
          || cause instanceof org.apache.poi.EncryptedDocumentException) {
        return new ThrongException(
            ErrorCode.DOCUMENT_ENCRYPTED, "it needs a password, or a key", failure);
      }
      if (cause instanceof ZeroByteFileException) {
        return new ThrongException(ErrorCode.DOCUMENT_EMPTY, "the file is empty", failure);
      }
      if (cause instanceof EOFException || saysTruncated(cause)) {
        return new ThrongException(ErrorCode.DOCUMENT_TRUNCATED, rootMessage(failure), failure);
      }
    }
    return new ThrongException(ErrorCode.DOCUMENT_UNREADABLE, rootMessage(failure), failure);
  }

  /** The broken limit behind a failure; null when it is of another kind. */
  static @Nullable ThrongException limit(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof ThrongException ours) {
        return ours;
      }
      if (cause instanceof StackOverflowError) {
        return new ThrongException(
            ErrorCode.DOCUMENT_TOO_DEEP, "its parts are nested too deep to be read", failure);
      }
      if (saysTooDeep(cause)) {
        return new ThrongException(ErrorCode.DOCUMENT_TOO_DEEP, rootMessage(failure), failure);
      }
      if (saysBomb(cause)) {
        return new ThrongException(ErrorCode.DOCUMENT_BOMB, rootMessage(failure), failure);
      }
    }
    return null;
  }

  static String rootMessage(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    String message = "%s: %s".formatted(root.getClass().getSimpleName(), root.getMessage());
    String line = message.replaceAll("\\s+", " ");
    return line.length() <= MAX_MESSAGE_CHARS ? line : line.substring(0, MAX_MESSAGE_CHARS);
  }

  private static boolean saysTooDeep(Throwable cause) {
    String message = String.valueOf(cause.getMessage());
    return message.contains("jdk.xml.maxElementDepth")
        || (message.startsWith("Suspected zip bomb") && message.contains("levels of"));
  }

  private static boolean saysBomb(Throwable cause) {
    String message = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
    return message.contains("zip bomb")
        || message.contains("entity expansions")
        || message.contains("jaxp0001");
  }

  private static boolean saysTruncated(Throwable cause) {
    String message = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
    return message.contains("truncated")
        || message.contains("unexpected end")
        || message.contains("must start and end within the same entity")
        || message.contains("unexpected eof")
        || message.contains("premature end of file")
        || message.contains("past the end of the file");
  }
}
