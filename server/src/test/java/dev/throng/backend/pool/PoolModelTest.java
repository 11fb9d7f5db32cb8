package dev.throng.backend.pool;

import static dev.throng.fixtures.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.throng.backend.Backend;
import dev.throng.core.ErrorCode;
import dev.throng.core.GeneratorIdentity;
import dev.throng.fixtures.Configs;
import dev.throng.fixtures.WellBackend;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class PoolModelTest {
  private static final Backend FIRST = new WellBackend("http://10.0.0.1:1", "old");
  private static final Backend SECOND = new WellBackend("http://10.0.0.2:1", "old");

  private final PoolModel model = new PoolModel(Configs.with().model());

  private GeneratorIdentity identity() {
    return model.identity(Map.of(0, FIRST, 1, SECOND));
  }

  @Test
  void modelIsTheOneReportedByTheFirstBackendAsked() {
    model.setMembers(List.of(FIRST, SECOND));
    assertEquals("ollama", identity().generator());
    assertEquals("old", identity().digest());
    assertFails(ErrorCode.MODEL_MISSING, () -> model.check(1, SECOND, "new"), "ollama pull");
    assertEquals("old", identity().digest());
  }

  @Test
  void modelChangesOnceEveryBackendHasChanged() {
    assertEquals("old", identity().digest());
    assertFails(ErrorCode.MODEL_MISSING, () -> model.check(0, FIRST, "new"));
    assertTrue(model.check(1, SECOND, "new"));
    assertEquals("new", identity().digest());
    assertFalse(model.check(0, FIRST, "new"));
  }

  @Test
  void unresponsiveBackendDoesNotDelayAChange() {
    assertEquals("old", identity().digest());
    model.forget(1);
    assertTrue(model.check(0, FIRST, "new"));
    assertEquals("new", identity().digest());
    assertFails(ErrorCode.MODEL_MISSING, () -> model.check(1, SECOND, "old"));
  }

  @Test
  void backendsWithoutDigestsAreTrusted() {
    model.setMembers(List.of());
    assertEquals("openai", model.identity(Map.of()).generator());
    assertFalse(model.check(0, FIRST, ""));
    assertEquals("", model.identity(Map.of()).digest());
  }
}
