/** A modular program that reads slides and embeds them. */
module org.example.modular {
  requires io.github.gpfm.api;
  requires io.github.gpfm.slideio;
  requires io.github.gpfm.encoder;
  requires java.desktop;
}
