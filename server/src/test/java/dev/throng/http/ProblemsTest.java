package dev.throng.http;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.throng.core.ErrorCode;
import dev.throng.core.ThrongException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class ProblemsTest {
  private static final String SECRET = "http://10.1.2.3:11434 said /srv/throng-data is full";

  private static String json(byte[] problem) {
    return new String(problem, StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @EnumSource(
      names = {
        "BACKEND_UNREACHABLE",
        "BACKEND_ERROR",
        "BACKEND_PROTOCOL",
        "DATA_FOLDER_UNWRITABLE",
        "STORE_FAILED",
        "STORE_UNAVAILABLE",
        "STORAGE_FULL",
        "CATALOG_UNAVAILABLE",
        "ORIGINAL_MISSING",
        "INTERNAL"
      })
  void addressesPathsAndForeignMessagesAreHiddenFromClients(ErrorCode code) {
    ThrongException failure = new ThrongException(code, SECRET);
    assertFalse(json(Problems.encode(failure, "r1")).contains("10.1.2.3"));
    assertFalse(Problems.detail(code, SECRET).contains("throng-data"));
    assertTrue(json(Problems.encodeForOperators(failure, "r1")).contains(SECRET));
  }

  @Test
  void requestErrorsAreShownToTheClient() {
    ThrongException failure = ThrongException.invalidField("top_k", "0", "1 to 100");
    assertTrue(json(Problems.encode(failure, "r1")).contains("1 to 100"));
  }
}
