#!/usr/bin/env python3
"""Reads what the conformance suite wrote, prints a line for each failure and a count, writes JUnit.

Only scenarios that the revision requires decide; the suite runs others beside them (extensions, scenarios
that came after the revision), whose failures are printed.

    summary.py REVISION FOLDER FILE     results of a revision: a folder for each scenario
    summary.py --merge FILE FILES…      several reports as one
"""

import json
import re
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

# Something that a server should do counts as something that it must.
BAD = {"FAILURE", "WARNING"}


SUITE = Path(__file__).parent / "node_modules/@modelcontextprotocol/conformance"


def required(revision):
    """The scenarios for servers that a revision requires, as the suite lists them."""
    text = (SUITE / f"requirements/{revision}.yaml").read_text()
    listed = re.search(r"^server:\n((?:[ #].*\n|\n)*)", text, re.MULTILINE)
    names = set(re.findall(r"^ +- ([\w-]+)", listed.group(1), re.MULTILINE)) if listed else set()
    if not names:
        sys.exit(f"the suite does not say which scenarios {revision} requires")
    return names


def scenarios(folder):
    """The name of each scenario that was run, and its checks."""
    for path in sorted(folder.rglob("checks.json")):
        name = re.sub(r"-\d{4}-\d{2}-\d{2}T.*$", "", path.parent.name).removeprefix("server-")
        yield name, json.loads(path.read_text())


def report(revision, folder, target):
    suite = ElementTree.Element("testsuite", name=f"mcp-conformance-{revision}")
    wanted = required(revision)
    missing = set(wanted)
    failed = 0
    for name, checks in scenarios(folder):
        wrong = [check for check in checks if check["status"] in BAD]
        # "server-initialize" and the like begin with what the folder's name begins with.
        scored = {name, f"server-{name}"} & wanted
        if not scored:
            if wrong:
                print(f"   not required: {name}: {len(wrong)} of {len(checks)} checks failed")
            continue
        missing -= scored
        case = ElementTree.SubElement(suite, "testcase", classname=revision, name=name)
        if wrong or not checks:
            failed += 1
            text = "\n".join(f"{check['id']}: {check['status']}: {check.get('errorMessage')}" for check in wrong)
            ElementTree.SubElement(case, "failure", message="the conformance suite").text = text or "no checks"
            print(f"   {name}: {text or 'no checks'}")
    for name in sorted(missing):
        failed += 1
        case = ElementTree.SubElement(suite, "testcase", classname=revision, name=name)
        ElementTree.SubElement(case, "failure", message="the conformance suite").text = "was not run"
        print(f"   {name}: was not run")
    count = len(suite)
    ElementTree.ElementTree(suite).write(target)
    print(f"   {revision}: {count - failed} of {count} scenarios passed")
    return 1 if failed or not count else 0


def merge(target, files):
    suites = ElementTree.Element("testsuites")
    suites.extend(ElementTree.parse(file).getroot() for file in files)
    ElementTree.ElementTree(suites).write(target)


if sys.argv[1] == "--merge":
    merge(sys.argv[2], sys.argv[3:])
else:
    sys.exit(report(sys.argv[1], Path(sys.argv[2]), sys.argv[3]))
