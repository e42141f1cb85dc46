package io.prefstream.kit.stage;

import io.prefstream.wire.Pair;
import org.apache.avro.util.ClassSecurityValidator;
import org.apache.avro.util.ClassSecurityValidator.ClassSecurityPredicate;

/** Lets Avro make our record classes, and no others beyond its own defaults, whatever a schema names. */
public final class TrustedRecords {

    private static final String OURS = Pair.class.getPackageName();

    private TrustedRecords() {}

    /** Trusts our records, once a JVM. */
    public static synchronized void trust() {
        ClassSecurityPredicate before = ClassSecurityValidator.getGlobal();
        if (!(before instanceof Ours)) {
            ClassSecurityValidator.setGlobal(new Ours(before));
        }
    }

    private record Ours(ClassSecurityPredicate others) implements ClassSecurityPredicate {
        @Override
        public boolean isTrusted(Class<?> type) {
            return type.getPackageName().equals(OURS) || others.isTrusted(type);
        }
    }
}
