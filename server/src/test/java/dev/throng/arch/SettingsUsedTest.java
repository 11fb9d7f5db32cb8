package dev.throng.arch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** No setting that is read and documented, and then does nothing. */
final class SettingsUsedTest {
  private static final Set<String> GENERATED = Set.of("<init>", "toString", "hashCode", "equals");

  @Test
  void everySettingHasAReader() {
    List<String> unread = new ArrayList<>();
    for (JavaClass type :
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.throng")) {
      Class<?> reflected =
          type.getPackageName().equals("dev.throng.config") ? type.reflect() : null;
      if (reflected != null && reflected.isRecord()) {
        for (RecordComponent component : reflected.getRecordComponents()) {
          if (!isRead(type.getMethod(component.getName()))) {
            unread.add(type.getSimpleName() + "." + component.getName());
          }
        }
      }
    }
    assertEquals(List.of(), unread);
  }

  /** By another class, or by a method of the record that another class may call. */
  private static boolean isRead(JavaMethod accessor) {
    return accessor.getAccessesToSelf().stream()
            .anyMatch(access -> !access.getOriginOwner().equals(accessor.getOwner()))
        || accessor.getOwner().getField(accessor.getName()).getAccessesToSelf().stream()
            .map(access -> access.getOrigin().getName())
            .anyMatch(reader -> !reader.equals(accessor.getName()) && !GENERATED.contains(reader));
  }
}
