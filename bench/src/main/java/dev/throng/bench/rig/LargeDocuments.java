package dev.throng.bench.rig;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Large or numerous documents, of meaningless words. */
public final class LargeDocuments {
  private static final int WORDS_A_SENTENCE = 12;
  private static final int SENTENCES_A_PARAGRAPH = 6;
  private static final int VOCABULARY = 20_000;
  private static final int LINES_A_PAGE = 45;
  private static final int WORDS_A_LINE = 11;

  private final SplittableRandom random = new SplittableRandom(7);
  private final List<String> words = new ArrayList<>();

  public LargeDocuments() {
    for (int i = 0; i < VOCABULARY; i++) {
      StringBuilder word = new StringBuilder();
      for (int length = random.nextInt(2, 10); length > 0; length--) {
        word.append((char) ('a' + random.nextInt(26)));
      }
      words.add(word.toString());
    }
  }

  /** Plain texts of {@code bytes} each. */
  public void many(Path folder, int count, int bytes) throws IOException {
    Files.createDirectories(folder);
    for (int i = 0; i < count; i++) {
      text(folder.resolve("document-%05d.txt".formatted(i)), bytes, "\n\n");
    }
  }

  /**
   * Writes one plain text.
   *
   * @param between the separator of paragraphs
   */
  public void text(Path file, long bytes, String between) throws IOException {
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 16)) {
      long written = 0;
      while (written < bytes) {
        byte[] paragraph = (paragraph() + between).getBytes(StandardCharsets.US_ASCII);
        int length = (int) Math.min(paragraph.length, bytes - written);
        out.write(paragraph, 0, length);
        written += length;
      }
    }
  }

  /** A PDF of full pages, with its objects in the format's simplest form (ISO 32000). */
  public void pdf(Path file, int pages) throws IOException {
    try (Pdf pdf = new Pdf(new BufferedOutputStream(Files.newOutputStream(file), 1 << 16))) {
      StringBuilder kids = new StringBuilder();
      for (int page = 0; page < pages; page++) {
        kids.append(Pdf.FIRST_PAGE + 2 * page).append(" 0 R ");
      }
      pdf.object("<< /Type /Catalog /Pages 2 0 R >>");
      pdf.object("<< /Type /Pages /Count %d /Kids [%s] >>".formatted(pages, kids));
      pdf.object("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>");
      for (int page = 0; page < pages; page++) {
        pdf.object(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents %d 0 R /Resources << /Font << /F1 3 0 R >> >> >>"
                .formatted(Pdf.FIRST_PAGE + 2 * page + 1));
        String text = page();
        pdf.object("<< /Length %d >>%nstream%n%s%nendstream".formatted(text.length(), text));
      }
    }
  }

  private String page() {
    StringBuilder text = new StringBuilder("BT /F1 10 Tf 14 TL 50 740 Td");
    for (int line = 0; line < LINES_A_PAGE; line++) {
      text.append(" (");
      appendWords(text, WORDS_A_LINE);
      text.append(line % SENTENCES_A_PARAGRAPH == 0 ? "." : "").append(") Tj T*");
    }
    return text.append(" ET").toString();
  }

  private String paragraph() {
    StringBuilder text = new StringBuilder();
    for (int sentence = 0; sentence < SENTENCES_A_PARAGRAPH; sentence++) {
      int start = text.length();
      appendWords(text, WORDS_A_SENTENCE);
      text.setCharAt(start, Character.toUpperCase(text.charAt(start)));
      text.append(sentence < SENTENCES_A_PARAGRAPH - 1 ? ". " : ".");
    }
    return text.toString();
  }

  private void appendWords(StringBuilder text, int count) {
    for (int word = 0; word < count; word++) {
      text.append(word == 0 ? "" : " ").append(words.get(random.nextInt(VOCABULARY)));
    }
  }

  /** Writes objects one after the other and, at the end, the offset of each. */
  private static final class Pdf implements AutoCloseable {
    static final int FIRST_PAGE = 4;

    private final OutputStream out;
    private final List<Long> offsets = new ArrayList<>();
    private long position;

    Pdf(OutputStream out) throws IOException {
      this.out = out;
      write("%PDF-1.4\n");
    }

    void object(String body) throws IOException {
      offsets.add(position);
      write(offsets.size() + " 0 obj\n" + body + "\nendobj\n");
    }

    @Override
    public void close() throws IOException {
      long table = position;
      int count = offsets.size() + 1;
      write("xref\n0 " + count + "\n0000000000 65535 f \n");
      for (long offset : offsets) {
        write("%010d 00000 n \n".formatted(offset));
      }
      write("trailer\n<< /Size " + count + " /Root 1 0 R >>\nstartxref\n" + table + "\n%%EOF\n");
      out.close();
    }

    private void write(String text) throws IOException {
      byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
      out.write(bytes);
      position += bytes.length;
    }
  }
}
