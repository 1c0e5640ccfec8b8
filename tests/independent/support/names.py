"""Names that no other check uses."""

import uuid


def unique(prefix):
    return f"{prefix}-{uuid.uuid4().hex[:12]}"
