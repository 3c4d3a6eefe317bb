package io.github.gpfm.slideio.bioformats.internal;

import io.github.gpfm.slideio.bioformats.BioFormatsSettings;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The Bio-Formats on the class path, bound by name in a class loader of its own. This class alone
 * knows the library's names. Bound once, it serves all slides and threads.
 */
public final class BioFormatsLibrary {
  private static final String ENTRY = "loci.formats.ImageReader";

  /** Every initialisation is memoised once memo files are asked for, ms. */
  private static final long MEMO_MILLISECONDS = 0;

  private static volatile @Nullable BioFormatsLibrary bound;

  private final ClassLoader loader;
  private final Duck<FormatReader> formatReader;
  private final Duck<OmeMetadata> omeMetadata;
  private final Duck<TiffPages> tiffPages;
  private final Duck<TiffPage> tiffPage;
  private final Duck<Detector> detector;
  private final Duck<Services> services;
  private final Duck<OmeXmlService> omeXmlService;
  private final Class<?> omeXmlServiceClass;
  private final OmeValues values;

  /** {@code loci.formats.ImageReader}. */
  interface Detector {
    Object getReader(String file) throws Exception;

    void close() throws Exception;
  }

  /** {@code loci.common.services.ServiceFactory}. */
  interface Services {
    Object getInstance(Class<?> service) throws Exception;
  }

  /** {@code loci.formats.services.OMEXMLService}. */
  interface OmeXmlService {
    Object createOMEXMLMetadata() throws Exception;
  }

  /** {@code ome.units.quantity.Length}. */
  interface Length {
    @Nullable Number value(Object unit);
  }

  /** {@code ome.xml.model.primitives.Color}. */
  interface Colour {
    int getRed();

    int getGreen();

    int getBlue();
  }

  private BioFormatsLibrary(ClassLoader loader) throws ReflectiveOperationException {
    this.loader = loader;
    this.formatReader = new Duck<>(FormatReader.class, type("loci.formats.IFormatReader"));
    this.omeMetadata = new Duck<>(OmeMetadata.class, type("loci.formats.ome.OMEXMLMetadata"));
    this.tiffPages = new Duck<>(TiffPages.class, type("loci.formats.tiff.TiffParser"));
    this.tiffPage = new Duck<>(TiffPage.class, type("loci.formats.tiff.IFD"));
    this.detector = new Duck<>(Detector.class, type(ENTRY));
    this.services = new Duck<>(Services.class, type("loci.common.services.ServiceFactory"));
    this.omeXmlServiceClass = type("loci.formats.services.OMEXMLService");
    this.omeXmlService = new Duck<>(OmeXmlService.class, omeXmlServiceClass);
    this.values =
        new BoundValues(
            new Duck<>(Length.class, type("ome.units.quantity.Length")),
            new Duck<>(Colour.class, type("ome.xml.model.primitives.Color")),
            type("ome.units.UNITS").getField("MICROMETER").get(null));
  }

  /**
   * The library on the class path of this module or of the calling thread.
   *
   * @return empty if there is none
   * @throws ReflectiveOperationException if it lacks something the adapter needs
   * @throws LinkageError if something it needs itself is missing
   */
  static Optional<BioFormatsLibrary> find() throws ReflectiveOperationException {
    BioFormatsLibrary library = bound;
    if (library == null) {
      Optional<ClassLoader> loader =
          Stream.of(
                  BioFormatsLibrary.class.getClassLoader(),
                  Optional.ofNullable(Thread.currentThread().getContextClassLoader())
                      .orElse(ClassLoader.getSystemClassLoader()))
              .filter(BioFormatsLibrary::has)
              .findFirst();
      if (loader.isEmpty()) {
        return Optional.empty();
      }
      library = new BioFormatsLibrary(new OmeClassLoader(loader.get()));
      bound = library;
    }
    return Optional.of(library);
  }

  private static boolean has(ClassLoader loader) {
    return loader.getResource(ENTRY.replace('.', '/') + ".class") != null;
  }

  /**
   * Finds out which of Bio-Formats' readers takes a file.
   *
   * @return opens sessions with that reader
   * @throws Exception if none does
   */
  ReaderSession.Factory detect(Path path, BioFormatsSettings settings) throws Exception {
    JpegPlugins.preferJdk();
    String file = path.toAbsolutePath().toString();
    Detector imageReader = detector.view(construct(type(ENTRY)));
    Class<?> readerClass;
    try {
      readerClass = imageReader.getReader(file).getClass();
    } finally {
      imageReader.close();
    }
    if (settings.memoFolder().isPresent()) {
      Files.createDirectories(settings.memoFolder().get());
    }
    return () -> open(file, readerClass, settings);
  }

  private ReaderSession open(String file, Class<?> readerClass, BioFormatsSettings settings)
      throws Exception {
    Object instance = construct(readerClass);
    if (settings.memoFolder().isPresent()) {
      instance =
          construct(
              type("loci.formats.Memoizer"),
              new Class<?>[] {type("loci.formats.IFormatReader"), long.class, java.io.File.class},
              instance,
              MEMO_MILLISECONDS,
              settings.memoFolder().get().toFile());
    }
    FormatReader reader = formatReader.view(instance);
    try {
      Object factory = construct(type("loci.common.services.ServiceFactory"));
      Object service = services.view(factory).getInstance(omeXmlServiceClass);
      Object store = omeXmlService.view(service).createOMEXMLMetadata();
      reader.setFlattenedResolutions(false);
      reader.setMetadataStore(store);
      reader.setId(file);
      ReducedPages reduced = Vendors.PLAIN_TIFF.equals(reader.getFormat()) ? pages(file) : null;
      return new ReaderSession(reader, omeMetadata.view(filled(reader, store)), values, reduced);
    } catch (Exception | Error e) {
      try {
        reader.close();
      } catch (Exception suppressed) {
        e.addSuppressed(suppressed);
      }
      throw e;
    }
  }

  /** A reader that comes out of a memo file brings its own metadata store. */
  private Object filled(FormatReader reader, Object given) throws ClassNotFoundException {
    Object store = reader.getMetadataStore();
    return type("loci.formats.ome.OMEXMLMetadata").isInstance(store) ? store : given;
  }

  private ReducedPages pages(String file) throws Exception {
    TiffPages parser =
        tiffPages.view(
            construct(type("loci.formats.tiff.TiffParser"), new Class<?>[] {String.class}, file));
    try {
      return new ReducedPages(parser, tiffPage::view);
    } catch (Exception | Error e) {
      parser.close();
      throw e;
    }
  }

  private Class<?> type(String name) throws ClassNotFoundException {
    return Class.forName(name, true, loader);
  }

  private static Object construct(Class<?> type) throws Exception {
    return construct(type, new Class<?>[0]);
  }

  private static Object construct(Class<?> type, Class<?>[] parameters, Object... arguments)
      throws Exception {
    Constructor<?> constructor = type.getConstructor(parameters);
    try {
      return constructor.newInstance(arguments);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof Exception cause) {
        throw cause;
      }
      if (e.getCause() instanceof Error cause) {
        throw cause;
      }
      throw e;
    }
  }

  private record BoundValues(Duck<Length> lengths, Duck<Colour> colours, Object micrometre)
      implements OmeValues {
    @Override
    public OptionalDouble micrometres(@Nullable Object length) {
      if (length == null) {
        return OptionalDouble.empty();
      }
      Number value = lengths.view(length).value(micrometre);
      return value == null ? OptionalDouble.empty() : OptionalDouble.of(value.doubleValue());
    }

    @Override
    public int rgb(Object colour) {
      Colour view = colours.view(colour);
      return view.getRed() << 16 | view.getGreen() << 8 | view.getBlue();
    }
  }
}
