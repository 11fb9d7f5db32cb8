package dev.throng.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

final class OpenFilesTest {
  @Test
  void limitIsParsedFromLinuxFormat() {
    String other = "Max processes             96155                96155                processes ";
    assertEquals(
        1_024,
        OpenFiles.max(
            List.of(
                other,
                "Max open files            1024                 524288               files")));
    assertEquals(
        Integer.MAX_VALUE,
        OpenFiles.max(
            List.of("Max open files            unlimited            unlimited            files")));
    assertEquals(Integer.MAX_VALUE, OpenFiles.max(List.of(other)));
    assertTrue(OpenFiles.max() > 0);
  }

  @Test
  void someFilesAreReservedForOtherUses() {
    assertEquals(768, OpenFiles.leftForConnections(1_024));
    assertEquals(100, OpenFiles.leftForConnections(200));
    assertEquals(1, OpenFiles.leftForConnections(1));
  }
}
