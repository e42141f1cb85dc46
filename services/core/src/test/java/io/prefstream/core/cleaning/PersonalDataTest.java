package io.prefstream.core.cleaning;

import static org.assertj.core.api.Assertions.assertThat;

import io.prefstream.core.cleaning.PersonalData.Kind;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PersonalDataTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Mail jane.roe+x@mail.uni-bonn.de now.     | Mail [EMAIL] now.                 | 2
            Call +49 (228) 73 55 01 or wait           | Call [PHONE] or wait              | 2
            Call (212) 736-5000.                      | Call [PHONE].                     | 2
            Call +442079460958!                       | Call [PHONE]!                     | 2
            Card 4539 1488 0343 6467, thanks          | Card [CARD], thanks               | 3
            Card 378734493671000 too                  | Card [CARD] too                   | 3
            to DE89 3704 0044 0532 0130 00 please     | to [IBAN] please                  | 3
            to GB82WEST12345698765432 please          | to [IBAN] please                  | 3
            SSN 536-22-8726.                          | SSN [SSN].                        | 3
            from 81.2.69.142 at noon                  | from [IP] at noon                 | 1
            get ftp://bob:hunter2@files.acme.io/x     | get ftp://[LOGIN]@files.acme.io/x | 3
            key AKIAQYLPMN5HFIQR7XYA in it            | key [KEY] in it                   | 3
            """)
    void findsAndReplaces(String text, String redacted, int score) {
        assertThat(PersonalData.redacted(text)).isEqualTo(redacted);
        assertThat(PersonalData.score(PersonalData.kinds(List.of(text)))).isEqualTo(score);
        assertThat(PersonalData.in(PersonalData.redacted(text))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "So 4539 1488 0343 6468 + 1 = 4539148803436469",
                "1234567890 / 12345 = 100004.5",
                "In 2019-04-12 and 12/04/2019, at 10:30:00, 1,000,000 people",
                "x = +12345678 and 2+3456789012",
                "version 1.2.3.4 on 127.0.0.1, 192.168.0.7 and 300.1.1.1",
                "jane@example.com, user@site.test, a@b, @Override",
                "call 555-123-4567 or (212) 555-0123, +1 (555) 555-5555 abroad",
                "your_email@gmail.com, support@yourcompany.com, https://username:password@host/",
                "ISBN 978-3-16-148410-0, order 123-45-6789",
                "pi = 3.14159265358979323846, 0.4539148803436467",
                "DE89370400440532013001 has wrong check digits",
                "sk-xxxxxxxxxxxxxxxxxxxxxxxx is a placeholder, as is your-api-key"
            })
    void leavesNumbersAndExamplesAlone(String text) {
        assertThat(PersonalData.in(text)).isEmpty();
    }

    @Test
    void keysOfManyLinesGoWhole() {
        String key = "-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA7bq\nZk9=\n-----END RSA PRIVATE KEY-----";

        assertThat(PersonalData.redacted("a " + key + " b")).isEqualTo("a [KEY] b");
        assertThat(PersonalData.kinds(List.of(key))).containsExactly(Kind.KEY);
    }

    @Test
    void luhnAcceptsOneCheckDigitInTenAndNoSingleWrongDigit() {
        Random random = new Random(4);
        for (int trial = 0; trial < 300; trial++) {
            StringBuilder digits = new StringBuilder();
            for (int i = 0; i < 15; i++) {
                digits.append(random.nextInt(10));
            }
            String valid = null;
            int accepted = 0;
            for (int check = 0; check < 10; check++) {
                if (PersonalData.luhn(digits.toString() + check)) {
                    accepted++;
                    valid = digits.toString() + check;
                }
            }
            assertThat(accepted).isEqualTo(1);
            StringBuilder wrong = new StringBuilder(valid);
            int at = random.nextInt(wrong.length());
            wrong.setCharAt(at, (char) ('0' + (wrong.charAt(at) - '0' + 1 + random.nextInt(9)) % 10));
            assertThat(PersonalData.luhn(wrong.toString())).isFalse();
        }
    }

    @Test
    void aLongTextTakesNoLongerThanItsLength() {
        String digits = "1 ".repeat(200_000);
        String at = "a@".repeat(200_000);

        assertThat(PersonalData.in(digits + at + "+1" + " 1".repeat(100_000))).isEmpty();
    }
}
