#!/usr/bin/env python3
"""Reads what the conformance suite wrote, prints a line for each failure and a count, writes JUnit.

    summary.py REVISION FOLDER FILE     results of a revision: a folder for each scenario
    summary.py --merge FILE FILES…      several reports as one
"""

import json
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

# Something that a server should do counts as something that it must.
BAD = {"FAILURE", "WARNING"}


def scenarios(folder):
    """The name of each scenario that counts, and its checks."""
    for path in sorted(folder.rglob("checks.json")):
        yield path.parent.name, json.loads(path.read_text())


def report(revision, folder, target):
    suite = ElementTree.Element("testsuite", name=f"mcp-conformance-{revision}")
    failed = 0
    for name, checks in scenarios(folder):
        case = ElementTree.SubElement(suite, "testcase", classname=revision, name=name)
        wrong = [check for check in checks if check["status"] in BAD]
        if wrong or not checks:
            failed += 1
            text = "\n".join(f"{check['id']}: {check['status']}: {check.get('errorMessage')}" for check in wrong)
            ElementTree.SubElement(case, "failure", message="the conformance suite").text = text or "no checks"
            print(f"   {name}: {text or 'no checks'}")
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
