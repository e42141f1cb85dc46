package io.prefstream.kit.registry;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.apache.flink.avro.registry.confluent.shaded.io.confluent.kafka.schemaregistry.client.CachedSchemaRegistryClient;
import org.apache.pulsar.kafka.shade.io.confluent.kafka.serializers.KafkaAvroSerializer;

/**
 * The sources of the profile confluent, compiled and run without Confluent's repository: over Confluent's classes as others have
 * relocated them, with the relocation taken back in a copy. There they use our Avro, as Confluent's own artifacts do.
 */
final class ConfluentSources {

    private static final Path FOLDER = Path.of("target", "confluent");
    private static final String PACKAGE = "io.prefstream.kit.registry.confluent.";

    /** Over serializer, deserializer and client 7.0.1. */
    static final ConfluentSources SERDES = new ConfluentSources(
            KafkaAvroSerializer.class,
            "ConfluentLibrary",
            "org/apache/pulsar/kafka/shade/avro/",
            "org/apache/avro/",
            "org/apache/pulsar/kafka/shade/",
            "");

    /** Over the client 7.5.3, which comes without serdes. */
    static final ConfluentSources CLIENT = new ConfluentSources(
            CachedSchemaRegistryClient.class,
            "ConfluentRegistryClient",
            "org/apache/flink/avro/registry/confluent/shaded/",
            "",
            "org/apache/flink/avro/shaded/",
            "");

    private final ClassLoader classes;

    /** Over the jar that holds a class; names are pairs, of what a package is called there and what Confluent calls it. */
    private ConfluentSources(Class<?> relocated, String root, String... names) {
        Map<String, String> back = new LinkedHashMap<>();
        for (int i = 0; i < names.length; i += 2) {
            back.put(names[i], names[i + 1]);
            back.put(names[i].replace('/', '.'), names[i + 1].replace('/', '.'));
        }
        try {
            Path jar = Path.of(relocated
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .getPath());
            Path confluent = FOLDER.resolve(jar.getFileName());
            Path compiled = Files.createDirectories(FOLDER.resolve(root));
            takeBack(jar, confluent, back);
            compile(root, confluent, compiled);
            URL[] urls = {
                compiled.toUri().toURL(),
                confluent.toUri().toURL(),
                Path.of("src/confluent/resources").toUri().toURL()
            };
            classes = new URLClassLoader(urls, ConfluentSources.class.getClassLoader());
        } catch (IOException e) {
            throw new IllegalStateException("cannot prepare " + FOLDER, e);
        }
    }

    /** Where the compiled classes are, and the library as a service. */
    ClassLoader classes() {
        return classes;
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
    private static void compile(String root, Path confluent, Path to) throws IOException {
        String sources = "src/confluent/java";
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter said = new StringWriter();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            List<String> options = List.of(
                    "-proc:none",
                    "-implicit:class",
                    "-d",
                    to.toString(),
                    "-sourcepath",
                    sources,
                    "-classpath",
                    confluent + System.getProperty("path.separator") + System.getProperty("java.class.path"));
            Path source = Path.of(sources, (PACKAGE + root).replace('.', '/') + ".java");
            if (!compiler.getTask(said, files, null, options, null, files.getJavaFileObjects(source))
                    .call()) {
                throw new IllegalStateException(said.toString());
            }
        }
    }

    /** Copies Confluent's classes out of a jar under the names that they had. */
    private static void takeBack(Path jar, Path to, Map<String, String> back) throws IOException {
        try (JarFile from = new JarFile(jar.toFile());
                JarOutputStream out = new JarOutputStream(Files.newOutputStream(to))) {
            for (Enumeration<JarEntry> entries = from.entries(); entries.hasMoreElements(); ) {
                JarEntry entry = entries.nextElement();
                String name = renamed(entry.getName(), back);
                if (name.startsWith("io/confluent/") && name.endsWith(".class")) {
                    out.putNextEntry(new JarEntry(name));
                    try (InputStream bytes = from.getInputStream(entry)) {
                        out.write(takeBack(bytes, back));
                    }
                }
            }
        }
    }

    /** Renames in a class's constants; whatever else it holds points to them by number. */
    private static byte[] takeBack(InputStream bytes, Map<String, String> back) throws IOException {
        DataInputStream from = new DataInputStream(bytes);
        ByteArrayOutputStream made = new ByteArrayOutputStream();
        DataOutputStream to = new DataOutputStream(made);
        to.writeLong(from.readLong());
        int constants = from.readUnsignedShort();
        to.writeShort(constants);
        for (int i = 1; i < constants; i++) {
            int kind = from.readUnsignedByte();
            to.writeByte(kind);
            switch (kind) {
                case 1 -> to.writeUTF(renamed(from.readUTF(), back));
                case 5, 6 -> {
                    to.writeLong(from.readLong());
                    i++; // A long or a double takes two numbers.
                }
                case 7, 8, 16, 19, 20 -> to.writeShort(from.readUnsignedShort());
                case 15 -> to.write(from.readNBytes(3));
                default -> to.writeInt(from.readInt());
            }
        }
        from.transferTo(to);
        return made.toByteArray();
    }

    private static String renamed(String text, Map<String, String> back) {
        String named = text;
        for (Map.Entry<String, String> name : back.entrySet()) {
            named = named.replace(name.getKey(), name.getValue());
        }
        return named;
    }
}
