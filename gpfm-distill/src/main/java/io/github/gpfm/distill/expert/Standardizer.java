package io.github.gpfm.distill.expert;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.gpfm.encoder.script.ScriptModule;
import io.github.gpfm.encoder.script.ScriptNode;
import io.github.gpfm.encoder.script.ScriptProgram;
import io.github.gpfm.encoder.script.ScriptSource;
import io.github.gpfm.encoder.weights.WeightTensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Brings experts' tokens to mean 0 and one variance, by maps that {@link TokenStatistics} has found
 * in a first pass over the tiles. Class and patch tokens have maps of their own. Used by one thread
 * at a time.
 */
public final class Standardizer implements AutoCloseable {
  static final ScriptSource SOURCE =
      ScriptSource.resources(Standardizer.class, "standardize.torchscript");

  private final Map<String, TokenMap> maps;
  private final Map<String, ScriptModule> modules = new LinkedHashMap<>();

  Standardizer(Map<String, TokenMap> maps) {
    this.maps = Map.copyOf(maps);
  }

  /** Leaves tokens as they are. */
  public static Standardizer none() {
    return new Standardizer(Map.of());
  }

  /** Name of the map of an expert's class tokens. */
  static String classes(String expert) {
    return expert + ".cls_token";
  }

  /** Name of the map of an expert's patch tokens. */
  static String patches(String expert) {
    return expert + ".patch_token";
  }

  /** An expert's class tokens [..., E], standardized, on their device. */
  public NDArray classes(String expert, NDManager scope, NDArray tokens) {
    return apply(classes(expert), scope, tokens);
  }

  /** An expert's patch tokens [..., E], standardized, on their device. */
  public NDArray patches(String expert, NDManager scope, NDArray tokens) {
    return apply(patches(expert), scope, tokens);
  }

  private NDArray apply(String name, NDManager scope, NDArray tokens) {
    TokenMap map = maps.get(name);
    if (map == null) {
      return tokens;
    }
    Device device = tokens.getDevice();
    ScriptModule module = modules.computeIfAbsent(name + " " + device, key -> load(map, device));
    return module.call(scope, "apply", tokens).get(0);
  }

  private static ScriptModule load(TokenMap map, Device device) {
    long e = map.mean().length;
    List<Long> shape = map.isMatrix() ? List.of(e, e) : List.of(e);
    ScriptNode node =
        ScriptNode.of("Standardizer")
            .buffer("mean", WeightTensor.ofFloats("mean", List.of(e), map.mean()))
            .buffer("map", WeightTensor.ofFloats("map", shape, map.map()));
    return new ScriptProgram(SOURCE, node).load(device, ScriptProgram.Mode.INFERENCE);
  }

  /** Every map as tensors, {@code <expert>.cls_token.mean} and {@code .map} and so on. */
  public List<WeightTensor> tensors() {
    List<WeightTensor> tensors = new ArrayList<>();
    maps.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(
            entry -> {
              long e = entry.getValue().mean().length;
              boolean matrix = entry.getValue().isMatrix();
              String name = entry.getKey();
              tensors.add(
                  WeightTensor.ofFloats(name + ".mean", List.of(e), entry.getValue().mean()));
              tensors.add(
                  WeightTensor.ofFloats(
                      name + ".map", matrix ? List.of(e, e) : List.of(e), entry.getValue().map()));
            });
    return tensors;
  }

  /** The maps that {@link #tensors} gave. */
  public static Standardizer of(Map<String, WeightTensor> tensors) {
    Map<String, TokenMap> maps = new LinkedHashMap<>();
    tensors.forEach(
        (name, tensor) -> {
          WeightTensor map = tensors.get(name.replaceFirst("\\.mean$", ".map"));
          if (name.endsWith(".mean") && map != null) {
            maps.put(
                name.substring(0, name.length() - ".mean".length()),
                new TokenMap(tensor.toFloats(), map.toFloats()));
          }
        });
    return new Standardizer(maps);
  }

  @Override
  public void close() {
    modules.values().forEach(ScriptModule::close);
    modules.clear();
  }
}
