package dev.throng.core;

/**
 * Identifies a question as it was asked: everything that determines its prompt, except the
 * documents.
 */
public record QuestionKey(Hash hash) {}
