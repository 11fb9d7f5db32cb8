package dev.throng.retrieval;

import dev.throng.catalog.LiveDocument;
import dev.throng.core.DayOrMoment;
import dev.throng.core.Metadata;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The field that a condition of a filter examines. */
public sealed interface FilterField {
  /** Returns the field's name in filters. */
  String word();

  /** Returns the document's value, or null when it has none. */
  Metadata.@Nullable Value of(LiveDocument document);

  /** Fields that every document has. */
  enum BuiltIn implements FilterField {
    DOCUMENT_ID,
    URI,
    TITLE,
    /** Where the document came from: the source in its metadata, or else its uri. */
    SOURCE,
    MODIFIED_AT,
    /** The extension of the uri, in lower case and without the dot. */
    FORMAT;

    @Override
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    @Override
    public Metadata.@Nullable Value of(LiveDocument document) {
      return switch (this) {
        case DOCUMENT_ID -> new Metadata.Text(document.id());
        case URI -> new Metadata.Text(document.uri());
        case TITLE -> new Metadata.Text(document.title());
        case SOURCE -> {
          Metadata.Value given = document.metadata().fields().get(Metadata.SOURCE);
          yield given == null ? new Metadata.Text(document.uri()) : given;
        }
        case MODIFIED_AT -> {
          Instant modifiedAt = document.modifiedAt();
          yield modifiedAt == null ? null : new Metadata.Date(DayOrMoment.ofMoment(modifiedAt));
        }
        case FORMAT -> format(document.uri());
      };
    }

    private static Metadata.@Nullable Value format(String uri) {
      int dot = uri.lastIndexOf('.');
      return dot <= uri.lastIndexOf('/') + 1 || dot == uri.length() - 1
          ? null
          : new Metadata.Text(uri.substring(dot + 1).toLowerCase(Locale.ROOT));
    }
  }

  /** A field of the metadata. */
  record Named(String word) implements FilterField {
    @Override
    public Metadata.@Nullable Value of(LiveDocument document) {
      return document.metadata().fields().get(word);
    }
  }

  /** Returns the field with that name: a built-in field, or else a field of the metadata. */
  static FilterField named(String name) {
    for (BuiltIn field : BuiltIn.values()) {
      if (field.word().equals(name)) {
        return field;
      }
    }
    return new Named(name);
  }
}
