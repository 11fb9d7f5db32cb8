package dev.throng.parser.worker;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.tika.parser.txt.CharsetDetector;
import org.apache.tika.parser.txt.CharsetMatch;
import org.jspecify.annotations.Nullable;

/**
 * Detects the charset of a text file: by byte order mark; otherwise {@link Utf16} if the bytes look
 * like it; otherwise UTF-8 if nearly all bytes are valid UTF-8; otherwise the declared charset;
 * otherwise a guess from the bytes.
 */
final class Charsets {
  private static final Charset WESTERN = Charset.forName("windows-1252");

  /** Number of bytes at the beginning from which a charset is guessed. */
  private static final int SAMPLE_BYTES = 1 << 16;

  /** Minimum number of non-ASCII bytes for a guess. */
  private static final int MIN_EVIDENCE = 12;

  /** Minimum confidence of the detector, of 100, to be preferred to the Western charset. */
  private static final int MIN_CONFIDENCE = 30;

  private Charsets() {}

  /** Opens a file in its charset. */
  static Reader open(Path file, @Nullable Charset declared) throws IOException {
    Charset charset = of(file, declared);
    Reader reader =
        new BufferedReader(
            new InputStreamReader(
                new BufferedInputStream(Files.newInputStream(file), SAMPLE_BYTES),
                charset
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPLACE)
                    .onUnmappableCharacter(CodingErrorAction.REPLACE)));
    reader.mark(1);
    if (reader.read() != '\uFEFF') {
      reader.reset();
    }
    return reader;
  }

  static String decode(byte[] content, Charset charset) {
    String text = new String(content, charset);
    return text.startsWith("\uFEFF") ? text.substring(1) : text;
  }

  static Charset of(Path file, @Nullable Charset declared) throws IOException {
    byte[] sample;
    try (InputStream in = Files.newInputStream(file)) {
      sample = in.readNBytes(SAMPLE_BYTES);
    }
    Charset marked = byMarkOrZeros(sample);
    if (marked != null) {
      return marked;
    }
    if (isUtf8(file)) {
      return StandardCharsets.UTF_8;
    }
    return declared == null || declared.name().startsWith("UTF-") ? guess(sample) : declared;
  }

  private static @Nullable Charset byMarkOrZeros(byte[] sample) {
    if (startsWith(sample, 0xEF, 0xBB, 0xBF)) {
      return StandardCharsets.UTF_8;
    }
    if (startsWith(sample, 0xFF, 0xFE, 0, 0)) {
      return Charset.forName("UTF-32");
    }
    if (startsWith(sample, 0xFE, 0xFF) || startsWith(sample, 0xFF, 0xFE)) {
      return StandardCharsets.UTF_16;
    }
    return hasEscapes(sample) ? Charset.forName("ISO-2022-JP") : Utf16.guess(sample);
  }

  /**
   * Returns whether the bytes contain the escape sequences of ISO 2022, by which Japanese mails
   * change charsets. Apart from these they look like ASCII.
   */
  private static boolean hasEscapes(byte[] sample) {
    for (int i = 0; i + 2 < sample.length; i++) {
      if (sample[i] == 0x1B
          && sample[i + 1] == '$'
          && (sample[i + 2] == 'B' || sample[i + 2] == '@')) {
        return true;
      }
    }
    return false;
  }

  /**
   * Returns whether characters have two or four bytes, some of which look like control characters.
   */
  static boolean isWide(byte[] sample) {
    Charset charset = byMarkOrZeros(sample);
    return charset != null
        && charset.name().startsWith("UTF-")
        && !charset.equals(StandardCharsets.UTF_8);
  }

  /**
   * Returns whether all but a few of the non-ASCII characters are valid UTF-8. A few invalid bytes
   * do not change the charset.
   */
  private static boolean isUtf8(Path file) throws IOException {
    long good = 0;
    long bad = 0;
    try (InputStream in = Files.newInputStream(file)) {
      byte[] buffer = new byte[SAMPLE_BYTES];
      int expected = 0;
      for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
        for (int i = 0; i < length; i++) {
          int next = buffer[i];
          if (next >= 0 && expected == 0) {
            continue; // ASCII
          }
          next &= 0xFF;
          boolean isContinuation = (next & 0xC0) == 0x80;
          if (expected > 0 && isContinuation) {
            expected--;
            good += expected == 0 ? 1 : 0;
          } else {
            bad += expected > 0 ? 1 : 0;
            expected = continuations(next);
            bad += expected < 0 ? 1 : 0;
            expected = Math.max(0, expected);
          }
        }
      }
    }
    return bad * 50 <= good;
  }

  /**
   * Returns how many bytes follow the first one of a character, or -1 when it cannot be a first
   * byte.
   */
  private static int continuations(int first) {
    if (first < 0x80) {
      return 0;
    }
    if (first < 0xC2 || first > 0xF4) {
      return -1;
    }
    return first < 0xE0 ? 1 : first < 0xF0 ? 2 : 3;
  }

  private static Charset guess(byte[] sample) {
    int evidence = 0;
    for (byte b : sample) {
      evidence += b < 0 ? 1 : 0;
    }
    if (evidence < MIN_EVIDENCE) {
      return WESTERN;
    }
    CharsetDetector detector = new CharsetDetector();
    detector.setText(sample);
    for (CharsetMatch match : detector.detectAll()) {
      String name = match.getName();
      if (match.getConfidence() < MIN_CONFIDENCE) {
        break;
      }
      if (Charset.isSupported(name) && !name.startsWith("UTF") && !name.startsWith("IBM42")) {
        return name.equals("ISO-8859-1") ? WESTERN : Charset.forName(name);
      }
    }
    return WESTERN;
  }

  private static boolean startsWith(byte[] content, int... bytes) {
    for (int i = 0; i < bytes.length; i++) {
      if (content.length <= i || (content[i] & 0xFF) != bytes[i]) {
        return false;
      }
    }
    return true;
  }
}
