#!/usr/bin/env python3
"""Holds chat templates of models against transformers, byte for byte.

    chat_templates.py TEMPLATES WORK [CONVERSATIONS]

TEMPLATES is a folder of *.jinja, as they stand in model folders; none is shipped, for they belong to others. Renders 200
conversations of every shape through each with transformers, then through the Java renderer, in WORK, and prints a line a
template. Exit code 1 when a byte differs; the test's report then shows where. Needs: pip install transformers
"""
import os
import pathlib
import shutil
import subprocess
import sys

HOME = pathlib.Path(__file__).resolve().parent.parent
MAKE = HOME / "services/models/src/test/python/make_chat_fixtures.py"


def main():
    if len(sys.argv) not in (3, 4):
        sys.exit(__doc__)
    templates, work = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]).resolve()
    work.mkdir(parents=True, exist_ok=True)
    for old in work.glob("*.jinja"):
        old.unlink()
    for template in templates.glob("*.jinja"):
        shutil.copy(template, work)
    count = sys.argv[3] if len(sys.argv) == 4 else "200"
    subprocess.run([sys.executable, MAKE, work, "--conversations", count, "--texts", count, "--largest", "100000"], check=True)
    jdk = subprocess.run([HOME / "prefstream", "--print-jdk"], check=True, capture_output=True, text=True).stdout.strip()
    (work / "equal.tsv").unlink(missing_ok=True)
    tested = subprocess.run(
        ["mvn", "-q", "-B", "-Dfast", "-pl", "services/models", "-am", "-Dtest=RenderedByTransformersTest#rendersTemplatesOfModels*",
         "-Dsurefire.failIfNoSpecifiedTests=false", "test"],
        cwd=HOME, env={**os.environ, "JAVA_HOME": jdk, "PREFSTREAM_TEMPLATES": str(work)}, stdout=sys.stderr)
    print((work / "equal.tsv").read_text(encoding="utf-8"), end="")
    sys.exit(1 if tested.returncode else 0)


if __name__ == "__main__":
    main()
