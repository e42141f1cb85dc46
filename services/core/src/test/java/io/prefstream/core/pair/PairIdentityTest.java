package io.prefstream.core.pair;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class PairIdentityTest {

    private static final List<Message> HI = List.of(new Message("user", "Hi"));

    @Test
    void pairIdsAreTheseForEver() {
        assertThat(PairIdentity.pairId(HI, "Hello!", "Go away."))
                .isEqualTo("2e2bc58ebf0c88aa9b39f9db7b2215beb215a86cdb6867ce75d016e0c66ca941");
        assertThat(PairIdentity.pairId(
                        List.of(new Message("system", "Be brief."), new Message("user", "Größe? 🙂")), "1 m", "2 m "))
                .isEqualTo("43c492134db06abedd93b29a7f63cc399bbf49a3f10f351b0157f96a51735570");
        assertThat(PairIdentity.pairId(List.of(), "a", "b"))
                .isEqualTo("8908226d8668bee08848d243560c35fd747800818e357f2da9a8043bb104dabe");
    }

    @Test
    void aMirroredPairHasAnotherPairIdAndTheSameMatchId() {
        assertThat(PairIdentity.pairId(HI, "Go away.", "Hello!"))
                .isNotEqualTo(PairIdentity.pairId(HI, "Hello!", "Go away."));
        assertThat(PairIdentity.matchId(HI, "Go away.", "Hello!"))
                .isEqualTo(PairIdentity.matchId(HI, "Hello!", "Go away."))
                .isEqualTo("7687bd2db41ed6237fef9ccf9cf48e15f81e18f60682f692f153f24143b75e0f");
    }

    @Test
    void lengthsKeepNeighbouringTextsApart() {
        assertThat(PairIdentity.pairId(HI, "ab", "c")).isNotEqualTo(PairIdentity.pairId(HI, "a", "bc"));
    }

    @Test
    void promptGroupIgnoresCaseBlanksAndLaterTurns() {
        var plain = List.of(new Message("user", "what is it?"));
        var wild = List.of(
                new Message("system", "s"), new Message("user", " What\n\tIS\u00a0 it? "), new Message("user", "more"));

        assertThat(PairIdentity.promptGroup(wild))
                .isEqualTo(PairIdentity.promptGroup(plain))
                .isEqualTo("71b1e0f40e3e7af4bd14d5544261c2975c746f37c32728cb622355fb36bf4826");
    }
}
