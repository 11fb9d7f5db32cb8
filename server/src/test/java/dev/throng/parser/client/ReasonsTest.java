package dev.throng.parser.client;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.throng.core.ErrorCode;
import dev.throng.parser.api.DocumentException.Reason;
import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class ReasonsTest {
  /** The worker's reasons come over a pipe by name, and the compiler does not compare them. */
  @ParameterizedTest
  @EnumSource
  void everyReasonIsAnErrorCode(Reason reason) {
    assertTrue(ErrorCode.of(reason.name().toLowerCase(Locale.ROOT)).isPresent());
  }
}
