/** Published pairs as each trainer wants them: shapes of rows, and the files and commands that go with them. */
@NullMarked
package io.prefstream.export.view;

import org.jspecify.annotations.NullMarked;
