"""What moto and MiniStack are known not to do as AWS does: (backend, step) and what they do instead.

An entry whose step does work fails the checks, so that the table never grows stale. The embedded AWS has
no entries: what it does not do it refuses, and the checks of its services name that.
"""

MOTO = {
    "metrics: periods begin at multiples of their length": "they begin at StartTime",
    "metrics: percentiles": "500",
    "metrics: arithmetic": "an empty result",
    "metrics: a function that there is not": "accepted, with an empty result",
    "metrics: a value of three weeks ago": "accepted",
    "alarms: two of three values breach": "DatapointsToAlarm is kept and not heeded",
    "logs: terms": "exclusions are not known: nothing is found",
    "logs: one of several terms": "everything is found",
    "logs: JSON patterns": "everything is found",
    "logs: an event of three weeks ago": "the index of what was too old is one too low",
    "insights: filter": "not known, and no fields of JSON",
    "insights: stats": "not known, and no fields of JSON",
    "insights: parse": "not known, and no fields of JSON",
    "insights: the natural order of texts": "no fields of JSON",
    "insights: dedup": "not known, and no fields of JSON",
    "insights: a query that is wrong": "accepted",
    "bedrock: what a question finds": "500: no knowledge base can be made",
    "bedrock: what a filter leaves out": "500: no knowledge base can be made",
    "bedrock: a knowledge base that there is not": "404 without the code",
    "rds: a page that is too small": "accepted",
    "rds-data: a statement with a parameter": "no records",
    "sts: the caller": "a user of sts, where users are of iam",
}

MINISTACK = {
    "metrics: arithmetic": "an empty result",
    "metrics: a function that there is not": "accepted, with an empty result",
    "metrics: a value that is no number": "accepted",
    "metrics: a value of three weeks ago": "accepted",
    "alarms: three of three must breach": "one value is enough",
    "logs: one of several terms": "nothing is found",
    "logs: JSON patterns": "everything is found",
    "logs: events out of order": "accepted",
    "logs: an event of three weeks ago": "accepted",
    "insights: fields and limit": "the oldest events come first",
    "insights: filter": "no comparison of numbers, and no fields of JSON",
    "insights: stats": "ignored: the events come as they are",
    "insights: parse": "ignored: the events come as they are",
    "insights: the natural order of texts": "no fields of JSON",
    "insights: dedup": "ignored, and no fields of JSON",
    "insights: a query that is wrong": "accepted",
    "rds: a page that is too small": "accepted",
    "rds: a filter that there is not": "accepted",
    "rds-data: a statement with a parameter": "needs a database in a container",
}

KNOWN_GAPS = {
    (backend, step): instead
    for backend, gaps in (("moto", MOTO), ("ministack", MINISTACK))
    for step, instead in gaps.items()
}
