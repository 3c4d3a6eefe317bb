package io.github.gpfm.eval.retrieval;

/**
 * A found item.
 *
 * @param index its row in the index
 * @param id its name
 * @param distance Euclidean distance to the query
 */
public record Neighbour(int index, String id, double distance) {}
