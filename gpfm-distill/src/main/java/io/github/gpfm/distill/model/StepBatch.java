package io.github.gpfm.distill.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;

/**
 * What one shard of a step is computed from; B images, N patches of a global crop, M masked
 * patches. Crop-major: crop 0 of every image, then crop 1.
 *
 * @param globalCrops float32 [2B, 3, h, w]
 * @param localCrops float32 [L * B, 3, h', w']; no element for none
 * @param masks boolean [2B, N]
 * @param maskIndices int64 [M], positions in the flattened masks
 * @param maskWeights float32 [M], one over the masked patches of the owning crop
 * @param expertTokens per expert, where its weight is positive: class tokens float32 [2B, 1, E],
 *     then patch tokens float32 [2B, rows, columns, E]; then, where the recipe asks for it, the
 *     Gram anchor's patch tokens [2B, rows, columns, E], uniform numbers [experts, 2B] for teacher
 *     dropping, and a factor for each of the experts' terms, which {@link TrainStep} adds
 * @param globalKeep images kept by drop path, int64, two per block; a single empty array for none
 * @param localKeep the same for the local crops
 */
public record StepBatch(
    NDArray globalCrops,
    NDArray localCrops,
    NDArray masks,
    NDArray maskIndices,
    NDArray maskWeights,
    NDList expertTokens,
    NDList globalKeep,
    NDList localKeep) {}
