package dev.throng.arch;

import static com.tngtech.archunit.base.DescribedPredicate.alwaysTrue;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaConstructorCall;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import dev.throng.answer.AnswerService;
import dev.throng.backend.Embedder;
import dev.throng.backend.Generator;
import dev.throng.catalog.Catalog;
import dev.throng.store.ChunkStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Dependencies point in one direction, as ARCHITECTURE.md shows. */
final class DependenciesTest {
  private static final String ROOT = "dev.throng.";

  /** The packages that every package may use. */
  private static final List<String> COMMON = List.of("core", "observe", "config");

  /** Routes for operators may use more packages than routes for clients. */
  private static final String OPERATORS = "http.admin";

  /** Which packages a package may use, besides itself and {@link #COMMON}. */
  private static final Map<String, List<String>> ARROWS =
      Map.ofEntries(
          Map.entry("http", List.of("answer", "retrieval", "jobs", "catalog")),
          Map.entry(
              OPERATORS,
              List.of(
                  "http",
                  "answer",
                  "retrieval",
                  "jobs",
                  "folder",
                  "reindex",
                  "janitor",
                  "catalog",
                  "cache",
                  "backend")),
          Map.entry(
              "janitor",
              List.of(
                  "answer", "cache", "retrieval", "jobs", "reindex", "index", "catalog", "store")),
          Map.entry(
              "answer", List.of("flight", "cache", "admission", "retrieval", "backend", "catalog")),
          Map.entry("retrieval", List.of("store", "backend", "catalog")),
          Map.entry("jobs", List.of("folder", "reindex", "index", "catalog")),
          Map.entry("folder", List.of("index", "catalog", "parser.client")),
          Map.entry("reindex", List.of("index", "store", "backend", "catalog")),
          Map.entry("index", List.of("store", "backend", "catalog", "parser.client", "parser.api")),
          Map.entry("parser.client", List.of("parser.api")),
          Map.entry("parser.worker", List.of("parser.api")),
          Map.entry("parser.api", List.of()),
          Map.entry("eval", List.of("retrieval", "answer")),
          Map.entry("admission", List.of()),
          Map.entry("cache", List.of()),
          Map.entry("flight", List.of()),
          Map.entry("backend", List.of()),
          Map.entry("store", List.of()),
          Map.entry("catalog", List.of()),
          Map.entry("redis", List.of("cache", "flight", "backend")),
          Map.entry("redis.wire", List.of("cache", "flight")),
          Map.entry("observe", List.of()),
          Map.entry("config", List.of()));

  /** Libraries that one package hides from all others. */
  private static final Map<String, List<String>> HIDDEN_LIBRARIES =
      Map.ofEntries(
          Map.entry("org.apache.lucene..", List.of("dev.throng.store.lucene..")),
          Map.entry("ai.onnxruntime..", List.of("dev.throng.backend.onnx..")),
          Map.entry("ai.djl..", List.of("dev.throng.backend.onnx..")),
          Map.entry("org.jdbi..", List.of("dev.throng.catalog..")),
          Map.entry("org.sqlite..", List.of("dev.throng.catalog..")),
          Map.entry("org.postgresql..", List.of("dev.throng.catalog..")),
          Map.entry("io.lettuce..", List.of("dev.throng.redis..")),
          Map.entry("com.zaxxer..", List.of("dev.throng.catalog..")),
          Map.entry("org.apache.tika..", List.of("dev.throng.parser.worker..")),
          Map.entry("org.apache.commons.csv..", List.of("dev.throng.parser.worker..")),
          Map.entry("io.helidon..", List.of("dev.throng.http..")),
          Map.entry("org.apache.commons.fileupload..", List.of("dev.throng.http..")),
          Map.entry("picocli..", List.of("dev.throng.cli..")),
          Map.entry("org.snakeyaml..", List.of("dev.throng.config..")));

  private static final Set<Class<?>> OPTIONALS =
      Set.of(Optional.class, OptionalInt.class, OptionalLong.class);

  private static final JavaClasses PRODUCT =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.throng");

  @TestFactory
  Stream<DynamicTest> dependenciesPointOneWay() {
    return ARROWS.entrySet().stream()
        .map(arrow ->
            DynamicTest.dynamicTest(
                arrow.getKey() + " uses " + arrow.getValue(),
                () -> checkArrow(arrow.getKey(), arrow.getValue())));
  }

  private static void checkArrow(String from, List<String> to) {
    String[] allowed =
        Stream.of(List.of(from), to, COMMON)
            .flatMap(List::stream)
            .map(name -> ROOT + name + "..")
            .toArray(String[]::new);
    DescribedPredicate<JavaClass> hasItsOwn =
        from.equals(OPERATORS)
            ? DescribedPredicate.alwaysFalse()
            : resideInAPackage(ROOT + OPERATORS + "..");
    noClasses()
        .that(resideInAPackage(ROOT + from + "..").and(DescribedPredicate.not(hasItsOwn)))
        .should()
        .dependOnClassesThat(
            resideInAPackage("dev.throng..")
                .and(DescribedPredicate.not(resideInAnyPackage(allowed))))
        .check(PRODUCT);
  }

  /** The parser runs in its own process, without the server's classes. */
  @Test
  void parserUsesNothingOfTheServer() {
    noClasses()
        .that(resideInAnyPackage("dev.throng.parser.worker..", "dev.throng.parser.api.."))
        .should()
        .dependOnClassesThat(
            resideInAPackage("dev.throng..")
                .and(
                    DescribedPredicate.not(
                        resideInAnyPackage(
                            "dev.throng.parser.worker..", "dev.throng.parser.api.."))))
        .check(PRODUCT);
  }

  /** Files that depend on each other in a circle cannot be read, moved or tested one by one. */
  @Test
  void filesHaveNoCycles() {
    slices()
        .assignedFrom(
            new SliceAssignment() {
              @Override
              public SliceIdentifier getIdentifierOf(JavaClass type) {
                return SliceIdentifier.of(type.getName().replaceFirst("\\$.*", ""));
              }

              @Override
              public String getDescription() {
                return "files";
              }
            })
        .should()
        .beFreeOfCycles()
        .check(PRODUCT);
  }

  /**
   * The pool knows backends by their interface, and one kind of backend knows nothing of others.
   */
  @Test
  void kindsOfBackendsAreIndependentOfEachOtherAndOfThePool() {
    slices().matching("dev.throng.backend.(*)..").should().notDependOnEachOther().check(PRODUCT);
    noClasses()
        .that()
        .resideInAPackage("dev.throng.backend")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.throng.backend.*..")
        .check(PRODUCT);
  }

  @Test
  void coreDependsOnTheJdkAlone() {
    classes()
        .that(resideInAPackage("dev.throng.core.."))
        .should()
        .onlyDependOnClassesThat(
            resideInAnyPackage(
                "dev.throng.core..", "java..", "javax.net.ssl..", "org.jspecify.annotations.."))
        .check(PRODUCT);
  }

  @Test
  void everyPackageIsNamedInTheArrows() {
    List<String> known =
        Stream.concat(ARROWS.keySet().stream(), Stream.of("core", "app", "cli")).toList();
    classes()
        .that(alwaysTrue())
        .should()
        .resideInAnyPackage(known.stream().map(name -> ROOT + name + "..").toArray(String[]::new))
        .check(PRODUCT);
  }

  /**
   * The two packages that may use everything are one slice: Main starts commands, commands start
   * servers.
   */
  @Test
  void packagesHaveNoCycles() {
    slices()
        .assignedFrom(
            new SliceAssignment() {
              @Override
              public SliceIdentifier getIdentifierOf(JavaClass type) {
                String name = type.getPackageName();
                if (!name.startsWith(ROOT)) {
                  return SliceIdentifier.ignore();
                }
                String top = name.substring(ROOT.length()).replaceFirst("\\..*", "");
                return SliceIdentifier.of(top.equals("cli") ? "app" : top);
              }

              @Override
              public String getDescription() {
                return "packages below dev.throng";
              }
            })
        .should()
        .beFreeOfCycles()
        .check(PRODUCT);
  }

  @TestFactory
  Stream<DynamicTest> librariesAreHiddenBehindOnePackage() {
    return HIDDEN_LIBRARIES.entrySet().stream()
        .map(hidden ->
            DynamicTest.dynamicTest(
                hidden.getKey() + " only in " + hidden.getValue(),
                () ->
                    noClasses()
                        .that(
                            DescribedPredicate.not(
                                resideInAnyPackage(hidden.getValue().toArray(String[]::new))))
                        .should()
                        .dependOnClassesThat(resideInAPackage(hidden.getKey()))
                        .check(PRODUCT)));
  }

  @Test
  void onlyAppCreatesTheParts() {
    noClasses()
        .that(DescribedPredicate.not(resideInAPackage("dev.throng.app..")))
        .should()
        .callConstructorWhere(makes(ChunkStore.class, Embedder.class, Generator.class))
        .orShould()
        .callConstructorWhere(makes(AnswerService.class, Catalog.class))
        .allowEmptyShould(true)
        .check(PRODUCT);
  }

  private static DescribedPredicate<JavaConstructorCall> makes(Class<?>... types) {
    return DescribedPredicate.describe(
        "creates one of " + Arrays.toString(types),
        call ->
            Arrays.stream(types).anyMatch(type -> call.getTargetOwner().isAssignableTo(type))
                && !isFactoryOfItself(call));
  }

  /** A static factory, like {@code Catalog.openSqlite}, is its class's own concern. */
  private static boolean isFactoryOfItself(JavaAccess<?> call) {
    return call.getOriginOwner().equals(call.getTargetOwner());
  }

  @Test
  void nothingIsSynchronized() {
    methods()
        .should()
        .notHaveModifier(JavaModifier.SYNCHRONIZED)
        .because("a virtual thread must not be held over IO; locks are ReentrantLocks")
        .check(PRODUCT);
  }

  @Test
  void optionalIsOnlyAReturnType() {
    List<String> others = new ArrayList<>();
    for (JavaClass type : PRODUCT) {
      type.getFields().stream()
          .filter(field -> isOptional(field.getRawType()))
          .forEach(field -> others.add(field.getFullName()));
      type.getCodeUnits().stream()
          .filter(
              code -> code.getRawParameterTypes().stream().anyMatch(DependenciesTest::isOptional))
          .filter(code -> !code.getName().startsWith("lambda$"))
          .forEach(code -> others.add(code.getFullName()));
    }
    assertEquals(List.of(), others, "fields and parameters that may be missing are @Nullable");
  }

  private static boolean isOptional(JavaClass type) {
    return OPTIONALS.stream().anyMatch(type::isEquivalentTo);
  }

  @Test
  void onlyCommandsPrint() {
    noClasses()
        .that(
            DescribedPredicate.not(
                resideInAnyPackage("dev.throng.cli..", "dev.throng.parser.worker..")))
        .should()
        .accessField(System.class, "out")
        .orShould()
        .accessField(System.class, "err")
        .check(PRODUCT);
  }
}
