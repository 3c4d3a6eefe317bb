plugins {
    application
}

repositories {
    // Artifacts staged by .ci/release; a published version needs mavenCentral() only.
    providers.gradleProperty("staging").orNull?.let { maven(url = uri(it)) }
    mavenCentral()
}

java {
    toolchain { languageVersion = JavaLanguageVersion.of(17) }
}

dependencies {
    implementation(platform("io.github.gpfm:gpfm-bom:0.1.0"))
    implementation("io.github.gpfm:gpfm-encoder")
    runtimeOnly("ai.djl.pytorch:pytorch-jni")
    runtimeOnly("ai.djl.pytorch:pytorch-native-cpu::linux-x86_64")
}

application {
    mainClass = "org.example.Main"
}
