package io.github.gpfm.slideio.bioformats.internal;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Views objects of a class that is unknown when this is compiled through an interface of ours whose
 * methods have the same names and parameters. All methods are bound when the duck is made, so that
 * an unsuitable version of the library shows at once and by name.
 *
 * @param <T> our interface
 */
final class Duck<T> {
  private final Class<T> face;
  private final Map<Method, MethodHandle> handles = new HashMap<>();

  /**
   * @param face our interface
   * @param type a public class or interface of the library
   * @throws NoSuchMethodException if the library's type lacks a method of the interface
   * @throws IllegalAccessException if such a method is not public
   */
  Duck(Class<T> face, Class<?> type) throws NoSuchMethodException, IllegalAccessException {
    this.face = face;
    for (Method method : face.getMethods()) {
      if (!Modifier.isAbstract(method.getModifiers())) {
        continue;
      }
      Method counterpart =
          Stream.of(type.getMethods())
              .filter(candidate -> matches(candidate, method))
              .findFirst()
              .orElseThrow(
                  () ->
                      new NoSuchMethodException(
                          type.getName() + "." + method.getName() + " is missing"));
      handles.put(
          method,
          MethodHandles.publicLookup()
              .unreflect(counterpart)
              .asSpreader(Object[].class, method.getParameterCount())
              .asType(MethodType.methodType(Object.class, Object.class, Object[].class)));
    }
  }

  /** A view of one object. */
  T view(Object target) {
    return face.cast(
        Proxy.newProxyInstance(
            face.getClassLoader(),
            new Class<?>[] {face},
            (proxy, method, arguments) -> {
              MethodHandle handle = handles.get(method);
              if (handle == null) {
                // equals, hashCode and toString of Object
                return method.invoke(target, arguments);
              }
              Object[] all = arguments == null ? new Object[0] : arguments;
              return (Object) handle.invokeExact(target, all);
            }));
  }

  /** Same name and parameters, where our {@code Object} stands for any type of the library. */
  private static boolean matches(Method candidate, Method wanted) {
    if (!candidate.getName().equals(wanted.getName())
        || candidate.getParameterCount() != wanted.getParameterCount()
        || Modifier.isStatic(candidate.getModifiers())
        || candidate.isBridge()) {
      return false;
    }
    Class<?>[] has = candidate.getParameterTypes();
    Class<?>[] wants = wanted.getParameterTypes();
    for (int i = 0; i < has.length; i++) {
      if (has[i] != wants[i] && (wants[i] != Object.class || has[i].isPrimitive())) {
        return false;
      }
    }
    return wanted.getReturnType() == void.class
        || !wanted.getReturnType().isPrimitive()
        || wanted.getReturnType() == candidate.getReturnType();
  }
}
