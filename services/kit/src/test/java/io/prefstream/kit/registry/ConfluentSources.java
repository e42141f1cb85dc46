package io.prefstream.kit.registry;

import java.io.IOException;
import java.io.StringWriter;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * The sources of the profile confluent, compiled against Confluent's classes as others have relocated them. Confluent's own
 * artifacts need a repository that not every build reaches; this compiles and runs the same lines without it.
 */
final class ConfluentSources {

    private static final Path SOURCES = Path.of("src/confluent/java/io/prefstream/kit/registry/confluent");
    private static final String PACKAGE = "io.prefstream.kit.registry.confluent.";

    /** Over serializer, deserializer and client 7.0.1. */
    static final ConfluentSources SERDES = new ConfluentSources("org.apache.pulsar.kafka.shade.", "ConfluentLibrary");

    /** Over the client 7.5.3, which comes without serdes. */
    static final ConfluentSources CLIENT =
            new ConfluentSources("org.apache.flink.avro.registry.confluent.shaded.", "ConfluentRegistryClient");

    private final ClassLoader classes;

    private ConfluentSources(String relocation, String root) {
        try {
            classes = compile(relocation, root);
        } catch (IOException e) {
            throw new IllegalStateException("cannot compile " + SOURCES, e);
        }
    }

    RegistryLibrary library() {
        return (RegistryLibrary) make("ConfluentLibrary");
    }

    RegistryClient client(Map<String, String> settings) {
        return (RegistryClient) make("ConfluentRegistryClient", settings);
    }

    private Object make(String name, Object... settings) {
        try {
            Class<?>[] types = settings.length == 0 ? new Class<?>[0] : new Class<?>[] {Map.class};
            return classes.loadClass(PACKAGE + name).getConstructor(types).newInstance(settings);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Compiles a source and those that it needs. */
    private static ClassLoader compile(String relocation, String root) throws IOException {
        Path folder = Files.createDirectories(Path.of("target", "confluent", relocation));
        try (Stream<Path> files = Files.list(SOURCES)) {
            for (Path file : files.toList()) {
                String text = Files.readString(file)
                        .replace("import io.confluent.", "import " + relocation + "io.confluent.");
                Files.writeString(
                        Files.createDirectories(folder.resolve(PACKAGE.replace('.', '/')))
                                .resolve(file.getFileName()),
                        text);
            }
        }
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter said = new StringWriter();
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
            List<String> options = List.of(
                    "-proc:none",
                    "-implicit:class",
                    "-d",
                    folder.toString(),
                    "-sourcepath",
                    folder.toString(),
                    "-classpath",
                    System.getProperty("java.class.path"));
            boolean compiled = compiler.getTask(
                            said,
                            manager,
                            null,
                            options,
                            null,
                            manager.getJavaFileObjects(
                                    folder.resolve(PACKAGE.replace('.', '/')).resolve(root + ".java")))
                    .call();
            if (!compiled) {
                throw new IllegalStateException(said.toString());
            }
        }
        URL url = folder.toUri().toURL();
        return new URLClassLoader(new URL[] {url}, ConfluentSources.class.getClassLoader());
    }
}
