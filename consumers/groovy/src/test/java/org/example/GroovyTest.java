package org.example;

import static org.junit.jupiter.api.Assertions.assertEquals;

import groovy.lang.Binding;
import groovy.lang.GroovyShell;
import java.awt.image.BufferedImage;
import java.io.File;
import org.junit.jupiter.api.Test;

class GroovyTest {
  @Test
  void embedsATile() throws Exception {
    Binding binding = new Binding();
    binding.setVariable("tile", new BufferedImage(300, 300, BufferedImage.TYPE_INT_RGB));
    assertEquals(true, new GroovyShell(binding).evaluate(new File("embed.groovy")));
  }
}
