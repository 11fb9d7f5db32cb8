package dev.throng.catalog;

/**
 * The properties with which a collection was created and which it keeps.
 *
 * @param language name of the analyzer, one of {@code IngestConfig.LANGUAGES}
 * @param embedderId id of model and precision, such as {@code bge-small-en-v1.5-int8}
 * @param dimension length of its embeddings
 */
public record CollectionSpec(String language, String embedderId, int dimension) {}
