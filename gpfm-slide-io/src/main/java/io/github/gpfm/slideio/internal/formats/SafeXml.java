package io.github.gpfm.slideio.internal.formats;

import io.github.gpfm.slideio.internal.io.SlideFile;
import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.ErrorHandler;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;
import org.xml.sax.SAXParseException;

/** Parses the XML inside slides: no document types, no entities, nothing fetched. */
final class SafeXml {
  private static final int MAX_CHARACTERS = 1 << 25;

  private SafeXml() {}

  /** The root element, or empty if the text is not well-formed. */
  static Optional<Element> parse(SlideFile file, String text) {
    if (text.length() > MAX_CHARACTERS) {
      throw file.unsupported("its XML has more than " + MAX_CHARACTERS + " characters");
    }
    return parse(text);
  }

  /** The root element, or empty if the text is not well-formed or too long. */
  static Optional<Element> parse(String text) {
    if (text.length() > MAX_CHARACTERS) {
      return Optional.empty();
    }
    try {
      DocumentBuilder builder = factory().newDocumentBuilder();
      builder.setErrorHandler(new Silent());
      String trimmed = text.strip().replaceFirst("^\uFEFF", "");
      return Optional.of(
          builder.parse(new InputSource(new StringReader(trimmed))).getDocumentElement());
    } catch (SAXException | IOException e) {
      return Optional.empty();
    } catch (ParserConfigurationException e) {
      throw new IllegalStateException("the JDK's XML parser lacks its security features", e);
    }
  }

  /** Descendants by local name, in document order. */
  static List<Element> descendants(Element root, String name) {
    List<Element> found = new ArrayList<>();
    Node node = root.getFirstChild();
    while (node != null) {
      if (node instanceof Element element && localName(element).equals(name)) {
        found.add(element);
      }
      Node next = node.getFirstChild();
      while (next == null && node != null && node != root) {
        next = node.getNextSibling();
        node = next == null ? node.getParentNode() : node;
      }
      node = next == null || next == root ? null : next;
    }
    return found;
  }

  /** Children by local name, in order. */
  static List<Element> children(Element parent, String name) {
    List<Element> found = new ArrayList<>();
    for (Node node = parent.getFirstChild(); node != null; node = node.getNextSibling()) {
      if (node instanceof Element element && localName(element).equals(name)) {
        found.add(element);
      }
    }
    return found;
  }

  /** The name without a prefix. */
  static String localName(Element element) {
    String name = element.getLocalName();
    return name == null ? element.getNodeName() : name;
  }

  private static DocumentBuilderFactory factory() throws ParserConfigurationException {
    DocumentBuilderFactory factory = DocumentBuilderFactory.newDefaultInstance();
    factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
    factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
    factory.setFeature("http://xml.org/sax/features/external-general-entities", false);
    factory.setFeature("http://xml.org/sax/features/external-parameter-entities", false);
    factory.setAttribute(XMLConstants.ACCESS_EXTERNAL_DTD, "");
    factory.setAttribute(XMLConstants.ACCESS_EXTERNAL_SCHEMA, "");
    factory.setXIncludeAware(false);
    factory.setExpandEntityReferences(false);
    factory.setNamespaceAware(true);
    return factory;
  }

  /** Malformed XML is answered by the caller, not printed. */
  private static final class Silent implements ErrorHandler {
    @Override
    public void warning(SAXParseException exception) {
      // Of no account.
    }

    @Override
    public void error(SAXParseException exception) throws SAXException {
      throw exception;
    }

    @Override
    public void fatalError(SAXParseException exception) throws SAXException {
      throw exception;
    }
  }
}
