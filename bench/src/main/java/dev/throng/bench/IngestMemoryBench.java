package dev.throng.bench;

import dev.throng.bench.rig.Home;
import dev.throng.bench.rig.LargeDocuments;
import dev.throng.bench.rig.StubbedIngest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Large ingests, each in a JVM with a small heap, which ends if the heap is too small. */
@Command(
    name = "ingest-memory",
    description = "100,000 chunks, texts of 200 MB and a PDF of 3,000 pages in 1 GiB of heap.")
final class IngestMemoryBench implements Callable<Integer> {
  private static final int TEXT_BYTES = 200_000_000;
  private static final int PDF_PAGES = 3_000;
  private static final int DOCUMENTS = 10_000;
  private static final int DOCUMENT_BYTES = 10_000;

  /** What is ingested. */
  private enum Load {
    MANY,
    TEXT,
    LINE,
    PDF
  }

  @Option(names = "--heap", description = "-Xmx of the process (default: ${DEFAULT-VALUE}).")
  private String heap = "1g";

  @Option(
      names = "--load",
      split = ",",
      description =
          "many: 100,000 chunks in 10,000 documents; text: 200 MB in paragraphs; line: 200 MB without a line end; pdf: 3,000 pages (default: all).")
  private List<Load> loads = List.of(Load.values());

  @Override
  public Integer call() throws IOException, InterruptedException {
    Path folder = Home.temporary("ingest-memory");
    int failed = 0;
    for (Load load : loads) {
      Path documents = Files.createDirectories(folder.resolve(load + "-documents"));
      write(load, documents);
      System.out.printf("%-5s ", load);
      System.out.flush();
      Path log = folder.resolve(load + ".log");
      int code = run(documents, folder.resolve(load + "-data"), log);
      if (code != 0) {
        failed++;
        System.out.println("ended with exit code " + code);
        System.out.println(Files.readString(log));
      }
    }
    return failed == 0 ? 0 : 1;
  }

  private static void write(Load load, Path folder) throws IOException {
    LargeDocuments documents = new LargeDocuments();
    switch (load) {
      case MANY -> documents.many(folder, DOCUMENTS, DOCUMENT_BYTES);
      case TEXT -> documents.text(folder.resolve("long.txt"), TEXT_BYTES, "\n\n");
      case LINE -> documents.text(folder.resolve("line.txt"), TEXT_BYTES, " ");
      case PDF -> documents.pdf(folder.resolve("long.pdf"), PDF_PAGES);
    }
  }

  private int run(Path documents, Path data, Path log) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + heap,
                "-XX:+ExitOnOutOfMemoryError",
                "--add-modules",
                "jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-XX:+UseCompactObjectHeaders",
                "-Dthrong.parser.lib=" + System.getProperty("throng.parser.lib", ""),
                "-cp",
                System.getProperty("java.class.path"),
                StubbedIngest.class.getName(),
                documents.toString(),
                data.toString())
            .redirectOutput(ProcessBuilder.Redirect.INHERIT)
            .redirectError(log.toFile())
            .start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly, "stop-ingest"));
    return process.waitFor();
  }
}
