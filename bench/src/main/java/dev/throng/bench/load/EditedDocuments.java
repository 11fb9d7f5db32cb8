package dev.throng.bench.load;

import dev.throng.bench.rig.Documents;
import dev.throng.bench.rig.Home;
import dev.throng.core.Periodic;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** A copy of the example handbook, of which one file after the other is edited. */
final class EditedDocuments implements AutoCloseable {
  private final List<Path> texts;
  private final AtomicInteger edits = new AtomicInteger();
  private final Consumer<Path> onEdit;
  private final Periodic periodic;

  /**
   * Copies the handbook to a folder that does not exist yet, and starts the edits.
   *
   * @param interval between two edits
   * @param onEdit receives each file that was edited
   */
  EditedDocuments(Path folder, Duration interval, Consumer<Path> onEdit) throws IOException {
    this.onEdit = onEdit;
    Documents.copy(Home.examples().resolve("handbook"), folder);
    try (Stream<Path> files = Files.walk(folder)) {
      this.texts = files.filter(file -> file.toString().endsWith(".md")).sorted().toList();
    }
    this.periodic = Periodic.start("load-edits", interval, this::edit);
  }

  private void edit() {
    int number = edits.incrementAndGet();
    Path file = texts.get(number % texts.size());
    try {
      Files.writeString(
          file,
          "\nThis page was last reviewed in edition %d.\n".formatted(number),
          StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    onEdit.accept(file);
  }

  int edits() {
    return edits.get();
  }

  @Override
  public void close() {
    periodic.close();
  }
}
