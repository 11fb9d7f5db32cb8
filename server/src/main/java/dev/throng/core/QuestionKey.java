package dev.throng.core;

/**
 * Names one question as asked: everything that decides which prompt is built for it, but not the
 * documents.
 */
public record QuestionKey(Hash hash) {}
