package dev.throng.arch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.source.tree.ArrayTypeTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The rules of STYLE.md for every source file, product and tests alike. */
final class TidyTest {
  private static final int MAX_METHOD_LINES = 50;
  private static final int MAX_FILE_LINES = 400;
  private static final int MAX_PARAMETERS = 8;
  private static final int MAX_COMPONENTS = 12;

  /** The list of all sections of the configuration, which only the wiring takes apart. */
  private static final String ALL_SECTIONS = "ThrongConfig";

  /** Split, so that this file does not contain what it searches for. */
  private static final Pattern UNFINISHED =
      Pattern.compile("\\b(?:TO" + "DO|FIX" + "ME|X" + "XX)\\b");

  private static final Pattern SWITCHED_OFF = Pattern.compile("@Dis" + "abled\\b");
  private static final Pattern EMPTY_NAME =
      Pattern.compile(".*(?:Manager|Helper|Util|Utils|Impl|Processor)");

  @Test
  void filesAreShort() {
    none(
        Sources.java().stream()
            .filter(file -> lines(file) > MAX_FILE_LINES)
            .map(file ->
                "%s: %d lines (expected: at most %d)"
                    .formatted(Sources.name(file), lines(file), MAX_FILE_LINES)));
  }

  @Test
  void methodsAreShortAndClassNamesAreSpecific() throws IOException {
    none(new Scan().run(Sources.java()).stream());
  }

  @Test
  void nothingIsUnfinishedOrSwitchedOff() {
    none(
        Stream.concat(
            Sources.java().stream().flatMap(file -> found(file, UNFINISHED)),
            Sources.java().stream().flatMap(file -> found(file, SWITCHED_OFF))));
  }

  @Test
  void everyPackageIsNullMarked() {
    none(
        Sources.java().stream()
            .map(Path::getParent)
            .distinct()
            .map(folder -> folder.resolve("package-info.java"))
            .filter(file -> !Files.exists(file) || !Sources.read(file).contains("@NullMarked"))
            .map(file -> Sources.name(file) + ": missing or without @NullMarked"));
  }

  private static Stream<String> found(Path file, Pattern pattern) {
    Matcher match = pattern.matcher(Sources.read(file));
    return match.results().map(hit -> Sources.name(file) + ": " + hit.group());
  }

  private static long lines(Path file) {
    return Sources.read(file).lines().count();
  }

  private static void none(Stream<String> complaints) {
    assertEquals("", String.join("\n", complaints.toList()));
  }

  /** Reads the files with the JDK's own parser. */
  private static final class Scan {
    private final List<String> complaints = new ArrayList<>();

    List<String> run(List<Path> files) throws IOException {
      JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
      try (StandardJavaFileManager access = compiler.getStandardFileManager(null, null, null)) {
        JavacTask task =
            (JavacTask)
                compiler.getTask(
                    null, access, null, null, null, access.getJavaFileObjectsFromPaths(files));
        SourcePositions positions = Trees.instance(task).getSourcePositions();
        for (CompilationUnitTree unit : task.parse()) {
          unit.accept(new Members(unit, positions), null);
        }
      }
      return complaints;
    }

    /** Checks every class and method, including nested ones. */
    private final class Members extends TreeScanner<@Nullable Void, @Nullable Void> {
      private final CompilationUnitTree unit;
      private final SourcePositions positions;

      Members(CompilationUnitTree unit, SourcePositions positions) {
        this.unit = unit;
        this.positions = positions;
      }

      @Override
      public @Nullable Void visitClass(ClassTree type, @Nullable Void nothing) {
        String name = type.getSimpleName().toString();
        if (EMPTY_NAME.matcher(name).matches()) {
          complain(type, name + " names a kind of class, not its purpose");
        }
        if (type.getKind() == Tree.Kind.RECORD) {
          type.getMembers().stream()
              .filter(Members::isArrayComponent)
              .forEach(member -> complain(member, "a record component is an array"));
          checkComponents(type, type.getMembers().stream().filter(Members::isComponent).count());
        } else {
          type.getMembers().forEach(this::checkParameters);
        }
        return super.visitClass(type, null);
      }

      @Override
      public @Nullable Void visitMethod(MethodTree method, @Nullable Void nothing) {
        long lines =
            line(positions.getEndPosition(unit, method))
                - line(positions.getStartPosition(unit, method))
                + 1;
        if (method.getBody() != null && lines > MAX_METHOD_LINES) {
          complain(
              method,
              "%s has %d lines (expected: at most %d)"
                  .formatted(method.getName(), lines, MAX_METHOD_LINES));
        }
        return super.visitMethod(method, null);
      }

      private void checkComponents(ClassTree type, long components) {
        boolean isFree = type.getSimpleName().contentEquals(ALL_SECTIONS);
        if (components > MAX_COMPONENTS && isProduct() && !isFree) {
          complain(
              type,
              "%s has %d components (expected: at most %d)"
                  .formatted(type.getSimpleName(), components, MAX_COMPONENTS));
        }
      }

      private void checkParameters(Tree member) {
        if (member instanceof MethodTree method
            && method.getParameters().size() > MAX_PARAMETERS
            && isProduct()) {
          complain(
              method,
              "%s has %d parameters (expected: at most %d)"
                  .formatted(method.getName(), method.getParameters().size(), MAX_PARAMETERS));
        }
      }

      private boolean isProduct() {
        return unit.getSourceFile().toUri().getPath().contains("/src/main/");
      }

      private static boolean isComponent(Tree member) {
        return member instanceof VariableTree field
            && !field.getModifiers().getFlags().contains(Modifier.STATIC);
      }

      private static boolean isArrayComponent(Tree member) {
        return member instanceof VariableTree field
            && field.getType() instanceof ArrayTypeTree
            && !field.getModifiers().getFlags().contains(Modifier.STATIC);
      }

      private void complain(Tree tree, String complaint) {
        Path file = Path.of(unit.getSourceFile().toUri());
        long line = line(positions.getStartPosition(unit, tree));
        complaints.add("%s:%d: %s".formatted(Sources.name(file), line, complaint));
      }

      private long line(long position) {
        return unit.getLineMap().getLineNumber(position);
      }
    }
  }
}
