package dev.throng.arch;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * NOTICE names every library in a distribution, with the licence under which it is used; {@code
 * -Dthrong.write-docs=true} writes it.
 */
final class NoticeTest {
  /** Written by license-maven-plugin in every build without {@code -Dquick}. */
  private static final Path DEPENDENCIES = Path.of("target/licences/dependencies.txt");

  private static final String HEAD =
      """
      Throng
      Copyright 2026 The Throng authors

      Licensed under the Apache License, Version 2.0; see LICENSE.

      A distribution contains the works below, unchanged, each under its own licence. Where a library offers
      several licences, the one that it is used under is named. A container image lacks the native libraries for
      other platforms than its own; it also contains Debian packages and a Java runtime, whose licences are in
      /usr/share/doc and /opt/java/legal.

      Weights of embedding models:

        BAAI/bge-small-en-v1.5, quantized (https://huggingface.co/BAAI/bge-small-en-v1.5): MIT
        sentence-transformers/all-MiniLM-L6-v2, quantized (https://huggingface.co/sentence-transformers/all-MiniLM-L6-v2): Apache-2.0

      Libraries:

      """;

  @Test
  void everyLibraryIsNamedWithItsLicence() throws IOException {
    assumeTrue(Files.exists(DEPENDENCIES), "a quick build lists no licences");
    String notice =
        HEAD
            + Files.readAllLines(DEPENDENCIES).stream()
                .filter(line -> !line.isBlank())
                .map(NoticeTest::line)
                .sorted()
                .collect(Collectors.joining("\n", "", "\n"));
    GeneratedDocument.check(Sources.repository().resolve("NOTICE"), notice, NoticeTest.class);
  }

  /** "group:artifact:version", then licences, separated by tabs. */
  private static String line(String dependency) {
    List<String> fields = Arrays.asList(dependency.split("\t"));
    String licences =
        fields.stream()
            .skip(1)
            .filter(licence -> !licence.contains("GPL"))
            .collect(Collectors.joining(" or "));
    return "  %s: %s".formatted(fields.getFirst(), licences);
  }
}
