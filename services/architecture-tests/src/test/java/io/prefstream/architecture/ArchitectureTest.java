package io.prefstream.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.prefstream.kit.topic.Topic;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.Buffer;
import java.nio.ByteOrder;
import java.time.Clock;
import java.util.Set;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.jspecify.annotations.NullMarked;

/**
 * Who may use whom.
 *
 * <p>When a rule fails, its reason stands in the message, and the class and line below it. Move the line to where it belongs:
 * what needs no record goes to {@code domain}, what reads the environment to {@code app} or {@code command}, what calls out of
 * the process to {@code client}. A value that a rule needs (a time, a key, a file's text) is passed in. If the rule itself is
 * wrong, change it here with its reason, in a commit of its own; there is no list of exceptions.
 */
@AnalyzeClasses(packages = "io.prefstream", importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTest {

    /** Values and text in memory; a module's own text files, read off the class path, included. */
    private static final DescribedPredicate<JavaClass> IN_MEMORY = describe(
            "values in memory",
            type -> type.isAssignableTo(Buffer.class)
                    || type.isEquivalentTo(ByteOrder.class)
                    || type.getPackageName().equals("java.nio.charset")
                    || type.isEquivalentTo(IOException.class)
                    || type.isEquivalentTo(UncheckedIOException.class)
                    || type.isEquivalentTo(InputStream.class));

    private static final DescribedPredicate<JavaClass> OUTSIDE = resideInAnyPackage(
                    "java.io..", "java.net..", "java.nio..", "java.sql..", "java.util.concurrent..")
            .and(not(IN_MEMORY))
            .or(describe(
                    "a clock or a random number",
                    type -> type.isAssignableTo(Clock.class) || type.isAssignableTo(RandomGenerator.class)));

    private static final String[] DECIDING = {"io.prefstream.core..", "io.prefstream..domain.."};

    @ArchTest
    static final ArchRule coreIsPlainJava = classes()
            .that()
            .resideInAPackage("io.prefstream.core..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("io.prefstream.core..", "java..", "org.jspecify..")
            .because("what decides must be readable and testable without Kafka, Avro or a model");

    @ArchTest
    static final ArchRule domainIsPure = classes()
            .that()
            .resideInAPackage("io.prefstream..domain..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "io.prefstream..domain..",
                    "io.prefstream.core..",
                    "io.prefstream.wire..",
                    "java..",
                    "com.fasterxml.jackson.core..",
                    "com.fasterxml.jackson.databind..",
                    "org.jspecify..")
            .because(
                    "rules know no Kafka and no other package of their stage; generated records serve them as plain values"
                            + " and Jackson as a reader of text that is already in memory");

    @ArchTest
    static final ArchRule whatDecidesTouchesNothingOutside = noClasses()
            .that()
            .resideInAnyPackage(DECIDING)
            .should()
            .dependOnClassesThat(OUTSIDE)
            .because("the same facts must give the same decision: files, time and chance are passed in as values");

    @ArchTest
    static final ArchRule whatDecidesReadsNoClock = noClasses()
            .that()
            .resideInAnyPackage(DECIDING)
            .should()
            .callMethodWhere(describe(
                    "reads the clock, the environment or chance",
                    call -> Set.of(
                                            "currentTimeMillis",
                                            "nanoTime",
                                            "getenv",
                                            "getProperty",
                                            "now",
                                            "random",
                                            "randomUUID")
                                    .contains(call.getName())
                            && call.getTargetOwner().getPackageName().startsWith("java.")))
            .because("the same facts must give the same decision, today and on a replay");

    @ArchTest
    static final ArchRule onlySettingsReadTheEnvironment = noClasses()
            .that(not(resideInAPackage("io.prefstream.kit.config")))
            .should()
            .callMethodWhere(describe(
                    "reads the environment",
                    call -> call.getName().equals("getenv")
                            && call.getTargetOwner().isEquivalentTo(System.class)))
            .because("settings come as a map, so that tests need no environment and one place says what is read");

    @ArchTest
    static final ArchRule onlyTheKitMakesTopologies = noClasses()
            .that(not(resideInAPackage("io.prefstream.kit..")))
            .should()
            .callConstructorWhere(describe(
                    "makes a topology or starts one",
                    call -> call.getTargetOwner().isAssignableTo(Topology.class)
                            || call.getTargetOwner().isAssignableTo(StreamsBuilder.class)
                            || call.getTargetOwner().isEquivalentTo(KafkaStreams.class)))
            .because("the kit names every node and store, sets the dead letters and checks the settings");

    @ArchTest
    static final ArchRule onlyTheTableMakesTopics = noClasses()
            .that(not(resideInAPackage("io.prefstream.kit.topic..")))
            .should()
            .callConstructorWhere(
                    describe("makes a topic", call -> call.getTargetOwner().isEquivalentTo(Topic.class)))
            .because("a topic is one row of Topics, made once and named nowhere else");

    @ArchTest
    static final ArchRule processorsKnowNoFileAndNoNetwork = noClasses()
            .that()
            .resideInAnyPackage("io.prefstream..processor..", "io.prefstream..topology..")
            .should()
            .dependOnClassesThat(
                    resideInAnyPackage("java.net..", "java.nio.file..", "java.sql..", "org.apache.kafka.clients.."))
            .because("a slow call in a task ends its transaction; what calls out works beside the stream");

    @ArchTest
    static final ArchRule clientsHoldNoTopology = noClasses()
            .that()
            .resideInAPackage("io.prefstream..client..")
            .should()
            .dependOnClassesThat(resideInAnyPackage(
                    "org.apache.kafka.streams..", "io.prefstream..processor..", "io.prefstream..topology.."))
            .because("what calls out of the process is used by a stage and knows none");

    @ArchTest
    static final ArchRule stagesMeetOnlyInTopics = slices().matching("io.prefstream.(*)..")
            .namingSlices("module $1")
            .should()
            .beFreeOfCycles()
            .because("stages talk by topics; a module that needs its user cannot run apart");

    @ArchTest
    static final ArchRule packagesHaveOneDirection = slices().matching("io.prefstream.(**)")
            .should()
            .beFreeOfCycles()
            .because("of two packages, one is understood without the other");

    @ArchTest
    static final ArchRule namesSayWhatAClassDoes = noClasses()
            .should()
            .haveNameMatching(".*(Util|Utils|Helper|Helpers|Manager|Impl)")
            .because("such a name says nothing, and all sorts of things gather under it");

    @ArchTest
    static final ArchRule packagesSayWhatTheyHold = noClasses()
            .should()
            .resideInAnyPackage("..util..", "..common..", "..helper..", "..impl..", "..manager..")
            .because("a package is named after what it holds");

    @ArchTest
    static void everyPackageIsNullMarked(JavaClasses classes) {
        Set<String> unmarked = new TreeSet<>();
        for (JavaClass type : classes) {
            if (!type.getPackageName().equals("io.prefstream.wire")
                    && !type.getPackage().isAnnotatedWith(NullMarked.class)) {
                unmarked.add(type.getPackageName());
            }
        }

        assertThat(unmarked)
                .as("packages without @NullMarked in package-info.java, so that null is not checked there")
                .isEmpty();
    }

    @ArchTest
    static void everyModuleIsLookedAt(JavaClasses classes) {
        assertThat(classes.stream().map(type -> type.getPackageName().split("\\.", -1)[2]))
                .as("first packages below io.prefstream")
                .contains("core", "kit", "models", "llm", "ingest", "runner", "kittest", "wire");
    }
}
