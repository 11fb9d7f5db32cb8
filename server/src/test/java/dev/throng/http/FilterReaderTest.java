package dev.throng.http;

import static dev.throng.fixtures.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.throng.catalog.LiveDocument;
import dev.throng.catalog.MetadataJson;
import dev.throng.core.ErrorCode;
import dev.throng.core.Hash;
import dev.throng.core.Metadata;
import java.io.IOException;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Filters as clients write them, and the documents that they match. */
final class FilterReaderTest {
  private static final List<LiveDocument> DOCUMENTS =
      List.of(
          document(
              "hr/leave.md",
              "2025-03-01T12:00:00Z",
              "{'department': 'hr', 'year': 2025, 'public': true, 'tags': ['a', 'b']}"),
          document(
              "hr/pay.PDF",
              "2024-12-31T23:59:59.999Z",
              "{'department': 'hr', 'year': 2024.5, 'public': false, 'released': '2024-06-30'}"),
          document(
              "legal/nda.docx",
              "2025-03-02T00:00:00Z",
              "{'department': 'legal', 'year': '2025', 'tags': ['b', '2025-03-01'],"
                  + " 'released': '2025-03-01T23:30:00-01:00', 'source': 'wiki'}"),
          document("README", null, "{}"));

  private static LiveDocument document(String uri, @Nullable String modified, String metadata) {
    return new LiveDocument(
        "id-of-" + uri,
        uri,
        "Title of " + uri,
        Hash.of(new byte[0]),
        1,
        1,
        metadata(metadata),
        modified == null ? null : Instant.parse(modified));
  }

  private static Metadata metadata(String json) {
    try {
      return MetadataJson.read(new ObjectMapper().readTree(json.replace('\'', '"')));
    } catch (IOException e) {
      throw new IllegalArgumentException(json, e);
    }
  }

  private static Set<String> admitted(String filter) {
    var read = FilterReader.parse(filter.replace('\'', '"'), "filter");
    Set<String> names = new TreeSet<>();
    for (LiveDocument document : DOCUMENTS) {
      if (read.admits(document)) {
        names.add(document.uri().replaceFirst(".*/", "").replaceFirst("\\..*", ""));
      }
    }
    return names;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{}                                                   | README leave nda pay",
        // short forms
        "{'department': 'hr'}                                 | leave pay",
        "{'department': 'hr', 'year': 2025}                   | leave",
        "{'department': ['hr', 'legal']}                      | leave nda pay",
        "{'year': {'gte': 2024, 'lt': 2025}}                  | pay",
        "{'uri': {'prefix': 'hr/'}, 'document_id': {'in': ['id-of-hr/leave.md', 'x']}} | leave",
        // operator first
        "{'eq': {'department': 'hr'}}                         | leave pay",
        "{'eq': {'department': 'hr', 'public': true}}         | leave",
        "{'in': {'department': ['legal', 'it']}}              | nda",
        "{'in': {'department': []}}                           | ``",
        "{'range': {'year': {'gt': 2024.5}}}                  | leave",
        "{'range': {'year': {'gte': 2024.50}}}                | leave pay",
        "{'prefix': {'uri': 'hr/'}}                           | leave pay",
        "{'and': [{'department': 'hr'}, {'public': false}]}   | pay",
        "{'or': [{'department': 'legal'}, {'public': false}]} | nda pay",
        "{'department': 'hr', 'not': {'public': false}}       | leave",
        // fields that are missing, or have another type
        "{'not': {'department': 'hr'}}                        | README nda",
        "{'not': {'not': {'department': 'hr'}}}               | leave pay",
        "{'not': {'year': {'gte': 0}}}                        | README nda",
        "{'absent': 'x'}                                      | ``",
        "{'year': 2025.0}                                     | leave",
        "{'year': '2025'}                                     | nda",
        "{'public': 'true'}                                   | ``",
        "{'prefix': {'year': '20'}}                           | nda",
        "{'range': {'public': {'gte': 0}}}                    | ``",
        // lists: one element must match; for a range it must match both ends
        "{'tags': 'a'}                                        | leave",
        "{'tags': ['a', '2025-03-01']}                        | leave nda",
        "{'and': [{'tags': 'a'}, {'tags': 'b'}]}              | leave",
        "{'not': {'tags': 'a'}}                               | README nda pay",
        "{'tags': {'prefix': '2025'}}                         | nda",
        "{'tags': {'gte': '2', 'lt': '3'}}                    | nda",
        "{'tags': {'gt': 'a', 'lt': 'b'}}                     | ``",
      })
  void filterAdmitsTheseDocuments(String filter, String documents) {
    Set<String> expected = new TreeSet<>(List.of(documents.split(" ")));
    expected.remove("");
    assertEquals(expected, admitted(filter));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        // a day covers all of its instants, in UTC
        "{'modified_at': '2025-03-01'}                        | leave",
        "{'modified_at': '2025-03-01T13:00:00+01:00'}         | leave",
        "{'modified_at': ['2025-03-02', '2024-12-31']}        | nda pay",
        "{'modified_at': {'gte': '2025-01-01', 'lt': '2025-03-02'}} | leave",
        "{'modified_at': {'lte': '2025-03-01'}}               | leave pay",
        "{'modified_at': {'gt': '2025-03-01'}}                | nda",
        "{'modified_at': {'gt': '2025-03-01T11:59:59'}}       | leave nda",
        "{'modified_at': {'prefix': '2025-03'}}               | leave nda",
        "{'not': {'modified_at': {'lt': '2026-01-01'}}}       | README",
        "{'released': '2025-03-02'}                           | nda",
        "{'released': '2024-06-30T00:00:00Z'}                 | pay",
        "{'released': {'lt': '2024-07-01'}}                   | pay",
        "{'released': {'gt': 'x'}}                            | ``",
        // fields that every document has
        "{'title': 'Title of README'}                         | README",
        "{'format': ['md', 'pdf']}                            | leave pay",
        "{'not': {'format': {'prefix': ''}}}                  | README",
        "{'source': 'wiki'}                                   | nda",
        "{'source': {'prefix': 'hr/'}}                        | leave pay",
        "{'uri': {'gte': 'hr/', 'lt': 'i'}}                   | leave pay",
        "{'uri': '2025-03-01'}                                | ``",
      })
  void datesAndBuiltInFieldsAdmitTheseDocuments(String filter, String documents) {
    filterAdmitsTheseDocuments(filter, documents);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'and': []} | filter.and: [] (expected: a list of at least one filter)",
        "{'and': {'a': 1}} | filter.and: {\"a\":1} (expected: a list",
        "{'or': [{'a': 1}, {}]} | filter.or[1]: {} (expected: an object with and, or, not, eq",
        "{'not': 5} | filter.not: 5 (expected: an object with and, or, not, eq, in, range, prefix",
        "{'and': [{'a': 1}, {'range': {'year': 'x'}}]} | filter.and[1].range.year: \"x\" (expected: an object with gt, gte, lt or lte",
        "{'range': {'year': {}}} | filter.range.year: {} (expected: an object with gt, gte, lt or lte",
        "{'range': {'year': {'from': 1}}} | filter.range.year.from: not a bound (expected: gt, gte, lt or lte)",
        "{'range': {'year': {'gt': 1, 'gte': 1}}} | filter.range.year.gte: a second bound on the same side (expected: gt or gte)",
        "{'year': {'gt': 1, 'lt': 'x'}} | filter.year: {\"gt\":1,\"lt\":\"x\"} (expected: both bounds numbers, or both strings)",
        "{'year': {'gt': true}} | filter.year.gt: true (expected: a number, a date or another string)",
        "{'year': {'ne': 1}} | filter.year.ne: not an operator (expected: eq, in, range, prefix, gt, gte, lt or lte)",
        "{'year': {'gt': 1e999}} | filter.year.gt",
        "{'ne': {'year': 1}} | filter.ne.year: not an operator (expected: eq, in",
        "{'$and': [{'a': 1}]} | filter.$and: neither an operator nor a field (expected: and, or, not, eq, in",
        "{'eq': {'and': 1}} | filter.eq.and: neither an operator nor a field",
        "{'eq': 'hr'} | filter.eq: \"hr\" (expected: an object with a field's name)",
        "{'a': null} | filter.a: null (expected: a string, a number, true or false)",
        "{'a': {'eq': ['x']}} | filter.a.eq: [\"x\"] (expected: a string, a number, true or false)",
        "{'a': ['x', {}]} | filter.a[1]: {} (expected: a string, a number, true or false)",
        "{'in': {'a': 'x'}} | filter.in.a: \"x\" (expected: a list of values)",
        "{'prefix': {'a': 1}} | filter.prefix.a: 1 (expected: a string)",
        "{'uri': 5} | filter.uri: 5 (expected: a string)",
        "{'modified_at': {'gte': 'yesterday'}} | filter.modified_at.gte: \"yesterday\" (expected: a date, like \"2025-03-01\"",
        "{'modified_at': '2025-02-30'} | filter.modified_at: \"2025-02-30\" (expected: a date",
      })
  void invalidFilterIsRefusedWithItsLocation(String filter, String message) {
    assertFails(ErrorCode.INVALID_FIELD, () -> admitted(filter), message);
  }

  @Test
  void sizeIsBounded() {
    assertEquals(Set.of("README", "leave", "nda", "pay"), admitted(nested(7)));
    assertFails(
        ErrorCode.INVALID_FIELD, () -> admitted(nested(8)), "9 levels of and, or, not", "most 8");
    assertEquals(Set.of(), admitted(conditions(64)));
    assertFails(ErrorCode.INVALID_FIELD, () -> admitted(conditions(65)), "filter: more", "most 64");
    assertEquals(Set.of(), admitted(values(1_000)));
    assertFails(ErrorCode.INVALID_FIELD, () -> admitted(values(1_001)), "filter.in.a: 1001 values");
  }

  private static String nested(int levels) {
    return "{'not':".repeat(levels)
        + (levels % 2 == 0 ? "{'a': 1}" : "{'b': 1}")
        + "}".repeat(levels);
  }

  private static String conditions(int count) {
    return "{'and': [" + String.join(",", Collections.nCopies(count, "{'a': 1}")) + "]}";
  }

  private static String values(int count) {
    return "{'in': {'a': [" + String.join(",", Collections.nCopies(count, "1")) + "]}}";
  }

  private static String canonical(String filter) {
    return FilterReader.parse(filter.replace('\'', '"'), "filter").canonical();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'a': 1, 'b': 'x'} | {'eq': {'b': 'x', 'a': 1.0}}",
        "{'a': ['x', 'y', 'x']} | {'in': {'a': ['y', 'x']}}",
        "{'a': ['x']} | {'a': {'eq': 'x'}}",
        "{'a': {'gte': 1, 'lt': 2}} | {'range': {'a': {'lt': 2, 'gte': 1}}}",
        "{'and': [{'a': 1}, {'and': [{'b': 1}, {'a': 1}]}]} | {'b': 1, 'a': 1}",
        "{'or': [{'a': 1}, {'b': 1}]} | {'or': [{'b': 1}, {'a': 1}]}",
        "{'or': [{'a': 1}]} | {'a': 1}",
        "{'or': [{'a': 1}, {'a': 1}]} | {'a': 1}",
      })
  void equivalentFiltersHaveTheSameCanonicalForm(String one, String other) {
    assertEquals(canonical(one), canonical(other));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'a': 1} | {'a': '1'}",
        "{'a': true} | {'a': 'true'}",
        "{'a': 'x'} | {'b': 'x'}",
        "{'a': ['x', 'y']} | {'a': 'x 1:y'}",
        "{'a': {'gt': 1}} | {'a': {'gte': 1}}",
        "{'a': {'gt': 1}} | {'a': {'lt': 1}}",
        "{'a': {'gt': 1}} | {'a': {'gt': '1'}}",
        "{'a': {'prefix': 'x'}} | {'a': 'x'}",
        "{'not': {'a': 1}} | {'a': 1}",
        "{'or': [{'a': 1}, {'b': 1}]} | {'and': [{'a': 1}, {'b': 1}]}",
        "{'not': {'a': 1, 'b': 1}} | {'not': {'a': 1}, 'b': 1}",
      })
  void differentFiltersHaveDifferentCanonicalForms(String one, String other) {
    assertNotEquals(canonical(one), canonical(other));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'uri': 'x'} | metadata.uri: a reserved name",
        "{'range': 'x'} | metadata.range: a reserved name",
        "{'a b': 'x'} | metadata: \"a b\" (expected: names of 1 to 64 letters",
        "{'': 'x'} | metadata: \"\" (expected: names",
        "{'a': {'b': 1}} | metadata.a: {\"b\":1} (expected: a string, a number, true, false or a list",
        "{'a': ['x', 1]} | metadata.a[1]: 1 (expected: a string)",
        "{'a': 1e500} | metadata.a",
        "{'source': 7} | metadata.source",
        "{'a': '\\ud83d'} | metadata.a: an unpaired surrogate (expected: complete characters)",
      })
  void invalidMetadataIsRefusedByName(String metadata, String message) {
    assertFails(ErrorCode.INVALID_FIELD, () -> metadata(metadata), message);
  }

  @Test
  void metadataIsBounded() {
    String fields =
        String.join(
            ",", java.util.stream.IntStream.range(0, 65).mapToObj(i -> "'f" + i + "': 1").toList());
    assertFails(
        ErrorCode.INVALID_FIELD, () -> metadata("{" + fields + "}"), "65 fields", "most 64");
    String text = "'" + "x".repeat(1_024) + "'";
    assertEquals(1, metadata("{'a': " + text + "}").fields().size());
    assertFails(
        ErrorCode.INVALID_FIELD,
        () -> metadata("{'a': '" + "x".repeat(1_025) + "'}"),
        "metadata.a: 1025 characters");
    assertFails(
        ErrorCode.INVALID_FIELD,
        () -> metadata("{'a': [" + String.join(",", Collections.nCopies(65, "'x'")) + "]}"),
        "metadata.a: 65 texts");
    assertFails(
        ErrorCode.INVALID_FIELD,
        () -> metadata("{'a': [" + String.join(",", Collections.nCopies(17, text)) + "]}"),
        "metadata: 17409 characters");
    assertTrue(metadata("{'a': null}").fields().isEmpty(), "null counts as absent");
  }
}
