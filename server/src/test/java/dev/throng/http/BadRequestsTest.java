package dev.throng.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.throng.core.ErrorCode;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Requests that a client has to correct get an error that says how. */
final class BadRequestsTest extends OneServer {
  BadRequestsTest(@TempDir Path folder) {
    super(folder);
  }

  static Stream<Arguments> badBodies() {
    return Stream.concat(badQuestions(), badOptions());
  }

  private static Stream<Arguments> badQuestions() {
    return Stream.of(
        Arguments.of(ErrorCode.MALFORMED_JSON, "", "empty"),
        Arguments.of(ErrorCode.MALFORMED_JSON, "hello", "line 1"),
        Arguments.of(ErrorCode.MALFORMED_JSON, "{\"query\": \"a\"", "line 1"),
        Arguments.of(ErrorCode.MALFORMED_JSON, "{\"query\": \"a\"} {}", "line 1"),
        Arguments.of(ErrorCode.MALFORMED_JSON, "[\"a\"]", "a list"),
        Arguments.of(ErrorCode.MALFORMED_JSON, "null", "null"),
        Arguments.of(ErrorCode.MALFORMED_JSON, "{\"query\": \"a\", \"query\": \"b\"}", "uplicate"),
        Arguments.of(ErrorCode.MALFORMED_JSON, "[".repeat(5_000), "depth"),
        Arguments.of(ErrorCode.INVALID_FIELD, "{\"query\": 5}", "query: 5"),
        Arguments.of(ErrorCode.INVALID_FIELD, "{\"query\": [\"a\"]}", "a string"),
        Arguments.of(ErrorCode.UNKNOWN_FIELD, "{\"query\": \"a\", \"qery\": 1}", "qery"),
        Arguments.of(
            ErrorCode.UNKNOWN_FIELD, "{\"query\": \"a\", \"options\": {\"temp\": 1}}", "temp"),
        Arguments.of(ErrorCode.QUERY_BLANK, "{}", "query"),
        Arguments.of(ErrorCode.QUERY_BLANK, "{\"query\": \"\"}", "query"),
        Arguments.of(ErrorCode.QUERY_BLANK, "{\"query\": null}", "query"),
        Arguments.of(ErrorCode.QUERY_BLANK, "{\"query\": \" \\n\\t \"}", "query"),
        Arguments.of(
            ErrorCode.QUERY_TOO_LONG, "{\"query\": \"" + "x".repeat(9_000) + "\"}", "9000"),
        Arguments.of(
            ErrorCode.BODY_TOO_LARGE, "{\"query\": \"" + "x".repeat(1 << 20) + "\"}", "65536"));
  }

  private static Stream<Arguments> badOptions() {
    return Stream.of(
        Arguments.of(ErrorCode.INVALID_FIELD, "{\"query\": \"a\", \"top_k\": 0}", "top_k: 0"),
        Arguments.of(ErrorCode.INVALID_FIELD, "{\"query\": \"a\", \"top_k\": -1}", "from 1"),
        Arguments.of(
            ErrorCode.INVALID_FIELD, "{\"query\": \"a\", \"top_k\": 1000000000}", "1000000000"),
        Arguments.of(
            ErrorCode.INVALID_FIELD,
            "{\"query\": \"a\", \"top_k\": 99999999999999999999}",
            "top_k: 9999"),
        Arguments.of(ErrorCode.INVALID_FIELD, "{\"query\": \"a\", \"top_k\": \"6\"}", "top_k"),
        Arguments.of(ErrorCode.INVALID_FIELD, "{\"query\": \"a\", \"top_k\": 1.5}", "1.5"),
        Arguments.of(ErrorCode.INVALID_FIELD, "{\"query\": \"a\", \"stream\": \"yes\"}", "stream"),
        Arguments.of(
            ErrorCode.INVALID_FIELD,
            "{\"query\": \"a\", \"options\": {\"max_tokens\": 0}}",
            "options.max_tokens"),
        Arguments.of(
            ErrorCode.INVALID_FIELD,
            "{\"query\": \"a\", \"filter\": {\"uri\": {}}}",
            "eq, in, range, prefix"),
        Arguments.of(
            ErrorCode.INVALID_FIELD,
            "{\"query\": \"a\", \"filter\": {\"url\": {\"ne\": \"x\"}}}",
            "filter.url"),
        Arguments.of(
            ErrorCode.UNKNOWN_COLLECTION, "{\"query\": \"a\", \"collection\": \"nope\"}", "nope"),
        Arguments.of(
            ErrorCode.INVALID_FIELD, "{\"query\": \"a\", \"collection\": \"../etc\"}", "../etc"));
  }

  @ParameterizedTest
  @MethodSource("badBodies")
  void invalidBodyIsRefusedWithAPreciseError(ErrorCode code, String body, String word) {
    assertProblem(code, bench().post("/query", body), word);
  }

  @Test
  void bytesThatAreNotUtf8AreRefused() {
    byte[] body = "{\"query\": \"gr\u00FC\u00DFe\"}".getBytes(StandardCharsets.ISO_8859_1);
    assertProblem(ErrorCode.MALFORMED_JSON, bench().post("/query", body), "UTF-8");
  }

  @Test
  void wrongMethodPathAndMediaTypeAreRefused() {
    HttpResponse<String> wrongMethod = bench().get("/query");
    assertProblem(ErrorCode.METHOD_NOT_ALLOWED, wrongMethod, "POST");
    assertEquals("POST", wrongMethod.headers().firstValue("allow").orElse(""));
    assertProblem(ErrorCode.METHOD_NOT_ALLOWED, bench().post("/health/live", "{}"), "GET");
    assertProblem(ErrorCode.NOT_FOUND, bench().get("/nothing/here"), "/nothing/here");
    assertProblem(
        ErrorCode.UNSUPPORTED_MEDIA_TYPE,
        bench()
            .send(
                bench()
                    .request("/query")
                    .header("Content-Type", "application/x-www-form-urlencoded")
                    .POST(BodyPublishers.ofString("query=a"))),
        "x-www-form-urlencoded");
    assertProblem(
        ErrorCode.NOT_ACCEPTABLE,
        bench()
            .send(
                bench()
                    .request("/query")
                    .header("Accept", "image/png")
                    .POST(BodyPublishers.ofString(LEAVE))),
        "image/png");
  }

  @Test
  void malformedContentTypeIsAClientError() {
    HttpResponse<String> response =
        bench()
            .send(
                bench()
                    .request("/query")
                    .header("Content-Type", "json")
                    .POST(BodyPublishers.ofString(LEAVE)));
    assertTrue(response.statusCode() == 415 || response.statusCode() == 400, response::body);
    assertEquals(List.of(), errors());
  }

  static Stream<Arguments> badSearches() {
    String many = "\"q\",".repeat(64) + "\"q\"";
    return Stream.of(
        Arguments.of(ErrorCode.QUERY_BLANK, "{}", "query"),
        Arguments.of(ErrorCode.INVALID_FIELD, "{\"queries\": []}", "0 questions"),
        Arguments.of(ErrorCode.INVALID_FIELD, "{\"queries\": [" + many + "]}", "65 questions"),
        Arguments.of(ErrorCode.INVALID_FIELD, "{\"queries\": [1]}", "queries[0]"),
        Arguments.of(ErrorCode.QUERY_BLANK, "{\"queries\": [\"a\", \" \"]}", "queries[1]"),
        Arguments.of(ErrorCode.INVALID_FIELD, "{\"queries\": [\"a\"], \"query\": \"b\"}", "one of"),
        Arguments.of(ErrorCode.UNKNOWN_FIELD, "{\"query\": \"a\", \"stream\": true}", "stream"));
  }

  @ParameterizedTest
  @MethodSource("badSearches")
  void invalidSearchIsRefusedWithAPreciseError(ErrorCode code, String body, String word) {
    assertProblem(code, bench().post("/search", body), word);
  }

  @Test
  void oddCharactersInAQuestionCauseNoServerError() {
    for (String odd :
        List.of("\\u0000", "\\ud800", "\\u202e leave \\ufeff", "😀", "\\u0007 days")) {
      HttpResponse<String> response = bench().post("/query", "{\"query\": \"" + odd + "\"}");
      assertTrue(response.statusCode() < 500, odd + ": " + response.body());
    }
    assertEquals(List.of(), errors());
  }

  @Test
  void malformedHttpIsRefusedWithAProblemBody() throws IOException {
    for (String request :
        List.of(
            "GET /query?x=%zz HTTP/1.1\r\nHost: localhost\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: a b\r\n\r\n",
            "POST /query HTTP/1.1\r\nHost: localhost\r\nContent-Length: abc\r\n\r\n")) {
      try (Socket socket = new Socket(bench().uri().getHost(), bench().uri().getPort())) {
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        String response =
            new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(response.startsWith("HTTP/1.1 400"), response);
        assertTrue(response.contains("application/problem+json"), response);
        assertTrue(response.contains("\"code\":\"malformed_http\""), response);
      }
    }
  }

  @Test
  void operatorPathsRequireTheToken() {
    assertProblem(ErrorCode.UNAUTHORIZED, bench().post("/admin/ingest", "{}"), "token");
    assertProblem(
        ErrorCode.UNAUTHORIZED,
        bench()
            .send(
                bench()
                    .request("/admin/ingest")
                    .header("Authorization", "Bearer wrong")
                    .POST(BodyPublishers.ofString("{}"))),
        "token");
    assertProblem(
        ErrorCode.INVALID_FIELD,
        bench()
            .send(
                bench()
                    .request("/admin/ingest")
                    .header("Authorization", "Bearer " + HttpBench.ADMIN_TOKEN)
                    .POST(BodyPublishers.ofString("{\"paths\": [\"relative\"]}"))),
        "relative");
  }

  @Test
  void unknownBackendCannotBeDrained() {
    assertProblem(
        ErrorCode.INVALID_FIELD,
        bench()
            .send(
                bench()
                    .request("/admin/backends/drain")
                    .header("Authorization", "Bearer " + HttpBench.ADMIN_TOKEN)
                    .POST(BodyPublishers.ofString("{\"url\": \"http://nowhere:1\"}"))),
        "http://nowhere:1");
    assertProblem(ErrorCode.UNAUTHORIZED, bench().get("/admin/backends"), "token");
  }
}
