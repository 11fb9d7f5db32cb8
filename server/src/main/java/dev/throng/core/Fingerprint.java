package dev.throng.core;

/**
 * Names one generation: the prompt's bytes, the model and the sampling options. Equal fingerprint,
 * same answer.
 */
public record Fingerprint(Hash hash) {}
