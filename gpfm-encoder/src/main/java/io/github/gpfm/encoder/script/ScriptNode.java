package io.github.gpfm.encoder.script;

import io.github.gpfm.encoder.weights.DType;
import io.github.gpfm.encoder.weights.WeightTensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * One module of a program: the name of the class in the source whose methods it has, and its
 * attributes. The tree of nodes gives parameters their dotted names.
 */
public final class ScriptNode {
  /** What an attribute is. */
  sealed interface Attribute {}

  record Parameter(@Nullable WeightTensor tensor) implements Attribute {}

  record Buffer(@Nullable WeightTensor tensor) implements Attribute {}

  record Constant(@Nullable Object value) implements Attribute {}

  record Child(@Nullable ScriptNode node) implements Attribute {}

  record Children(List<ScriptNode> nodes) implements Attribute {}

  private final String className;
  private final Map<String, Attribute> attributes = new LinkedHashMap<>();

  private ScriptNode(String className) {
    this.className = className;
  }

  /**
   * @param className a class of the program's source
   */
  public static ScriptNode of(String className) {
    return new ScriptNode(className);
  }

  /** Name of the class in the source. */
  public String className() {
    return className;
  }

  /**
   * A tensor that is trained: listed among the parameters, with gradients when loaded for training.
   *
   * @param tensor its values, or {@code null}: the attribute is then {@code None}, and {@code if
   *     self.NAME is not None} leaves the branch out of the program
   */
  public ScriptNode parameter(String name, @Nullable WeightTensor tensor) {
    return put(name, new Parameter(tensor));
  }

  /** A tensor that is not trained; {@code None} for {@code null}. */
  public ScriptNode buffer(String name, @Nullable WeightTensor tensor) {
    return put(name, new Buffer(tensor));
  }

  /**
   * A plain value.
   *
   * @param value {@code Boolean}, {@code Integer} or {@code Long} (int), {@code Double} (float),
   *     {@code String}, a non-empty {@code List} of {@code Long} (List[int]), or {@code null}
   *     (None)
   */
  public ScriptNode constant(String name, @Nullable Object value) {
    return put(name, new Constant(value));
  }

  /** A submodule; {@code None} for {@code null}. */
  public ScriptNode child(String name, @Nullable ScriptNode node) {
    return put(name, new Child(node));
  }

  /**
   * A list of submodules, whose parameters are called {@code name.0.…}, {@code name.1.…}; the
   * source goes through it by {@code for item in self.name:}.
   */
  public ScriptNode children(String name, List<ScriptNode> nodes) {
    return put(name, new Children(List.copyOf(nodes)));
  }

  /** The same tree with all floating-point tensors converted to another type. */
  public ScriptNode cast(DType dtype) {
    return mapped(ScriptNode::new, tensor -> tensor.cast(dtype));
  }

  /**
   * The same tree with nodes of some classes turned into others, which have one constant more.
   *
   * @param classes from a class of this tree to the one that takes its place
   * @param constant name of the constant
   * @param value its value, as {@link #constant} takes it
   */
  public ScriptNode specialised(Map<String, String> classes, String constant, Object value) {
    return mapped(
        name -> {
          String other = classes.get(name);
          return other == null ? of(name) : of(other).constant(constant, value);
        },
        tensor -> tensor);
  }

  private ScriptNode mapped(
      Function<String, ScriptNode> empty, UnaryOperator<WeightTensor> tensors) {
    ScriptNode copy = empty.apply(className);
    attributes.forEach((name, old) -> copy.put(name, mapped(old, empty, tensors)));
    return copy;
  }

  private static Attribute mapped(
      Attribute attribute,
      Function<String, ScriptNode> empty,
      UnaryOperator<WeightTensor> tensors) {
    if (attribute instanceof Parameter parameter && parameter.tensor() != null) {
      return new Parameter(tensors.apply(parameter.tensor()));
    } else if (attribute instanceof Buffer buffer && buffer.tensor() != null) {
      return new Buffer(tensors.apply(buffer.tensor()));
    } else if (attribute instanceof Child child && child.node() != null) {
      return new Child(child.node().mapped(empty, tensors));
    } else if (attribute instanceof Children children) {
      return new Children(
          children.nodes().stream().map(node -> node.mapped(empty, tensors)).toList());
    }
    return attribute;
  }

  Map<String, Attribute> attributes() {
    return Collections.unmodifiableMap(attributes);
  }

  /** All parameters of this node and below, by dotted name, in the order of the module. */
  public List<WeightTensor> parameters() {
    List<WeightTensor> found = new ArrayList<>();
    collect("", found);
    return found;
  }

  private void collect(String prefix, List<WeightTensor> found) {
    attributes.forEach(
        (name, attribute) -> {
          String path = prefix + name;
          if (attribute instanceof Parameter parameter && parameter.tensor() != null) {
            found.add(parameter.tensor().renamed(path));
          } else if (attribute instanceof Child child && child.node() != null) {
            child.node().collect(path + ".", found);
          } else if (attribute instanceof Children children) {
            for (int i = 0; i < children.nodes().size(); i++) {
              children.nodes().get(i).collect(path + "." + i + ".", found);
            }
          }
        });
  }

  private ScriptNode put(String name, Attribute attribute) {
    if (!name.matches("[A-Za-z_][A-Za-z0-9_]*")) {
      throw new IllegalArgumentException("'" + name + "' is no attribute name");
    }
    if (attributes.put(name, attribute) != null) {
      throw new IllegalArgumentException("attribute '" + name + "' is given twice");
    }
    return this;
  }
}
