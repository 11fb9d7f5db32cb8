package dev.throng.catalog;

/**
 * What a collection was made with and keeps.
 *
 * @param language names the analyzer, one of {@code IngestConfig.LANGUAGES}
 * @param embedderId names model and precision, such as {@code bge-small-en-v1.5-int8}
 * @param dimension length of its embeddings
 */
public record CollectionSpec(String language, String embedderId, int dimension) {}
