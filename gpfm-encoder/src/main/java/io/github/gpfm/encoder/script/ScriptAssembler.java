package io.github.gpfm.encoder.script;

import io.github.gpfm.encoder.internal.torch.PickleWriter;
import io.github.gpfm.encoder.weights.WeightTensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Makes the code and the object graph of a TorchScript archive. Attribute declarations are derived
 * from the nodes: two nodes of one class whose attributes differ in type (a bias that is there or
 * not, lists of different length) get two variants of the class.
 */
final class ScriptAssembler {
  private static final Pattern LOOP =
      Pattern.compile("(\\s*)for (?:(\\w+), )?(\\w+) in (enumerate\\()?self\\.(\\w+)\\)?:\\s*");

  private final ScriptSource source;
  private final boolean training;
  private final PickleWriter pickle = new PickleWriter();
  private final List<WeightTensor> tensors = new ArrayList<>();
  private final StringBuilder code = new StringBuilder();
  private final Map<String, String> variants = new LinkedHashMap<>();
  private final @Nullable Pattern calls;

  ScriptAssembler(ScriptSource source, boolean training) {
    this.source = source;
    this.training = training;
    String names = String.join("|", source.functions().keySet());
    this.calls = names.isEmpty() ? null : Pattern.compile("(?<![\\w.])(" + names + ")\\(");
  }

  /** The pickled object graph. */
  byte[] assemble(ScriptNode root) {
    write(root);
    return pickle.finish();
  }

  /** The code, to be asked for after {@link #assemble}. */
  String code() {
    StringBuilder all = new StringBuilder();
    source
        .functions()
        .forEach(
            (name, lines) -> {
              // The definition itself keeps its plain name; calls are qualified.
              all.append(lines.get(0)).append('\n');
              lines.subList(1, lines.size()).forEach(l -> all.append(qualify(l)).append('\n'));
            });
    return all.append(code).toString();
  }

  /** The tensors in the order of their storage keys. */
  List<WeightTensor> tensors() {
    return tensors;
  }

  private String qualify(String line) {
    return calls == null ? line : calls.matcher(line).replaceAll("__torch__.$1(");
  }

  /** Writes an object and returns the name of its class variant. */
  private String write(ScriptNode node) {
    // Children first: their variants are part of this node's type.
    String variant = variantOf(node);
    pickle.global("__torch__", variant);
    pickle.newObject();
    pickle.emptyDict();
    pickle.mark();
    pickle.string("training");
    pickle.plain(training);
    node.attributes().forEach(this::writeAttribute);
    pickle.setItems();
    pickle.build();
    return variant;
  }

  private void writeAttribute(String name, ScriptNode.Attribute attribute) {
    pickle.string(name);
    if (attribute instanceof ScriptNode.Parameter parameter) {
      writeTensor(parameter.tensor(), training);
    } else if (attribute instanceof ScriptNode.Buffer buffer) {
      writeTensor(buffer.tensor(), false);
    } else if (attribute instanceof ScriptNode.Constant constant) {
      writeConstant(constant.value());
    } else if (attribute instanceof ScriptNode.Child child) {
      if (child.node() == null) {
        pickle.plain(null);
      } else {
        write(child.node());
      }
    } else if (attribute instanceof ScriptNode.Children children) {
      writeList(children.nodes());
    }
  }

  private void writeTensor(@Nullable WeightTensor tensor, boolean requiresGrad) {
    if (tensor == null) {
      pickle.plain(null);
      return;
    }
    boolean grad = requiresGrad && tensor.dtype().isFloating();
    pickle.tensor(tensor.dtype().torchStorage(), tensors.size(), tensor.shape(), grad);
    tensors.add(tensor);
  }

  private void writeConstant(@Nullable Object value) {
    if (value instanceof List<?> list) {
      pickle.global("torch.jit._pickle", "build_intlist");
      pickle.mark();
      pickle.emptyList();
      pickle.mark();
      list.forEach(pickle::plain);
      pickle.appends();
      pickle.tuple();
      pickle.reduce();
    } else {
      pickle.plain(value);
    }
  }

  private void writeList(List<ScriptNode> nodes) {
    pickle.global("__torch__", listVariant(nodes));
    pickle.newObject();
    pickle.emptyDict();
    pickle.mark();
    pickle.string("training");
    pickle.plain(training);
    for (int i = 0; i < nodes.size(); i++) {
      pickle.string(Integer.toString(i));
      write(nodes.get(i));
    }
    pickle.setItems();
    pickle.build();
  }

  private String listVariant(List<ScriptNode> nodes) {
    StringBuilder body = new StringBuilder("  training : bool\n  __annotations__ = []\n");
    for (int i = 0; i < nodes.size(); i++) {
      body.append(
          "  __annotations__[\"%d\"] = __torch__.%s\n".formatted(i, variantOf(nodes.get(i))));
    }
    return define("ModuleList", "  __parameters__ = []\n  __buffers__ = []\n" + body);
  }

  private String variantOf(ScriptNode node) {
    List<String> parameters = new ArrayList<>();
    List<String> buffers = new ArrayList<>();
    StringBuilder fields = new StringBuilder("  training : bool\n");
    Map<String, Integer> lists = new LinkedHashMap<>();
    node.attributes()
        .forEach(
            (name, attribute) -> {
              String type;
              if (attribute instanceof ScriptNode.Parameter parameter) {
                parameters.add("\"" + name + "\", ");
                type = parameter.tensor() == null ? "NoneType" : "Tensor";
              } else if (attribute instanceof ScriptNode.Buffer buffer) {
                buffers.add("\"" + name + "\", ");
                type = buffer.tensor() == null ? "NoneType" : "Tensor";
              } else if (attribute instanceof ScriptNode.Constant constant) {
                type = typeOf(name, constant.value());
              } else if (attribute instanceof ScriptNode.Child child) {
                type = child.node() == null ? "NoneType" : "__torch__." + variantOf(child.node());
              } else {
                List<ScriptNode> nodes = ((ScriptNode.Children) attribute).nodes();
                lists.put(name, nodes.size());
                type = "__torch__." + listVariant(nodes);
              }
              fields.append("  ").append(name).append(" : ").append(type).append('\n');
            });
    StringBuilder body = new StringBuilder();
    body.append("  __parameters__ = [").append(String.join("", parameters)).append("]\n");
    body.append("  __buffers__ = [").append(String.join("", buffers)).append("]\n");
    body.append(fields);
    unroll(source.methods(node.className()), lists)
        .forEach(line -> body.append(qualify(line)).append('\n'));
    return define(node.className(), body.toString());
  }

  private String define(String className, String body) {
    return variants.computeIfAbsent(
        className + "\n" + body,
        key -> {
          long same =
              variants.keySet().stream().filter(k -> k.startsWith(className + "\n")).count();
          String name = same == 0 ? className : className + "_" + same;
          code.append("class ").append(name).append("(Module):\n").append(body);
          return name;
        });
  }

  private static String typeOf(String name, @Nullable Object value) {
    if (value == null) {
      return "NoneType";
    } else if (value instanceof Boolean) {
      return "bool";
    } else if (value instanceof Integer || value instanceof Long) {
      return "int";
    } else if (value instanceof Double) {
      return "float";
    } else if (value instanceof String) {
      return "str";
    } else if (value instanceof List<?> list && list.stream().allMatch(v -> v instanceof Long)) {
      return "List[int]";
    }
    throw new IllegalArgumentException("constant " + name + " has an unsupported type: " + value);
  }

  /** Replaces loops over module lists, which the serialised language lacks, by their rounds. */
  private static List<String> unroll(List<String> lines, Map<String, Integer> lists) {
    List<String> result = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      Matcher loop = LOOP.matcher(lines.get(i));
      if (!loop.matches() || !lists.containsKey(loop.group(5))) {
        result.add(lines.get(i));
        continue;
      }
      int end = i + 1;
      while (end < lines.size() && indent(lines.get(end)) > indent(lines.get(i))) {
        end++;
      }
      List<String> body = lines.subList(i + 1, end);
      int shift = indent(body.get(0)) - indent(lines.get(i));
      for (int round = 0; round < lists.get(loop.group(5)); round++) {
        String item = "getattr(self." + loop.group(5) + ", \"" + round + "\")";
        for (String line : body) {
          String text = replaceWord(line.substring(shift), loop.group(3), item);
          String index = loop.group(2);
          result.add(index == null ? text : replaceWord(text, index, Integer.toString(round)));
        }
      }
      i = end - 1;
    }
    return result;
  }

  private static String replaceWord(String line, String word, String replacement) {
    return line.replaceAll("(?<![\\w.])" + word + "(?!\\w)", Matcher.quoteReplacement(replacement));
  }

  private static int indent(String line) {
    return line.length() - line.stripLeading().length();
  }
}
