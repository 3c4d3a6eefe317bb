// As run by QuPath's script editor, where `tile` would be server.readRegion(request).
import io.github.gpfm.encoder.GpfmEncoder

try (def encoder = GpfmEncoder.builder().build()) {
    def feature = encoder.embed(tile)
    return feature.length == encoder.info().dimension() && feature.every { Float.isFinite(it) }
}
