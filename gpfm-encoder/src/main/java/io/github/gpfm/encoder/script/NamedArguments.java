package io.github.gpfm.encoder.script;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.pytorch.engine.PtNDManager;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * DJL tells a method's name and which arrays form a list by the arrays' names. This gives arrays
 * such names for the time of a call and their own back afterwards.
 */
final class NamedArguments implements AutoCloseable {
  private record Renamed(NDArray array, @Nullable String name) {}

  private final NDList list = new NDList();
  private final List<Renamed> renamed = new ArrayList<>();
  private final Set<NDArray> seen = Collections.newSetFromMap(new IdentityHashMap<>());
  private final NDArray methodName;

  NamedArguments(PtNDManager scope, String method, Object... arguments) {
    // The first array also tells DJL which manager owns the results.
    methodName = scope.create(0f);
    methodName.setName("module_method:" + method);
    list.add(methodName);
    for (int i = 0; i < arguments.length; i++) {
      if (arguments[i] instanceof NDArray array) {
        add(array, null);
      } else if (arguments[i] instanceof NDList arrays && !arrays.isEmpty()) {
        for (NDArray array : arrays) {
          add(array, "l" + i + "[]");
        }
      } else {
        close();
        throw new IllegalArgumentException(
            "argument "
                + i
                + " must be an NDArray or an NDList that is not empty; pass a scalar as"
                + " an array without axes");
      }
    }
  }

  NDList list() {
    return list;
  }

  @Override
  public void close() {
    renamed.forEach(entry -> entry.array().setName(entry.name()));
    methodName.close();
  }

  private void add(NDArray array, @Nullable String name) {
    // One array cannot bear two names: its second appearance is a view of it.
    NDArray argument = seen.add(array) ? array : array.reshape(array.getShape());
    renamed.add(new Renamed(argument, argument.getName()));
    argument.setName(name);
    list.add(argument);
  }
}
