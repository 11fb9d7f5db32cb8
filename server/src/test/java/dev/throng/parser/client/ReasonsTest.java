package dev.throng.parser.client;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.throng.core.ErrorCode;
import dev.throng.parser.api.DocumentException.Reason;
import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class ReasonsTest {
  /** The worker sends its reasons by name over a pipe, so the compiler does not check them. */
  @ParameterizedTest
  @EnumSource
  void everyReasonIsAnErrorCode(Reason reason) {
    assertTrue(ErrorCode.of(reason.name().toLowerCase(Locale.ROOT)).isPresent());
  }
}
